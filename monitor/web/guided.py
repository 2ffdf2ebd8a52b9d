"""An expression put together from plain words, for who does not want to write AND and OR."""

from __future__ import annotations

import re

OPERATORS = re.compile(r"AND|OR|NOT|NEAR(/\d+)?")
STEM = re.compile(r"[^\W_]+\*?")
"""What may stand without quotation marks."""


def compose(needed: str, some: str, never: str) -> str:
    """Of three lists parted by commas: what must all be there, of which one must, and what must
    not. Words beside each other stand together. Empty where nothing is to be looked for.

    >>> compose("Coton Green", "fire, evacuat*", "Coton Green Road")
    '"Coton Green" AND (fire OR evacuat*) NOT "Coton Green Road"'
    """
    wanted = _terms(needed)
    if either := _terms(some):
        wanted.append(_either(either))
    unwanted = _terms(never)
    if not wanted:
        return ""
    return " AND ".join(wanted) + (f" NOT {_either(unwanted)}" if unwanted else "")


def _either(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _terms(written: str) -> list[str]:
    entries = (" ".join(one.replace('"', " ").split()) for one in written.split(","))
    return [_term(one) for one in entries if one]


def _term(entry: str) -> str:
    is_plain = STEM.fullmatch(entry) and not OPERATORS.fullmatch(entry)
    return entry if is_plain else f'"{entry}"'
