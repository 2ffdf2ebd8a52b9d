"""Where a slur stands in a text, disguised spellings included, so that it can be shown masked."""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.labels.tokens import tokens
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


def slurs(text: str) -> Iterator[Span]:
    """The span of each slur, its plural too, in order."""
    for token in tokens(text):
        if token.norm in _SLURS or token.norm.removesuffix("s") in _SLURS:
            yield Span(token.start, token.end)
