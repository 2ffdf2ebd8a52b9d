"""How good the judgement was, and what another threshold would have done: counts, never text."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from alerts.routing import ALERT_FROM
from classifiers.severity import deciding, flagged
from classifiers.types import SEVERITIES, Assessment, Label
from config.policy import Policy, SeverityRule
from monitor.store.judged import JudgedMention
from monitor.store.views import Outcome

GRID = tuple(step / 20 for step in range(1, 20))
USEFUL: frozenset[Outcome] = frozenset({"watch", "escalate", "open_case"})
"""Decisions that say that the flag was worth a person's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a label flags from a threshold on, and what people decided on it."""

    threshold: float
    flagged: int
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
class Effect(Agreement):
    """One threshold of one label, over the same mentions."""

    is_set: bool
    """Whether it is the one of the policy in use."""
    alerted: int
    """Told at once, for whichever reason."""


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
    cases = _cases(judged, label, policy)
    in_use = policy.labels[label].threshold
    return tuple(
        _effect(cases, threshold, is_set=threshold == in_use)
        for threshold in sorted({*GRID, in_use})
    )


def agreement(judged: Sequence[JudgedMention], label: Label, policy: Policy) -> Agreement:
    """What the threshold that the policy sets flags, without asking who would be told."""
    threshold = policy.labels[label].threshold
    flagged = [one.outcome for one in judged if _probability(one.assessment, label) >= threshold]
    return Agreement(threshold=threshold, total=len(judged), **_outcomes(flagged))


def in_use(judged: Sequence[JudgedMention], label: Label, policy: Policy) -> Effect:
    """The effect of the threshold that the policy sets."""
    cases = _cases(judged, label, policy)
    return _effect(cases, policy.labels[label].threshold, is_set=True)


def _cases(judged: Sequence[JudgedMention], label: Label, policy: Policy) -> list[_Case]:
    lowest = min(GRID[0], policy.labels[label].threshold)
    telling = _Telling(policy.severity)
    return [_case(one, label, telling, lowest) for one in judged]


class _Telling:
    """Whether somebody is told at once. Asked of thousands of mentions that differ in little, so
    each kind is asked of the rules once."""

    def __init__(self, rules: Sequence[SeverityRule]) -> None:
        self._rules = rules
        self._steps = sorted({rule.when.at_least or 0.0 for rule in rules})
        self._grave = sorted({rule.when.grave_at_least or 0.0 for rule in rules})
        self._known: dict[Hashable, bool] = {}

    def __call__(self, assessment: Assessment, labels: Mapping[Label, float]) -> bool:
        """Were these the flagged labels with their probabilities."""
        kind = (
            frozenset((name, bisect(self._steps, labels[name])) for name in labels),
            assessment.pupil.level, assessment.allegation, assessment.immediate,
            assessment.incident, bisect(self._grave, assessment.gravity),
        )  # fmt: skip
        if kind not in self._known:
            rule = deciding(self._rules, assessment, labels)
            level = rule.level if rule else "none"
            self._known[kind] = SEVERITIES.index(level) >= SEVERITIES.index(ALERT_FROM)
        return self._known[kind]


def _case(one: JudgedMention, label: Label, is_told: _Telling, lowest: float) -> _Case:
    """`lowest` is the lowest threshold that is tried."""
    assessment = one.assessment
    probability = _probability(assessment, label)
    others = flagged(score for score in assessment.scores if score.label != label)
    unflagged = is_told(assessment, others)
    can_matter = not unflagged and probability >= lowest
    with_it = {**others, label: probability}
    return _Case(
        probability=probability,
        outcome=one.outcome,
        alerted_flagged=unflagged or (can_matter and is_told(assessment, with_it)),
        alerted_unflagged=unflagged,
    )


def _probability(assessment: Assessment, label: Label) -> float:
    """Negative where it was not judged."""
    own = (score.probability for score in assessment.scores if score.label == label)
    return next(own, -1.0)


def _effect(cases: Sequence[_Case], threshold: float, *, is_set: bool) -> Effect:
    flagged = [case for case in cases if case.probability >= threshold]
    return Effect(
        threshold=threshold,
        is_set=is_set,
        alerted=sum(
            case.alerted_flagged if case.probability >= threshold else case.alerted_unflagged
            for case in cases
        ),
        total=len(cases),
        **_outcomes([case.outcome for case in flagged]),
    )


def _outcomes(flagged: Sequence[Outcome | None]) -> dict[str, int]:
    """How many are flagged, and what became of them."""
    useful = sum(outcome in USEFUL for outcome in flagged)
    decided = sum(outcome is not None for outcome in flagged)
    return {"flagged": len(flagged), "useful": useful, "dismissed": decided - useful}
