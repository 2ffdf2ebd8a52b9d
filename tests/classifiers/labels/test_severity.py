"""Severity follows from the policy's rules, the first that holds."""

from __future__ import annotations

from classifiers.severity import deciding_rule, severity
from classifiers.types import Label, LabelScore
from config.settings import Condition, SeverityRule

RULES = (
    SeverityRule(
        level="critical", when=Condition(any_label=("threat",), immediate=True), because="now"
    ),
    SeverityRule(level="high", when=Condition(any_label=("threat",), at_least=0.8), because="sure"),
    SeverityRule(level="high", when=Condition(allegation=("staff", "head")), because="child"),
    SeverityRule(level="medium", when=Condition(pupil=("direct",)), because="pupil"),
    SeverityRule(level="low", when=Condition(any_label=("threat", "hate")), because="any"),
)


def score(label: Label, probability: float) -> LabelScore:
    return LabelScore(label=label, probability=probability, threshold=0.5)


def test_nothing_found_is_none() -> None:
    assert severity(
        RULES, scores=(), pupil_level="none", allegation="none", immediate=True
    ) == "none"  # fmt: skip


def test_the_first_rule_that_holds_decides() -> None:
    threat = (score("threat", 0.9),)
    found = deciding_rule(
        RULES, scores=threat, pupil_level="direct", allegation="staff", immediate=True
    )
    assert found is RULES[0]


def test_a_label_below_its_threshold_holds_no_rule() -> None:
    unsure = (score("threat", 0.4),)
    assert severity(
        RULES, scores=unsure, pupil_level="none", allegation="none", immediate=True
    ) == "none"  # fmt: skip


def test_at_least_asks_for_more_than_the_threshold() -> None:
    for probability, level in ((0.7, "low"), (0.85, "high")):
        found = severity(
            RULES,
            scores=(score("threat", probability),),
            pupil_level="none",
            allegation="none",
            immediate=False,
        )
        assert found == level


def test_allegations_and_pupils_count_without_any_label() -> None:
    for allegation, pupil, level in (("staff", "none", "high"), ("none", "direct", "medium")):
        found = severity(
            RULES,
            scores=(),
            pupil_level=pupil,  # type: ignore[arg-type]  # literals in a loop
            allegation=allegation,  # type: ignore[arg-type]  # literals in a loop
            immediate=False,
        )
        assert found == level
