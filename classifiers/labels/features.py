"""What the linear heads see of a text: four blocks of named features.

`w` words and pairs of words; `c` the characters of each word; `x` roles: pairs of roles in one
sentence, words beside a group's name or "you", negated and quoted words; `e` words again, whose
weights come from vectors of what words stand beside. Each feature keeps the
tokens it came from, so that its weight can be shown in the reader's own words.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifiers.labels.cues import roles
from classifiers.labels.identity_mask import PLURAL, SINGLE, mask
from classifiers.labels.name_mask import without_names
from classifiers.labels.school_mask import without_schools
from classifiers.labels.tokens import Token, tokens

BITS = 19
MAIN = 1 << BITS
VECTOR_BITS = 18
BUCKETS = MAIN + (1 << VECTOR_BITS)
"""Places of the blocks `w`, `c`, `x`, and after them those of `e`."""
BLOCKS: Mapping[str, float] = {"w": 2.0, "c": 1.0, "x": 0.3, "e": 1.0}
"""The blocks and the length that each is scaled to: what a text says in words tells more than the
roles in it do (0.010 of the AUC on posts of hands left out)."""
_ENDS = frozenset({".", ".+", "!", "!+", "?", "?+", "\n", "…"})
_GROUPS = (PLURAL, SINGLE)
_ROLE_REACH = 8
"""Roles are paired with the next so many role-bearing words of the sentence."""

Feature = tuple[str, int, int]
"""Block letter, colon, name; first and last token."""


def read(text: str) -> list[Token]:
    return mask(without_names(tokens(without_schools(text))))


def features(found: list[Token]) -> Iterator[Feature]:
    """Every feature of the tokens, repeats included."""
    norms = [token.norm for token in found]
    for at, norm in enumerate(norms):
        yield "w:" + norm, at, at
        yield "e:" + norm, at, at
        if norm not in _GROUPS:
            yield "c:" + norm, at, at
        if at:
            yield f"w:{norms[at - 1]} {norm}", at - 1, at
        if at > 1 and norm not in _ENDS:
            yield f"w:{norms[at - 2]} {norms[at - 1]} {norm}", at - 2, at
    if sum(token.shouted for token in found) > 3:
        yield "x:shouting", 0, 0
    first = 0
    for at, norm in enumerate([*norms, "."]):
        if norm in _ENDS:
            yield from _sentence(norms, first, at)
            first = at + 1
    yield from _quoted(norms)


def _sentence(norms: list[str], first: int, end: int) -> Iterator[Feature]:
    known = roles()
    playing: list[tuple[str, int]] = []
    negated_at = -9
    for at in range(first, end):
        norm = norms[at]
        names = ("group",) if norm in _GROUPS else known.get(norm, ())
        playing.extend((name, at) for name in names)
        if "no" in names:
            negated_at = at
        elif at - negated_at <= 3:
            yield "x:not " + norm, negated_at, at
        if norm in _GROUPS or "you" in names:
            yield from _beside("g" if norm in _GROUPS else "y", norms, at, first, end)
    yield from _pairs(playing, asked=end < len(norms) and norms[end].startswith("?"))


def _pairs(playing: list[tuple[str, int]], *, asked: bool) -> Iterator[Feature]:
    for index, (name, at) in enumerate(playing):
        yield "x:" + name, at, at
        if asked:
            yield f"x:{name}?", at, at
        for later, where in playing[index + 1 : index + 1 + _ROLE_REACH]:
            if where > at:
                yield f"x:{name}>{later}", at, where


def _beside(kind: str, norms: list[str], at: int, first: int, end: int) -> Iterator[Feature]:
    for step in range(1, 5):
        if at - step >= first:
            yield f"x:{norms[at - step]}<{kind}", at - step, at
        if at + step < end:
            yield f"x:{kind}>{norms[at + step]}", at, at + step


def _quoted(norms: list[str]) -> Iterator[Feature]:
    inside = False
    if norms.count('"') < 2:
        return
    known = roles()
    for at, norm in enumerate(norms):
        if norm == '"':
            inside = not inside
        elif inside:
            yield "x:q " + norm, at, at
            for name in known.get(norm, ()):
                yield f"x:q>{name}", at, at


def _hash(name: str, bits: int = BITS) -> int:
    return (zlib.crc32(name.encode("utf-8", "replace")) * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - bits)


@lru_cache(maxsize=100_000)
def _grams(word: str) -> NDArray[np.int32]:
    padded = f"<{word}>"
    grams = {
        padded[start : start + size]
        for size in (3, 4, 5)
        for start in range(len(padded) - size + 1)
    }
    return np.fromiter((_hash("c" + gram) for gram in sorted(grams)), np.int32)


def buckets(name: str) -> NDArray[np.int32]:
    """The hashed places of one named feature: several for the characters of a word."""
    if name.startswith("c:"):
        return _grams(name[2:])
    if name.startswith("e:"):
        return np.array([MAIN + _hash(name, VECTOR_BITS)], np.int32)
    return np.array([_hash(name)], np.int32)
