"""Who is told: the lines of design decision 7, one by one and as properties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts import explain, outlook
from alerts.duty import Duty
from alerts.routing import applies, is_told_at_once, notices, plan
from alerts.types import Notice
from classifiers.types import (
    Assessment,
    PupilGrade,
    Severity,
)
from config.loading import load
from config.policy import Condition, Policy
from config.trust import Trust
from connectors.types import Mention

Judged = Callable[..., Assessment]
WithContacts = Callable[..., Trust]
NAMED = PupilGrade(level="direct")
PR = "pr@harrowmere.example"
EXECUTIVE = "executive@harrowmere.example"
CHAIR = "chair@harrowmere.example"
TRUST_LEAD = "safeguarding@harrowmere.example"
HEAD, LEAD = "head@ferncliffe.example", "dsl@ferncliffe.example"


def told(
    assessment: Assessment, trust: Trust, policy: Policy, story_id: int = 3
) -> dict[str, Notice]:
    return {one.recipient: one for one in notices(7, story_id, assessment, trust, policy)}


@pytest.mark.parametrize(
    ("flags", "parts", "expected"),
    [
        ((("reputation",)), {}, {PR: 1}),
        ((("threat",)), {}, {PR: 1, HEAD: 1}),
        ((("threat",)), {"severity": "critical"}, {PR: 1, HEAD: 1, EXECUTIVE: 1}),
        ((("self_harm",)), {}, {LEAD: 0, PR: 2}),
        ((("sexual",)), {}, {LEAD: 0, PR: 2}),
        ((), {"pupil": NAMED}, {LEAD: 0, PR: 2}),
        ((), {"pupil": PupilGrade(level="indirect")}, {LEAD: 0, PR: 2}),
        ((), {"pupil": PupilGrade(level="class")}, {PR: 1}),
        ((), {"allegation": "staff"}, {HEAD: 0, PR: 1}),
        ((), {"allegation": "head"}, {CHAIR: 0, PR: 1}),
        (("sexual",), {"allegation": "head"}, {LEAD: 0, CHAIR: 0, PR: 2}),
        (("reputation",), {"severity": "medium"}, {}),
    ],
)
def test_the_right_people_are_told_in_the_right_order(
    flags: tuple[Any, ...],
    parts: dict[str, Any],
    expected: dict[str, int],
    judged: Judged,
    trust: Trust,
    policy: Policy,
) -> None:
    found = told(judged(*flags, **parts), trust, policy)
    assert {address: notice.order for address, notice in found.items()} == expected


@pytest.mark.parametrize(
    ("flags", "parts", "expected"),
    [
        ((("reputation",)), {}, {PR}),
        ((("self_harm",)), {}, {LEAD, PR}),
        ((), {"pupil": NAMED}, {LEAD, PR}),
        ((), {"allegation": "staff"}, {HEAD, PR}),
        ((), {"allegation": "head"}, {CHAIR, PR}),
    ],
)
def test_a_policy_file_that_calls_nobody_cannot_silence_the_rules_of_the_house(
    flags: tuple[Any, ...],
    parts: dict[str, Any],
    expected: set[str],
    judged: Judged,
    trust: Trust,
    bare_policy: Policy,
) -> None:
    assert set(told(judged(*flags, **parts), trust, bare_policy)) == expected


@pytest.mark.parametrize(
    ("flags", "parts", "disclosure"),
    [
        (("reputation",), {}, "masked_excerpt"),
        (("threat", "hate", "bullying"), {}, "masked_excerpt"),
        (("reputation", "self_harm"), {}, "link_only"),
        (("reputation", "sexual"), {}, "link_only"),
        (("reputation",), {"pupil": NAMED}, "link_only"),
        (("reputation",), {"pupil": PupilGrade(level="class")}, "masked_excerpt"),
        (("reputation",), {"allegation": "staff"}, "link_only"),
        (("reputation",), {"allegation": "head"}, "link_only"),
    ],
)
def test_welfare_goes_as_a_link_and_reputation_as_a_masked_excerpt(
    flags: tuple[Any, ...],
    parts: dict[str, Any],
    disclosure: str,
    judged: Judged,
    trust: Trust,
    policy: Policy,
) -> None:
    found = told(judged(*flags, **parts), trust, policy)
    assert {notice.disclosure for notice in found.values()} == {disclosure}


def test_the_strictest_of_two_routes_wins_for_one_person(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    strict = policy.routes[0].model_copy(update={"name": "strict", "disclosure": "link_only"})
    both = policy.model_copy(update={"routes": (*policy.routes, strict)})
    assert told(judged("reputation"), trust, both)[PR].disclosure == "link_only"


def test_the_head_is_never_told_of_what_may_be_about_them(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    same = with_contacts(ferncliffe={"safeguarding_lead": HEAD.upper()}, executive=HEAD)
    assessment = judged("sexual", "threat", allegation="head", severity="critical")
    found = plan(assessment, same, policy)
    assert HEAD not in {one.recipient.casefold() for one in found.told}
    assert {one.recipient for one in found.told} == {CHAIR, "deputy@ferncliffe.example", PR}
    assert any(one.role == "headteacher" for one in found.untold)
    assert all("head" in one.why for one in found.untold)


def test_a_head_whose_school_is_only_possible_is_not_told_either(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    same = with_contacts(chair="head@aldergate.example")
    assessment = judged(certain=(), possible=("aldergate",), allegation="head")
    assert set(told(assessment, same, policy)) == {EXECUTIVE, PR}


def test_no_head_is_told_when_the_text_names_no_school(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    same = with_contacts(chair="head@withy-lane.example")
    assessment = judged(certain=(), allegation="head")
    assert set(told(assessment, same, policy)) == {EXECUTIVE, PR}


def test_an_allegation_about_a_head_goes_up_where_there_is_no_chair(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    found = told(judged(allegation="head"), with_contacts(chair=""), policy)
    assert {address: one.order for address, one in found.items()} == {EXECUTIVE: 0, PR: 1}
    assert "in place of the chair" in found[EXECUTIVE].why


def test_an_allegation_about_staff_goes_up_where_no_school_is_certain(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    assessment = judged(certain=(), possible=("ferncliffe",), allegation="staff")
    found = told(assessment, trust, policy)
    assert {address: one.order for address, one in found.items()} == {EXECUTIVE: 0, PR: 1}


def test_a_school_that_is_only_possible_is_not_told_and_the_trust_is_told_so(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    assessment = judged("threat", "self_harm", certain=(), possible=("ferncliffe",))
    found = told(assessment, trust, policy)
    assert set(found) == {PR, TRUST_LEAD}
    assert all("Only possibly about Ferncliffe School" in one.why for one in found.values())


def test_each_certain_school_is_told_of_a_matter_that_names_both(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    found = told(judged("threat", certain=("ferncliffe", "aldergate")), trust, policy)
    assert set(found) == {PR, HEAD, "head@aldergate.example"}
    assert found["head@aldergate.example"].school_id == "aldergate"


@pytest.mark.parametrize(
    ("contacts", "expected", "words"),
    [
        (
            {"safeguarding_lead": ""},
            "deputy@ferncliffe.example",
            "The deputy safeguarding lead of Ferncliffe School is told.",
        ),
        (
            {"safeguarding_lead": " ", "deputy_safeguarding_lead": ""},
            TRUST_LEAD,
            "You are told in place of the school's safeguarding lead.",
        ),
    ],
)
def test_a_missing_safeguarding_lead_is_stood_in_for(
    contacts: dict[str, str],
    expected: str,
    words: str,
    judged: Judged,
    with_contacts: WithContacts,
    policy: Policy,
) -> None:
    found = told(judged("self_harm"), with_contacts(ferncliffe=contacts), policy)
    assert set(found) == {expected, PR}
    assert found[expected].order == 0
    assert words in found[expected].why


def test_a_blank_address_drops_that_role_alone(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    blank = with_contacts(ferncliffe={"headteacher": ""}, executive="  ")
    assessment = judged("threat", severity="critical")
    assert set(told(assessment, blank, policy)) == {PR}
    assert len(plan(assessment, blank, policy).untold) == 2


def test_a_trust_without_any_address_tells_nobody_and_does_not_fall_over(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    bare = trust.model_copy(
        update={
            "contacts": type(trust.contacts)(),
            "schools": tuple(
                one.model_copy(update={"contacts": type(one.contacts)()}) for one in trust.schools
            ),
        }
    )
    assert notices(7, 3, judged("self_harm", "threat", allegation="staff"), bare, policy) == ()


def test_one_person_in_two_seats_is_told_once(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    same = with_contacts(executive=PR.upper(), ferncliffe={"headteacher": PR})
    found = notices(7, 3, judged("threat", severity="critical"), same, policy)
    assert len(found) == 1
    assert "Executive Team" in found[0].why
    assert "headteacher" in found[0].why


def test_copies_of_a_story_tell_nobody_twice_and_a_graver_one_tells_again(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    first = {one.dedupe_key for one in notices(7, 3, judged("threat"), trust, policy)}
    copy = {one.dedupe_key for one in notices(8, 3, judged("threat"), trust, policy)}
    graver = judged("threat", severity="critical")
    again = {one.dedupe_key for one in notices(9, 3, graver, trust, policy)}
    other = {one.dedupe_key for one in notices(9, 4, judged("threat"), trust, policy)}
    assert first == copy
    assert first.isdisjoint(again | other)
    assert not any("@" in key for key in first)


def test_a_school_that_is_switched_off_has_nobody_to_tell(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    schools = (trust.schools[0].model_copy(update={"enabled": False}), *trust.schools[1:])
    off = trust.model_copy(update={"schools": schools})
    assert set(told(judged("threat"), off, policy)) == {PR}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"any_label": ["threat"]}, True),
        ({"any_label": ["hate"]}, False),
        ({"any_label": ["threat"], "at_least": 0.85}, True),
        ({"any_label": ["threat"], "at_least": 0.95}, False),
        ({"pupil": ["direct"]}, True),
        ({"pupil": ["none", "class"]}, False),
        ({"allegation": ["staff"]}, False),
        ({"immediate": True}, False),
        ({"immediate": False}, True),
        ({"any_label": ["threat"], "pupil": ["direct"], "immediate": False}, True),
        ({"any_label": ["threat"], "pupil": ["indirect"]}, False),
    ],
)
def test_a_condition_holds_when_every_given_part_does(
    condition: dict[str, Any], expected: bool, judged: Judged, policy: Policy
) -> None:
    when = (Condition.model_validate(condition),)
    route = policy.routes[0].model_copy(update={"min_severity": "none", "when": when})
    assert applies(route, judged("threat", pupil=NAMED)) is expected


def test_the_explanation_names_everybody_told_and_everybody_missing(
    judged: Judged, with_contacts: WithContacts, policy: Policy
) -> None:
    blank = with_contacts(ferncliffe={"headteacher": ""})
    assessment = judged("threat", "self_harm", possible=("aldergate",))
    assert explain.head(assessment, blank) == (
        "High: possible self-harm (Ferncliffe School, certain, 97%;"
        " Aldergate Primary School, only possible, 61%)"
    )
    lines = explained(assessment, blank, policy)
    assert lines[0].startswith(f"1. Safeguarding lead, Ferncliffe School <{LEAD}>, at once, by")
    assert "school, kind, clause and link only" in lines[0]
    assert lines[1].startswith(f"2. Head of PR & Communications <{PR}>, from")
    assert lines[2] == (
        "Not told: Headteacher, Ferncliffe School. No address is set at Ferncliffe School."
    )


def explained(assessment: Assessment, trust: Trust, policy: Policy) -> list[str]:
    duty = Duty(rota=load().rota, now=datetime(2026, 11, 23, 21, 20, tzinfo=UTC))
    return list(outlook.lines(outlook.outlook(assessment, trust, policy, duty), duty.now))


def test_the_explanation_of_a_quiet_mention_says_that_it_waits(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    calm = judged("reputation", severity="low", certain=())
    assert explain.head(calm, trust) == "Low: reputational matter (no school named)"
    assert explained(calm, trust, policy) == [
        "Nobody is told at once; it waits in the review queue."
    ]


def test_a_safeguarding_lead_whom_any_route_calls_is_told_before_pr(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    careless = policy.routes[0].model_copy(update={"tell": ("head_of_pr", "safeguarding_lead")})
    found = told(judged("bullying"), trust, policy.model_copy(update={"routes": (careless,)}))
    assert found[LEAD].order < found[PR].order


def test_nobody_overtakes_those_whom_a_route_names_before_them(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    chain = policy.routes[0].model_copy(update={"tell": ("executive", "head_of_pr")})
    both = policy.model_copy(update={"routes": (*policy.routes, chain)})
    found = told(judged("reputation"), trust, both)
    assert found[EXECUTIVE].order < found[PR].order


@pytest.mark.parametrize(
    ("days", "is_dated", "severity", "expected"),
    [
        (59, True, "high", True),
        (61, True, "high", False),
        (61, True, "critical", True),
        (61, False, "high", True),
    ],
)
def test_old_news_that_a_new_source_brings_is_not_told_at_once(
    judged: Judged, policy: Policy, days: int, is_dated: bool, severity: Severity, expected: bool
) -> None:
    now = datetime(2026, 11, 23, 21, 20, tzinfo=UTC)
    found = Mention(
        platform="web",
        external_id="1",
        url="",
        text="Ferncliffe is a disgrace",
        published_at=now - timedelta(days=days),
        published_known=is_dated,
        fetched_at=now,
    )
    assert is_told_at_once(found, judged("reputation", severity=severity), policy) is expected
