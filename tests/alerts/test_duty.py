"""Who can be told now: quiet hours over midnight and clock changes, absences, holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.duty import Duty
from alerts.routing import plan
from classifiers.types import Assessment
from config.policy import Policy
from config.rota import Rota
from config.trust import Trust

Judged = Callable[..., Assessment]
HEAD, DEPUTY, SECOND = "head@ferncliffe.example", "deputy@ferncliffe.example", "second@x.example"
LEAD, TRUST_LEAD = "dsl@ferncliffe.example", "safeguarding@harrowmere.example"


def duty(now: datetime, **rota: Any) -> Duty:
    return Duty(rota=Rota.model_validate(rota), now=now)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "expected"),
    [
        ("2026-11-23 20:59", "21:00-07:00", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "21:00-07:00", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "21:00-07:00", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "21:00-07:00", "2026-11-24 07:00"),
        ("2026-07-01 20:30", "21:00-07:00", "2026-07-02 06:00"),  # summer time: 21:30 there
        ("2026-10-24 22:00", "21:00-07:00", "2026-10-25 07:00"),  # the night of 25 hours
        ("2026-03-28 22:00", "21:00-07:00", "2026-03-29 06:00"),  # the night of 23 hours
        ("2026-11-23 12:30", "12:00-13:00", "2026-11-23 13:00"),
        ("2026-11-23 23:00", "", "2026-11-23 23:00"),
    ],
)
def test_what_can_wait_waits_for_the_end_of_quiet_hours(
    now: str, hours: str, expected: str
) -> None:
    assert duty(at(now), quiet={"hours": hours}).not_before("a@x.example") == at(expected)


def test_a_quiet_weekend_ends_after_the_night_that_follows_it() -> None:
    saturday = at("2026-11-21 10:00")
    quiet = {"hours": "21:00-07:00", "weekends": True}
    assert duty(saturday, quiet=quiet).not_before("a@x.example") == at("2026-11-23 07:00")


def test_a_person_may_keep_hours_of_their_own() -> None:
    people = [{"who": HEAD, "quiet": "17:00-08:30"}]
    evening = duty(at("2026-11-23 18:00"), quiet={"hours": "21:00-07:00"}, people=people)
    assert evening.not_before(HEAD.upper()) == at("2026-11-24 08:30")
    assert evening.not_before("else@x.example") == at("2026-11-23 18:00")


@given(
    minutes=st.integers(0, 2 * 366 * 24 * 60),
    since=st.integers(2, 23),
    until=st.integers(2, 23),
    weekends=st.booleans(),
)
def test_nothing_waits_longer_than_a_weekend_and_never_until_a_quiet_moment(
    minutes: int, since: int, until: int, weekends: bool
) -> None:
    now = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    hours = "" if since == until else f"{since:02}:00-{until:02}:00"
    quiet = {"hours": hours, "weekends": weekends}
    moment = duty(now, quiet=quiet).not_before("a@x.example")
    assert now <= moment
    assert (moment - now).total_seconds() <= 4 * 86_400
    assert duty(moment, quiet=quiet).not_before("a@x.example") == moment


def test_who_is_away_is_replaced_by_their_deputy_who_reads_why(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    people = [
        {"who": HEAD, "deputy": DEPUTY, "away": [{"since": "2026-11-23", "until": "2026-11-27"}]}
    ]
    told = {
        one.recipient: one
        for one in plan(
            judged("threat"), trust, policy, duty(at("2026-11-23 12:00"), people=people)
        ).told
    }
    assert HEAD not in told
    assert "away until 27 November" in told[DEPUTY].why
    back = plan(judged("threat"), trust, policy, duty(at("2026-11-28 12:00"), people=people)).told
    assert HEAD in {one.recipient for one in back}


def test_deputies_who_are_away_as_well_are_passed_over_and_a_circle_leaves_the_first() -> None:
    away = [{"since": "2026-11-23", "until": "2026-11-27"}]
    longer = [{"since": "2026-11-20", "until": "2026-12-04"}]
    people = [
        {"who": HEAD, "deputy": DEPUTY, "away": away},
        {"who": DEPUTY, "deputy": SECOND, "away": longer},
    ]
    now = at("2026-11-23 12:00")
    assert duty(now, people=people).deputy(HEAD) == (SECOND, "4 December")
    circle = [people[0], {"who": DEPUTY, "deputy": HEAD, "away": longer}]
    assert duty(now, people=circle).deputy(HEAD) == (HEAD, "")
    assert duty(now, people=[{"who": HEAD, "away": away}]).deputy(HEAD) == (HEAD, "")


def test_the_head_whom_an_allegation_may_mean_is_not_told_as_somebodys_deputy(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    chair = "chair@harrowmere.example"
    people = [
        {"who": chair, "deputy": HEAD, "away": [{"since": "2026-11-23", "until": "2026-11-27"}]}
    ]
    now = duty(at("2026-11-23 12:00"), people=people)
    told = {one.recipient for one in plan(judged(allegation="head"), trust, policy, now).told}
    assert chair in told
    assert HEAD not in told


def test_in_school_holidays_the_trusts_safeguarding_lead_is_told_as_well(
    judged: Judged, trust: Trust, policy: Policy
) -> None:
    holidays = [{"name": "Christmas", "since": "2026-12-19", "until": "2027-01-03"}]
    within = duty(at("2026-12-20 12:00"), holidays=holidays)
    before = duty(at("2026-12-18 12:00"), holidays=holidays)
    told = {one.recipient: one for one in plan(judged("self_harm"), trust, policy, within).told}
    assert {LEAD, TRUST_LEAD} <= set(told)
    assert "Christmas" in told[TRUST_LEAD].why
    in_term = {one.recipient for one in plan(judged("self_harm"), trust, policy, before).told}
    assert TRUST_LEAD not in in_term


def test_danger_breaks_the_quiet(judged: Judged) -> None:
    night = duty(at("2026-11-23 23:00"), quiet={"broken_by": [{"any_label": ["self_harm"]}]})
    assert night.is_pressing(judged("self_harm"))
    assert night.is_pressing(judged("reputation", severity="critical"))
    assert not night.is_pressing(judged("reputation"))


@pytest.mark.parametrize(
    ("now", "span", "expected"),
    [
        ("2026-11-23 10:00", {"hours": 4}, "2026-11-23 14:00"),
        ("2026-11-23 19:00", {"hours": 4}, "2026-11-24 09:00"),  # two before nine, two after seven
        ("2026-11-23 23:00", {"hours": 4}, "2026-11-24 11:00"),
        ("2026-11-23 20:30", {"minutes": 30}, "2026-11-23 21:00"),
        ("2026-11-23 10:00", {"days": 1}, "2026-11-24 10:00"),
        ("2026-11-23 22:00", {"days": 1}, "2026-11-25 07:00"),
        ("2026-10-24 20:00", {"hours": 2}, "2026-10-25 09:00"),  # quiet from 20:00: summer time
        ("2026-10-24 19:30", {"hours": 2}, "2026-10-25 08:30"),
    ],
)
def test_hours_stand_still_in_quiet_hours_and_days_end_when_they_are_over(
    now: str, span: dict[str, int], expected: str
) -> None:
    assert duty(at(now), quiet={"hours": "21:00-07:00"}).after(timedelta(**span)) == at(expected)


def test_hours_stand_still_over_a_quiet_weekend() -> None:
    quiet = {"hours": "18:00-08:00", "weekends": True}
    friday = duty(at("2026-11-20 17:00"), quiet=quiet)
    assert friday.after(timedelta(hours=4)) == at("2026-11-23 11:00")


def test_without_quiet_hours_a_span_is_what_it_says() -> None:
    assert duty(at("2026-11-23 23:00")).after(timedelta(hours=9)) == at("2026-11-24 08:00")
