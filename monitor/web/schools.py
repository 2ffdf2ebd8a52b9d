"""The schools a mention may be about, by name, certain ones first."""

from __future__ import annotations

from dataclasses import dataclass

from alerts import words
from classifiers.types import Assessment, Reason
from config.trust import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolView:
    school_id: str
    name: str
    is_certain: bool
    probability: float
    reasons: tuple[Reason, ...]
    """Weightiest first."""


def school_views(assessment: Assessment, trust: Trust) -> tuple[SchoolView, ...]:
    views = (
        SchoolView(
            school_id=link.school_id,
            name=words.school_name(link.school_id, trust),
            is_certain=link.certainty == "certain",
            probability=link.score,
            reasons=tuple(sorted(link.reasons, key=lambda reason: -abs(reason.weight))),
        )
        for link in assessment.schools
    )
    return tuple(sorted(views, key=lambda view: (not view.is_certain, -view.probability)))
