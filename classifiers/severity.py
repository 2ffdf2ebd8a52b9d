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
        if (
            _labels_hold(rule.when, scores)
            and (not rule.when.pupil or pupil_level in rule.when.pupil)
            and (not rule.when.allegation or allegation in rule.when.allegation)
            and rule.when.immediate in (None, immediate)
        ):
            return rule
    return None


def _labels_hold(condition: Condition, scores: Sequence[LabelScore]) -> bool:
    """A named label must be flagged, and reach `at_least` where that is given."""
    if not condition.any_label:
        return True
    return any(
        score.flagged and score.probability >= (condition.at_least or 0.0)
        for score in scores
        if score.label in condition.any_label
    )
