"""Severity follows from the policy's rules, the first that holds; and how well ours do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.bench.severity import figures, posts
from classifiers.incident import incident
from classifiers.pipeline import Classifier
from classifiers.severity import deciding_rule, severity
from classifiers.types import Assessment, Incident, Label, LabelScore, PupilGrade
from config.policy import Condition, SeverityRule

RULES = (
    SeverityRule(
        level="critical", when=Condition(any_label=("threat",), immediate=True), because="now"
    ),
    SeverityRule(level="critical", when=Condition(incident=("harm",)), because="hurt"),
    SeverityRule(level="high", when=Condition(any_label=("threat",), at_least=0.8), because="sure"),
    SeverityRule(level="high", when=Condition(allegation=("staff", "head")), because="child"),
    SeverityRule(
        level="high", when=Condition(any_label=("hate",), grave_at_least=0.6), because="grave"
    ),
    SeverityRule(level="medium", when=Condition(pupil=("direct",)), because="pupil"),
    SeverityRule(level="low", when=Condition(any_label=("threat", "hate")), because="any"),
)


def score(label: Label, probability: float) -> LabelScore:
    return LabelScore(label=label, probability=probability, threshold=0.5)


def test_nothing_found_is_none() -> None:
    assert severity(RULES, Assessment(immediate=True)) == "none"


def test_the_first_rule_that_holds_decides() -> None:
    found = Assessment(
        scores=(score("threat", 0.9),),
        pupil=PupilGrade(level="direct"),
        allegation="staff",
        immediate=True,
    )
    assert deciding_rule(RULES, found) is RULES[0]


def test_a_label_below_its_threshold_holds_no_rule() -> None:
    unsure = Assessment(scores=(score("threat", 0.4),), immediate=True)
    assert severity(RULES, unsure) == "none"


def test_at_least_asks_for_more_than_the_threshold() -> None:
    for probability, level in ((0.7, "low"), (0.85, "high")):
        found = Assessment(scores=(score("threat", probability),))
        assert severity(RULES, found) == level


def test_a_second_reading_holds_back_what_it_takes_for_ordinary_talk() -> None:
    hateful = Assessment(scores=(score("hate", 0.9),), gravity=0.7)
    assert severity(RULES, hateful) == "high"
    assert severity(RULES, replace(hateful, gravity=0.5)) == "low"
    never_asked = Assessment(scores=(score("hate", 0.9),))
    assert severity(RULES, never_asked) == "high"


def test_incidents_allegations_and_pupils_count_without_any_label() -> None:
    assert severity(RULES, Assessment(incident="harm")) == "critical"
    assert severity(RULES, Assessment(incident="scandal")) == "none"
    assert severity(RULES, Assessment(allegation="staff")) == "high"
    assert severity(RULES, Assessment(pupil=PupilGrade(level="direct"))) == "medium"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A pupil is in hospital after a fall at Two Streams High", "harm"),
        ("Nursery child found alone on the dual carriageway", "harm"),
        ("There is a lad with a knife at the school gates", "harm"),
        ("The school's finance director is due in court", "scandal"),
        ("Every pupil's medical records were leaked by the trust", "scandal"),
        ("Pupils sang carols in hospital wards", "none"),
        ("The head went to hospital to read to the children in a play", "none"),
        ("First aid training: what to do when a child collapses in class", "none"),
        ("A man died on the motorway", "none"),
        ("Fire in the school kitchen, nobody hurt", "none"),
        ("Mock trial: the court heard from Year 9 pupils", "none"),
    ],
)
def test_an_incident_is_somebody_hurt_or_a_scandal_and_not_a_lesson(
    text: str, expected: Incident
) -> None:
    assert incident(text) == expected


def test_grave_posts_are_graded_grave_and_others_are_not(classifier: Classifier) -> None:
    found = figures(classifier, posts())
    assert found["recall"] >= RECALL
    assert found["precision"] >= PRECISION


RECALL, PRECISION = 0.79, 0.92
