"""How good the judgement was, and what another threshold would have done: counts, never text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.routing import ALERT_FROM
from classifiers.severity import severity
from classifiers.types import SEVERITIES, Assessment, Label
from config.settings import Policy
from monitor.store.judged import JudgedMention
from monitor.store.views import Outcome

GRID = tuple(step / 20 for step in range(1, 20))
USEFUL: frozenset[Outcome] = frozenset({"watch", "escalate", "open_case"})
"""Decisions that say that the flag was worth a person's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One threshold of one label, over the same mentions."""

    threshold: float
    is_set: bool
    """Whether it is the one of the policy in use."""
    flagged: int
    """By this label."""
    alerted: int
    """Told at once, for whichever reason."""
    useful: int
    dismissed: int
    """Of the flagged ones, those decided either way; the rest waits or is only now flagged."""
    total: int

    @property
    def per_thousand(self) -> float:
        """Flags for each 1,000 mentions of us: the alert budget."""
        return 1000 * self.flagged / self.total if self.total else 0.0

    @property
    def precision(self) -> float | None:
        """The share of useful ones among those decided; None when nobody has decided."""
        decided = self.useful + self.dismissed
        return self.useful / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One mention as far as one label's threshold can matter to it."""

    probability: float
    outcome: Outcome | None
    alerted_flagged: bool
    alerted_unflagged: bool


def effects(judged: Sequence[JudgedMention], label: Label, policy: Policy) -> tuple[Effect, ...]:
    """What each threshold of the grid, and the one in use, makes of the judged mentions.

    Severity is decided anew by the rules in use; every other label keeps its flag.
    """
    cases = [_case(one, label, policy) for one in judged]
    in_use = policy.labels[label].threshold
    return tuple(
        _effect(cases, threshold, is_set=threshold == in_use)
        for threshold in sorted({*GRID, in_use})
    )


def in_use(judged: Sequence[JudgedMention], label: Label, policy: Policy) -> Effect:
    """The effect of the threshold that the policy sets."""
    cases = [_case(one, label, policy) for one in judged]
    return _effect(cases, policy.labels[label].threshold, is_set=True)


def _case(one: JudgedMention, label: Label, policy: Policy) -> _Case:
    assessment = one.assessment
    own = (score.probability for score in assessment.scores if score.label == label)
    probability = next(own, -1.0)
    flagged = _alerted(assessment, label, 0.0, policy)
    can_matter = flagged and probability >= 0
    return _Case(
        probability=probability,
        outcome=one.outcome,
        alerted_flagged=flagged,
        alerted_unflagged=_alerted(assessment, label, 1.1, policy) if can_matter else flagged,
    )


def _alerted(assessment: Assessment, label: Label, threshold: float, policy: Policy) -> bool:
    level = severity(
        policy.severity,
        scores=[
            replace(score, threshold=threshold) if score.label == label else score
            for score in assessment.scores
        ],
        pupil_level=assessment.pupil.level,
        allegation=assessment.allegation,
        immediate=assessment.immediate,
    )
    return SEVERITIES.index(level) >= SEVERITIES.index(ALERT_FROM)


def _effect(cases: Sequence[_Case], threshold: float, *, is_set: bool) -> Effect:
    flagged = [case for case in cases if case.probability >= threshold]
    return Effect(
        threshold=threshold,
        is_set=is_set,
        flagged=len(flagged),
        alerted=sum(
            case.alerted_flagged if case.probability >= threshold else case.alerted_unflagged
            for case in cases
        ),
        useful=sum(case.outcome in USEFUL for case in flagged),
        dismissed=sum(case.outcome is not None and case.outcome not in USEFUL for case in flagged),
        total=len(cases),
    )
