"""What a silence covers, and what the closure of a school explains. Nothing critical is ever
silenced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.types import Assessment, Label

_BETWEEN = re.compile(r"[\W_]+")
REPUTATION: frozenset[Label] = frozenset({"reputation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a silence names; every part that is given must hold."""

    school_id: str | None = None
    label: Label | None = None
    phrase: str | None = None
    """Words that stand in the post one after the other, case and punctuation aside; any of
    several, parted by commas."""
    story_id: int | None = None
    closure: bool = False
    """The school, or every school, is shut: only what says no more than that."""

    @property
    def is_empty(self) -> bool:
        named = (self.school_id, self.label, self.phrase, self.story_id, self.closure)
        return not any(named)


def covers(
    scope: Scope,
    assessment: Assessment,
    text: str,
    story_id: int,
    closed: Sequence[str] = (),
) -> bool:
    """True when nobody is to be told at once of such a post; `closed` are the words by which a post
    says that a school is shut.

    A school's silence covers posts about that school alone, a label's those with no other flag.
    """
    if assessment.severity == "critical" or scope.is_empty:
        return False
    if scope.closure and not _tells_of_closure(assessment, text, closed):
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


def _tells_of_closure(assessment: Assessment, text: str, closed: Sequence[str]) -> bool:
    """And of nothing graver: no pupil, no incident, no harm."""
    is_plain = (
        REPUTATION.issuperset(assessment.flags)
        and assessment.incident == "none"
        and assessment.allegation == "none"
        and assessment.pupil.level in ("none", "class")
    )
    return is_plain and _says(text, ",".join(closed))


def _says(text: str, phrases: str) -> bool:
    folded = _words(text)
    return any(_words(phrase) in folded for phrase in phrases.split(",") if _words(phrase).strip())


def _words(text: str) -> str:
    return f" {_BETWEEN.sub(' ', text.casefold()).strip()} "
