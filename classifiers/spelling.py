"""Slips of the pen: how far one word is from another."""

from __future__ import annotations

from collections.abc import Collection
from string import ascii_lowercase


def is_one_edit(one: str, other: str) -> bool:
    """One letter added, dropped or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, wanted = one[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped == wanted


def is_slip_of(word: str, known: Collection[str]) -> bool:
    """Whether one letter added, dropped or changed, or two swapped, make the word a known one."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        tried = [before + after[1:], before + after[1:2] + after[:1] + after[2:]]
        tried += [before + letter + after for letter in ascii_lowercase]
        tried += [before + letter + after[1:] for letter in ascii_lowercase]
        if any(one in known for one in tried if one != word):
            return True
    return False
