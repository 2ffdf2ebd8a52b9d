"""What a silence covers. Nothing critical is ever silenced."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifiers.types import Assessment, Label

_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a silence names; every part that is given must hold."""

    school_id: str | None = None
    label: Label | None = None
    phrase: str | None = None
    """Words that stand in the post one after the other, case and punctuation aside; any of
    several, parted by commas."""
    story_id: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.school_id or self.label or self.phrase or self.story_id)


def covers(scope: Scope, assessment: Assessment, text: str, story_id: int) -> bool:
    """True when nobody is to be told at once of such a post.

    A school's silence covers posts about that school alone, a label's those with no other flag.
    """
    if assessment.severity == "critical" or scope.is_empty:
        return False
    return (
        (scope.story_id is None or scope.story_id == story_id)
        and (
            not scope.school_id
            or {one.school_id for one in assessment.schools} == {scope.school_id}
        )
        and (not scope.label or set(assessment.flags) == {scope.label})
        and (not scope.phrase or _says(text, scope.phrase))
    )


def _says(text: str, phrases: str) -> bool:
    folded = _words(text)
    return any(_words(phrase) in folded for phrase in phrases.split(",") if _words(phrase).strip())


def _words(text: str) -> str:
    return f" {_BETWEEN.sub(' ', text.casefold()).strip()} "
