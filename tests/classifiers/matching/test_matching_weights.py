"""A term's sign is its meaning; learning may never turn it round."""

import json

import pytest

from classifiers.bench.matching import SETS, read_set
from classifiers.matching.weights import load
from classifiers.training.links import PRIOR, SHIPPED, fitted

AGAINST = (
    "each school sharing it", "former name", "joined spelling", "misspelt", "phase disagrees",
    "another kind of school", "another faith", "something else of that name", "a person's name",
    "houses, traffic or people", "place of a namesake", "said to be elsewhere",
    "another place in the text", "another place, for a shared name", "a second source place",
    "not written as a name",
)  # fmt: skip
FOR = (
    "school word next to it", "one goes there",
    "school word beside it", "school word in the text", "children beside it", "its place",
    "its postcode district", "its local authority", "a place of the Trust", "place of the source",
    "its own page", "page of another of our schools", "official source", "another of our schools",
    "the Trust is named", "phase agrees", "in a hashtag", "initials in capitals",
    "its place, but no school word",
)  # fmt: skip


@pytest.mark.parametrize("term", AGAINST)
def test_counter_evidence_speaks_against(term: str) -> None:
    assert load().terms[term] < 0


@pytest.mark.parametrize("term", FOR)
def test_evidence_speaks_for(term: str) -> None:
    assert load().terms[term] > 0


def test_certain_needs_more_than_possible() -> None:
    assert load().certain > load().possible


def test_the_shipped_weights_are_what_the_labelled_posts_teach() -> None:
    prior = json.loads(PRIOR.read_text("utf-8"))
    made = fitted(prior, read_set(SETS / "schools.jsonl", "dev"))
    assert made == json.loads(SHIPPED.read_text("utf-8"))
    assert made["log loss"]["cross-validated"] < made["log loss"]["before"]
