"""The rules of the house, over whatever may be found and whoever sits where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import routing, seats
from alerts.routing import notices
from alerts.types import Notice, Role
from classifiers.types import (
    LABELS,
    PUPIL_LEVELS,
    SEVERITIES,
    Allegation,
    Assessment,
    LabelScore,
    PupilGrade,
    SchoolLink,
)
from config.policy import Policy
from config.trust import Trust

WithContacts = Callable[..., Trust]
PR = "pr@harrowmere.example"
CERTAINTIES = st.dictionaries(
    st.sampled_from(["ferncliffe", "aldergate", "withy-lane", "harrowmere", "unknown"]),
    st.sampled_from(["certain", "possible"]),
)
ADDRESSES = st.sampled_from(["", " ", *(f"person{number}@x.example" for number in range(6))])


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    links = draw(CERTAINTIES)
    return Assessment(
        schools=tuple(
            SchoolLink(school_id=one, certainty=sure, score=0.8)  # type: ignore[arg-type]  # drawn
            for one, sure in links.items()
        ),
        scores=tuple(
            LabelScore(label=label, probability=draw(st.floats(0, 1)), threshold=0.5)
            for label in LABELS
        ),
        pupil=PupilGrade(level=draw(st.sampled_from(PUPIL_LEVELS))),
        allegation=draw(st.sampled_from(get_args(Allegation))),
        immediate=draw(st.booleans()),
        severity=draw(st.sampled_from(SEVERITIES)),
    )


@st.composite
def seatings(draw: st.DrawFn) -> dict[str, Any]:
    """Addresses for every seat; several seats may share one person."""
    schools = ("ferncliffe", "aldergate", "withy-lane")
    of_school = ("headteacher", "safeguarding_lead", "deputy_safeguarding_lead")
    own: dict[str, Any] = {role: draw(ADDRESSES) for role in ("executive", "chair", "it")}
    own["safeguarding_lead"] = draw(ADDRESSES)
    return own | {one: {role: draw(ADDRESSES) for role in of_school} for one in schools}


PROPERTY = settings(
    max_examples=300,
)


@PROPERTY
@given(assessment=assessments(), seating=seatings(), with_routes=st.booleans())
def test_whatever_is_found_the_rules_of_the_house_hold(
    assessment: Assessment,
    seating: dict[str, Any],
    with_routes: bool,
    with_contacts: WithContacts,
    policy: Policy,
    bare_policy: Policy,
) -> None:
    trust = with_contacts(**seating)
    found = notices(7, 3, assessment, trust, policy if with_routes else bare_policy)
    by_address = {one.recipient.casefold(): one for one in found}
    assert len(by_address) == len(found)
    assert all(one.recipient.strip() and one.why and one.clauses for one in found)
    if assessment.severity in ("high", "critical"):
        assert PR in by_address
    if found:
        assert PR in by_address
        _pr_comes_after_first_duties(assessment, found)
        _schools_are_certain(assessment, found)
    if routing.is_withheld(assessment):
        assert {one.disclosure for one in found} <= {"link_only"}
    if assessment.allegation == "head":
        assert seats.heads(assessment, trust).isdisjoint(by_address)


def _pr_comes_after_first_duties(assessment: Assessment, found: tuple[Notice, ...]) -> None:
    (pr,) = (one for one in found if one.recipient == PR)
    first: frozenset[Role] = routing.first_told(assessment)
    leads = [one for one in found if one.role in first]
    assert all(one.order < pr.order for one in leads)
    assert [one.order for one in found] == sorted(one.order for one in found)


def _schools_are_certain(assessment: Assessment, found: tuple[Notice, ...]) -> None:
    certain = {one.school_id for one in assessment.schools if one.certainty == "certain"}
    assert {one.school_id for one in found if one.school_id} <= certain
