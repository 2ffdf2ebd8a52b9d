"""What a recogniser reports: one kind of clue at one place of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifiers.types import PupilSpanLabel

SignalKind = Literal[
    "FULL_NAME", "FIRST_NAME", "NICKNAME", "INITIALS", "SURNAME", "HANDLE", "YEAR", "FORM",
    "TEAM", "AGE", "KIN", "ROLE", "DESCRIPTOR", "CHILD", "SENSITIVE", "INCIDENT", "PHOTO", "UPN",
    "DOB", "PHONE", "EMAIL", "ADDRESS", "SCHOOL", "SCHOOL_LIFE",
]  # fmt: skip

SPAN_LABELS: dict[SignalKind, PupilSpanLabel] = {
    "FULL_NAME": "PUPIL_FULL",
    "FIRST_NAME": "PUPIL_FIRST",
    "NICKNAME": "PUPIL_NICK",
    "INITIALS": "PUPIL_INITIALS",
    "SURNAME": "PUPIL_SURNAME",
    "HANDLE": "PUPIL_HANDLE",
    "YEAR": "YEAR",
    "FORM": "FORM",
    "TEAM": "TEAM",
    "AGE": "AGE",
    "KIN": "KIN",
    "ROLE": "ROLE",
    "DESCRIPTOR": "DESCRIPTOR",
    "UPN": "UPN",
    "DOB": "DOB",
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "ADDRESS": "ADDRESS",
    "SCHOOL": "SCHOOL",
}
"""Kinds that are shown and masked; the others only count as evidence."""


@dataclass(frozen=True, slots=True)
class Signal:
    """`kind` seen at [start, end); `detail` never holds a name, only the kind of clue."""

    kind: SignalKind
    start: int
    end: int
    detail: str = ""
