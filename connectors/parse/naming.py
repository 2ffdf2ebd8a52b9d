"""Whether a post of a stream may name us: loosely, as what it lets through is matched again.

A stream brings everybody's posts and cannot be asked for a phrase, so this is the phrase search
that platforms make for us elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from connectors.parse.items import Item

_APART = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")


def folded(text: str) -> str:
    """In one case, words parted by single blanks and without apostrophes, a blank at each end:
    "St Wilgar's" and "St Wilgar\u2019s" are " st wilgars "."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    return f" {_APART.sub(' ', plain).strip()} ".casefold()


def names_of(terms: Iterable[str], tags: Iterable[str]) -> tuple[str, ...]:
    """Terms and the hashtags that people make of them, to look for in what is folded."""
    found = (folded(one) for one in (*terms, *tags))
    return tuple(dict.fromkeys(one for one in found if one.strip()))


def is_named(item: Item, names: Sequence[str]) -> bool:
    """Whether its words or those on its pictures hold one of the names whole."""
    said = folded("\n".join((item.title, item.text, *item.descriptions)))
    return any(name in said for name in names)
