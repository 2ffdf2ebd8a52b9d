"""Unique Pupil Numbers: a check letter and twelve digits (DfE, UPN guide; a temporary number
ends in a letter instead of its last digit)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_FORM = re.compile(
    r"(?<![A-Za-z0-9])([A-HJ-NP-RT-Z])[ -]?((?:\d[ -]?){11}[\dA-HJ-NP-RT-Z])(?![A-Za-z0-9])", re.I
)
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The alphabet without I, O and S: 23 letters."""

_LAST = _LETTERS + "0123456789"


def is_upn(number: str) -> bool:
    """Whether the check letter fits: digits times their positions (from 2), modulo 23.

    >>> is_upn("B801200005001")
    True
    """
    number = re.sub("[ -]", "", number).upper()
    if len(number) != 13 or number[0] not in _LETTERS:
        return False
    if not (number[1:12].isascii() and number[1:12].isdigit()) or number[12] not in _LAST:
        return False
    values = [int(digit) for digit in number[1:12]] + [_last_value(number[12])]
    total = sum(value * at for at, value in enumerate(values, 2))
    return _LETTERS[total % 23] == number[0]


def _last_value(char: str) -> int:
    """A digit counts as itself, the letter of a temporary number by its place."""
    return int(char) if char.isdigit() else _LETTERS.index(char)


def upns(post: Post) -> Iterator[Signal]:
    for match in _FORM.finditer(post.text):
        if is_upn(match[0]):
            yield Signal("UPN", match.start(), match.end())
