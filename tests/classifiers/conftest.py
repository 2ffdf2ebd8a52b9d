"""An invented trust, and the national lists as shipped."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers.labels.model import LabelModel
from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from classifiers.pipeline import Classifier, build
from classifiers.pupil.names import NameLists
from classifiers.pupil.recognise import grade
from classifiers.types import PupilGrade
from config.loading import load
from config.national import every_surname, first_names, surnames, world_first_names
from config.trust import School, SharedAlias, Trust

SETS = Path(__file__).parent / "sets"


@pytest.fixture(scope="session")
def invented_trust() -> Trust:
    given = json.loads((SETS / "trust.json").read_text("utf-8"))
    trust = {key: value for key, value in given["trust"].items() if key != "note"}
    both = ("two-streams-primary", "two-streams-high")
    return Trust(
        **trust,
        schools=tuple(School(**school) for school in given["schools"]),
        shared_aliases=(SharedAlias(alias="Two Streams School", schools=both),),
        decoys=tuple(school["name"] for school in given["neighbours_not_in_trust"]),
    )


@pytest.fixture(scope="session")
def model() -> LabelModel:
    return LabelModel.load()


@pytest.fixture(scope="session")
def classifier(invented_trust: Trust) -> Classifier:
    """The shipped one, under the shipped policy."""
    return build(invented_trust, load(environ={}).policy)


@pytest.fixture(scope="session")
def matcher(invented_trust: Trust) -> Matcher:
    return Matcher(invented_trust, england(), Names(first_names(), surnames()))


@pytest.fixture(scope="session")
def name_lists() -> NameLists:
    return NameLists(first_names(), every_surname(), world_first_names())


@pytest.fixture(scope="session")
def graded(matcher: Matcher, name_lists: NameLists) -> Callable[[str], PupilGrade]:
    """The pupil grade of a text, with the invented trust's schools known."""

    def judge(text: str) -> PupilGrade:
        found = matcher.match(text)
        return grade(text, name_lists, found.links, found.spans)

    return judge
