"""Learning from verdicts: little from few, never against what a term means."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.learning.links import FOLDS, Verdict, refit
from classifiers.matching.weights import GRADED, faults, learnt, load
from classifiers.types import Reason

TERMS = sorted(load().terms)


def verdict(is_meant: bool, *terms: str) -> Verdict:
    reasons = tuple(
        Reason(name=term, weight=load().terms.get(term, 1.0), detail="3") for term in terms
    )
    return Verdict(reasons=reasons, is_meant=is_meant)


verdicts = st.lists(
    st.builds(
        lambda is_meant, terms: verdict(is_meant, *terms),
        st.booleans(),
        st.lists(st.sampled_from(TERMS), unique=True, max_size=6),
    ),
    min_size=FOLDS,
    max_size=40,
)


@settings(max_examples=15)
@given(found=verdicts)
def test_whatever_people_decide_no_term_changes_sides(found: list[Verdict]) -> None:
    start = load()
    for term, weight in refit(found, start).terms.items():
        assert weight * start.terms[term] > 0
    assert list(faults(refit(found, start).terms)) == []


def test_what_people_contradict_loses_weight_and_they_are_agreed_with_afterwards() -> None:
    park = ("name like a place's", "school word in the text", "its place")
    found = [verdict(False, *park), verdict(True, "name like a place's", "its own page")] * 40
    start, result = load(), refit(found, load())
    assert result.terms["school word in the text"] < start.terms["school word in the text"]
    assert result.terms["its place"] < start.terms["its place"]
    assert result.terms["its own page"] >= start.terms["its own page"]
    assert sum(result.terms[term] for term in park) < 0 < sum(start.terms[term] for term in park)
    assert result.after < result.before


def test_few_verdicts_move_little() -> None:
    park = ("name like a place's", "school word in the text")
    few = refit([verdict(False, *park)] * FOLDS, load()).terms
    many = refit([verdict(False, *park)] * FOLDS * 40, load()).terms
    for term in park:
        assert many[term] < few[term] < load().terms[term]
    assert few["its place"] == load().terms["its place"]


def test_a_term_of_an_older_model_is_passed_over() -> None:
    found = [verdict(True, "phrenology", "full name")] * FOLDS
    assert "phrenology" not in refit(found, load()).terms


def test_the_graded_term_counts_by_how_many_share_the_name() -> None:
    once = refit([verdict(False, "shared name", GRADED)] * FOLDS, load()).terms
    start = load().terms
    moved = {term: once[term] - start[term] for term in ("shared name", GRADED)}
    assert moved[GRADED] / moved["shared name"] == pytest.approx(math.log1p(3), rel=0.02)


def test_too_few_verdicts_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        refit([verdict(True)] * (FOLDS - 1), load())


def test_learnt_weights_lie_over_the_shipped_ones_and_say_so() -> None:
    weights = learnt({"its place": 1.0})
    assert weights.terms == {**load().terms, "its place": 1.0}
    assert "learnt" in weights.version
    assert learnt({}) == load()


@pytest.mark.parametrize(
    ("terms", "mend"),
    [
        ({"its plaice": 1.0}, 'Did you mean "its place"?'),
        ({"zzz": 1.0}, "Remove it"),
        ({"its place": -1.0}, "above zero"),
        ({"its place": 0.0}, "above zero"),
        ({"another faith": 2.0}, "below zero"),
    ],
)
def test_weights_that_cannot_be_meant_are_told(terms: dict[str, float], mend: str) -> None:
    (fault,) = faults(terms)
    assert fault.path == ("matching", next(iter(terms)))
    assert mend in fault.mend
