"""Severity from `policy.toml`: the first rule whose condition holds; none gives "none"."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.types import Assessment, LabelScore, Severity
from config.policy import Condition, SeverityRule


def severity(rules: Sequence[SeverityRule], assessment: Assessment) -> Severity:
    rule = deciding_rule(rules, assessment)
    return rule.level if rule else "none"


def deciding_rule(rules: Sequence[SeverityRule], assessment: Assessment) -> SeverityRule | None:
    """The rule that decides, for its `because`; None when no rule holds."""
    return next((rule for rule in rules if holds(rule.when, assessment)), None)


def holds(condition: Condition, assessment: Assessment) -> bool:
    """True when every given part of the condition holds; an empty condition always does."""
    return (
        _labels_hold(condition, assessment.scores)
        and (not condition.pupil or assessment.pupil.level in condition.pupil)
        and (not condition.allegation or assessment.allegation in condition.allegation)
        and condition.immediate in (None, assessment.immediate)
        and (not condition.incident or assessment.incident in condition.incident)
    )


def _labels_hold(condition: Condition, scores: Sequence[LabelScore]) -> bool:
    """A named label must be flagged, and reach `at_least` where that is given."""
    return not condition.any_label or any(
        score.flagged and score.probability >= (condition.at_least or 0.0)
        for score in scores
        if score.label in condition.any_label
    )
