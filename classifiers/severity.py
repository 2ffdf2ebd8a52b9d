"""Severity from `policy.toml`: the first rule whose condition holds; none gives "none"."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.types import Allegation, LabelScore, PupilLevel, Severity
from config.settings import Condition, SeverityRule


def severity(
    rules: Sequence[SeverityRule],
    *,
    scores: Sequence[LabelScore],
    pupil_level: PupilLevel,
    allegation: Allegation,
    immediate: bool,
) -> Severity:
    rule = deciding_rule(
        rules, scores=scores, pupil_level=pupil_level, allegation=allegation, immediate=immediate
    )
    return rule.level if rule else "none"


def deciding_rule(
    rules: Sequence[SeverityRule],
    *,
    scores: Sequence[LabelScore],
    pupil_level: PupilLevel,
    allegation: Allegation,
    immediate: bool,
) -> SeverityRule | None:
    """The rule that decides, for its `because`; None when no rule holds."""
    for rule in rules:
        if holds(
            rule.when,
            scores=scores,
            pupil_level=pupil_level,
            allegation=allegation,
            immediate=immediate,
        ):
            return rule
    return None


def holds(
    condition: Condition,
    *,
    scores: Sequence[LabelScore],
    pupil_level: PupilLevel,
    allegation: Allegation,
    immediate: bool,
) -> bool:
    """True when every given part of the condition holds; an empty condition always does."""
    return (
        _labels_hold(condition, scores)
        and (not condition.pupil or pupil_level in condition.pupil)
        and (not condition.allegation or allegation in condition.allegation)
        and condition.immediate in (None, immediate)
    )


def _labels_hold(condition: Condition, scores: Sequence[LabelScore]) -> bool:
    """A named label must be flagged, and reach `at_least` where that is given."""
    return not condition.any_label or any(
        score.flagged and score.probability >= (condition.at_least or 0.0)
        for score in scores
        if score.label in condition.any_label
    )
