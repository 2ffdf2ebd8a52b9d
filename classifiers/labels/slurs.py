"""Where a slur stands in a text, disguised spellings included, so that it can be shown masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from classifiers.labels.tokens import plain, tokens
from classifiers.text import MAX_JUDGED
from classifiers.types import Span

_SLURS = frozenset({
    "nigger", "nigga", "negro", "coon", "darkie", "darky", "wog", "paki", "chink", "chinky", "gook",
    "raghead", "towelhead", "sandnigger", "muzzie", "muzrat", "kaffir", "kike", "yid", "wetback",
    "beaner", "polack", "gyppo", "gippo", "pikey", "gypo", "faggot", "fag", "poof", "poofter",
    "batty", "battyman", "bumboy", "dyke", "lezza", "lezzer", "tranny", "trannie", "shemale",
    "troon", "spastic", "spaz", "spazz", "mong", "retard", "retarded", "tard", "cripple", "taig",
    "fenian",
})  # fmt: skip
"""Words that attack people for what they are and mean little else (Equality Act 2010 s. 4)."""

_SPACED = re.compile(r"(?<![\w'])[^\W\d_](?:[ .*\-][^\W\d_]){2}")


def slurs(text: str) -> Iterator[Span]:
    """The span of each slur, its plural too, in order."""
    if _may_hold(plain(text[:MAX_JUDGED])):
        yield from _found(text)


def _may_hold(text: str) -> bool:
    """Whether to look closely: no token but a spaced word reaches over a space."""
    return any(map(_is_held, text.split())) or _SPACED.search(text) is not None


@lru_cache(maxsize=50_000)
def _is_held(chunk: str) -> bool:
    return any(True for _ in _found(chunk))


def _found(text: str) -> Iterator[Span]:
    for token in tokens(text):
        if token.norm in _SLURS or token.norm.removesuffix("s") in _SLURS:
            yield Span(token.start, token.end)
