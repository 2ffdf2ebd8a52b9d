"""Tables of regular expressions kept as data (cues.toml, clues.toml), compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

_LITERAL = re.compile(r"[a-z](?![?*+{]|[^(]*\|(?![^(]*\)))")
"""Begins with a letter that is always there."""


class Entry(NamedTuple):
    """One table entry: its own keys, the expression its `words` and `any` make, and the cheaper
    one of `needs`, without which that need not be tried."""

    keys: Mapping[str, Any]
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        if self.needs is not None and not self.needs.search(text):
            return iter(())
        return self.pattern.finditer(text)


@cache
def read(file: str, table: str) -> tuple[Entry, ...]:
    """The entries of [[table]] in a file beside this module, in order."""
    text = resources.files("classifiers.pupil").joinpath(file).read_text("utf-8")
    given = tomllib.loads(text)
    lists = {name: by_first_letter(parts) for name, parts in given.get("words", {}).items()}
    return tuple(_entry(entry, lists) for entry in given[table])


def _entry(entry: Mapping[str, Any], lists: Mapping[str, str]) -> Entry:
    needs = entry.get("needs")
    pattern = re.compile(_expression(entry, lists))
    return Entry(entry, pattern, re.compile(needs) if needs else None)


def _expression(entry: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    parts = list(entry.get("any", ()))
    if words := entry.get("words"):
        parts.append(rf"\b(?:{by_first_letter(words)})\b")
    whole = "|".join(parts)
    for name, alternatives in lists.items():
        whole = whole.replace(f"{{{name}}}", alternatives)
    return whole


def by_first_letter(alternatives: Iterable[str]) -> str:
    """The same alternatives, those of one first letter together: three times as fast, as most
    places of a text are passed by a look at one letter."""
    groups: dict[str, list[str]] = {}
    for one in alternatives:
        letter = one[0] if _LITERAL.match(one) else ""
        groups.setdefault(letter, []).append(one[len(letter) :])
    return "|".join(
        f"{letter}(?:{'|'.join(rest)})" if letter else "|".join(rest)
        for letter, rest in groups.items()
    )
