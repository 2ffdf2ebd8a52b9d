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


def is_upn(number: str) -> bool:
    """Whether the check letter fits: digits times their positions (from 2), modulo 23.

    >>> is_upn("B801200005001")
    True
    """
    number = re.sub("[ -]", "", number).upper()
    if len(number) != 13 or number[0] not in _LETTERS:
        return False
    values = [_value(char) for char in number[1:]]
    if None in values[:-1] or values[-1] is None:
        return False
    total = sum(value * at for at, value in enumerate(values, 2) if value is not None)
    return _LETTERS[total % 23] == number[0]


def _value(char: str) -> int | None:
    if char.isascii() and char.isdigit():
        return int(char)
    return _LETTERS.index(char) if char in _LETTERS else None


def upns(post: Post) -> Iterator[Signal]:
    for match in _FORM.finditer(post.text):
        if is_upn(match[0]):
            yield Signal("UPN", match.start(), match.end())
