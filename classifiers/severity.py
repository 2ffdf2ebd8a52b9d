"""Severity from `policy.toml`: the first rule whose condition holds; none gives "none"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from classifiers.types import Assessment, Label, LabelScore, Severity
from config.policy import Condition, SeverityRule


def severity(rules: Sequence[SeverityRule], assessment: Assessment) -> Severity:
    rule = deciding_rule(rules, assessment)
    return rule.level if rule else "none"


def deciding_rule(rules: Sequence[SeverityRule], assessment: Assessment) -> SeverityRule | None:
    """The rule that decides, for its `because`; None when no rule holds."""
    return deciding(rules, assessment, flagged(assessment.scores))


def deciding(
    rules: Sequence[SeverityRule], assessment: Assessment, labels: Mapping[Label, float]
) -> SeverityRule | None:
    """The same, were these the flagged labels with their probabilities."""
    return next((rule for rule in rules if _holds(rule.when, assessment, labels)), None)


def flagged(scores: Iterable[LabelScore]) -> dict[Label, float]:
    """The probability of each label that is flagged."""
    return {one.label: one.probability for one in scores if one.probability >= one.threshold}


def holds(condition: Condition, assessment: Assessment) -> bool:
    """True when every given part of the condition holds; an empty condition always does."""
    return _holds(condition, assessment, flagged(assessment.scores))


def _holds(condition: Condition, assessment: Assessment, labels: Mapping[Label, float]) -> bool:
    return (
        _labels_hold(condition, labels)
        and (not condition.pupil or assessment.pupil.level in condition.pupil)
        and (not condition.allegation or assessment.allegation in condition.allegation)
        and condition.immediate in (None, assessment.immediate)
        and assessment.gravity >= (condition.grave_at_least or 0.0)
        and (not condition.incident or assessment.incident in condition.incident)
    )


def _labels_hold(condition: Condition, labels: Mapping[Label, float]) -> bool:
    """A named label must be flagged, and reach `at_least` where that is given."""
    if not condition.any_label:
        return True
    at_least = condition.at_least or 0.0
    return any(labels.get(name, -1.0) >= at_least for name in condition.any_label)
