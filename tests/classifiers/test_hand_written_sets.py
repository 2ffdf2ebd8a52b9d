"""The hand-written sets are a floor: a change that loses there is seen at once.

What is marked "unseen" is measured, and not read while rules are written.
"""

from collections.abc import Callable

import pytest

from classifiers.bench.matching import (
    SETS,
    links_of,
    pupil_figures,
    read_set,
    read_trust,
    school_figures,
)
from classifiers.bench.matching_peers import entity_ruler, plain_names
from classifiers.bench.origins import origin_figures
from classifiers.matching.matcher import Matcher
from classifiers.types import PUPIL_LEVELS, PupilGrade


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [("dev", 0.95, 0.94), ("unseen", 0.85, 0.91)]
)
def test_schools_are_found_and_no_other_is_taken_for_ours(
    matcher: Matcher, part: str, precision: float, recall: float
) -> None:
    figures = school_figures(read_set(SETS / "schools.jsonl", part), links_of(matcher))
    assert figures["precision"] >= precision
    assert figures["recall"] >= recall
    assert figures["too certain"] <= 2


@pytest.mark.parametrize(("part", "recall"), [("dev", 0.97), ("unseen", 0.9)])
def test_pupils_are_found_and_staff_left_alone(
    graded: Callable[[str], PupilGrade], part: str, recall: float
) -> None:
    figures = pupil_figures(read_set(SETS / "pupils.jsonl", part), graded)
    assert figures["direct or indirect"]["recall"] >= recall
    assert figures["direct or indirect"]["precision"] >= 0.9
    assert figures["adults taken for pupils"] <= 0.1


def test_evidence_finds_more_and_errs_less_than_lists_of_names(matcher: Matcher) -> None:
    rows, trust = read_set(SETS / "schools.jsonl"), read_trust(SETS)
    ours = school_figures(rows, links_of(matcher))
    for peer in (entity_ruler(trust), plain_names(trust, aliases=True)):
        theirs = school_figures(rows, peer)
        assert 0.5 < theirs["f1"] < ours["f1"] - 0.2
        assert theirs["too certain"] > 20


def test_a_pupil_is_found_whatever_the_names_origin_and_however_it_is_typed(
    graded: Callable[[str], PupilGrade],
) -> None:
    for way, figures in origin_figures(SETS / "origins.json", graded).items():
        assert figures["all"] >= 0.97, way
        assert figures["gap"] <= 0.11, way


def test_the_sets_are_well_formed() -> None:
    pupils, schools = read_set(SETS / "pupils.jsonl"), read_set(SETS / "schools.jsonl")
    assert {row["level"] for row in pupils} == set(PUPIL_LEVELS)
    assert len(pupils) >= 400
    assert len(schools) >= 400
    assert len({row["id"] for row in [*pupils, *schools]}) == len(pupils) + len(schools)
