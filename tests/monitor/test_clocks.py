"""Response clocks: met by a look and a decision, told of once when they pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from itertools import count

import pytest
from sqlalchemy import text

from alerts.clocks import Mark
from alerts.silencing import Scope as SilenceScope
from monitor import alarms, clocks, messages, review, silencing, tasks, triage
from monitor.cases import casework
from monitor.digests import BRIEF, DAILY
from monitor.digests import EXECUTIVE as EXECUTIVE_WEEK
from monitor.store import cases as case_rows
from monitor.store import response_clocks
from monitor.store.scope import EVERYTHING, NOTHING
from monitor.store.views import DigestOrder
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import EXECUTIVE, PR, Day, quiet


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(ctx, clock, count(1))


def waiting(day: Day) -> dict[int, tuple[Mark, timedelta]]:
    """By mention: the clock that comes first, and how far off it is."""
    with day.ctx.store.read() as tx:
        found = response_clocks.waiting(tx, EVERYTHING, limit=50)
    return {one.mention_id: (one.clock.mark, one.clock.due_at - day.clock()) for one in found}


def decide(day: Day, number: int, outcome: str = "no_action") -> int:
    decision_id = review.decide(
        day.ctx.store, number, outcome, "", seen="open", by="Odile", now=day.clock()  # type: ignore[arg-type]
    )  # fmt: skip
    assert decision_id is not None
    return decision_id


def late_mails(day: Day) -> int:
    return sum("clock" in one.why for one in day.told())


def test_a_story_is_to_be_seen_first_and_then_decided(day: Day) -> None:
    number = day.post(severity="high")
    assert waiting(day) == {number: ("seen", timedelta(hours=4))}
    triage.look(day.ctx.store, number, by="Odile", now=day.clock())
    assert waiting(day) == {number: ("action", timedelta(days=1))}
    decide(day, number)
    assert waiting(day) == {}


def test_who_takes_it_on_has_seen_it(day: Day) -> None:
    number = day.post()
    alarms.acknowledge(day.ctx.store, number, by="Odile", now=day.clock())
    assert waiting(day)[number][0] == "action"


def test_what_is_low_has_no_clock_and_what_is_medium_tells_nobody(day: Day) -> None:
    day.post("A moan about Larkmere Hill School", "low")
    number = day.post("Another about the car park of Larkmere Hill School", "medium")
    day.later(days=8)
    assert clocks.tell(day.ctx) == 0
    assert list(waiting(day)) == [number]


def test_a_clock_that_passes_is_told_to_the_executive_once(
    day: Day, surroundings: Surroundings
) -> None:
    number = day.post()
    day.later(hours=3, minutes=59)
    assert clocks.tell(day.ctx) == 0
    day.later(minutes=1)
    assert clocks.tell(day.ctx) == 1
    assert clocks.tell(day.ctx) == 0
    told = day.told()[-1]
    assert (told.recipient, told.role) == (EXECUTIVE, "executive")
    day.later(days=3)
    clocks.tell(day.ctx)
    assert late_mails(day) == 2  # the look, and later the decision
    day.later(days=30)
    assert clocks.tell(day.ctx) == 0
    while tasks.send(day.ctx):
        pass
    mails = [
        message_from_bytes(one.content or b"", policy=policy.default)  # type: ignore[arg-type]
        for one in surroundings.inbox.taken
    ]
    late = [one for one in mails if "Past its time" in one["Subject"]]
    said = late[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Nobody has looked at this within 4 hours." in said
    assert f"/mentions/{number}" in said


def test_the_executive_is_not_told_twice_within_the_hour_that_nobody_answers(day: Day) -> None:
    # Nobody deputises for PR here, so the chain's first step falls to the executive as well.
    day.post()
    day.later(hours=4)
    assert alarms.escalate(day.ctx) + clocks.tell(day.ctx) == 1
    day.post("Another matter about Larkmere Hill School", "high")
    day.later(hours=4)
    assert clocks.tell(day.ctx) + alarms.escalate(day.ctx) == 1


def test_what_was_decided_in_time_is_never_late(day: Day) -> None:
    number = day.post()
    decide(day, number)
    day.later(days=3)
    assert clocks.tell(day.ctx) == 0


def test_a_decision_that_is_taken_back_lets_the_clock_run_as_before(day: Day) -> None:
    number = day.post()
    decision_id = decide(day, number)
    day.later(days=2)
    assert clocks.tell(day.ctx) == 0
    review.undo(day.ctx.store, decision_id, by="Odile", now=day.clock())
    assert clocks.tell(day.ctx) == 1
    assert waiting(day)[number][1] < timedelta()


def test_what_comes_back_from_being_watched_has_its_time_again(day: Day) -> None:
    number = day.post()
    triage.look(day.ctx.store, number, by="Odile", now=day.clock())
    until = day.clock() + timedelta(days=7)
    review.decide(
        day.ctx.store, number, "watch", "", seen="open", by="Odile", now=day.clock(), until=until
    )
    day.later(days=7)
    assert triage.wake(day.ctx.store, day.clock()) == 1
    assert waiting(day) == {number: ("action", timedelta(days=1))}


def test_a_graver_copy_is_to_be_seen_anew_and_sooner(day: Day) -> None:
    first = day.post()
    triage.look(day.ctx.store, first, by="Odile", now=day.clock())
    day.later(hours=1)
    graver = day.post(severity="critical")
    assert waiting(day) == {graver: ("seen", timedelta(minutes=30))}


def test_split_and_merged_stories_keep_a_clock(day: Day) -> None:
    first, copy = day.post(), day.post()
    store = day.ctx.store
    triage.look(store, first, by="Odile", now=day.clock())
    day.later(hours=1)
    action = triage.split(store, copy, by="Odile", now=day.clock())
    assert action is not None
    assert waiting(day)[copy] == ("seen", timedelta(hours=4))
    day.later(minutes=30)
    other = day.post("Something else about Larkmere Hill School", "high")
    into, story = (day.detail(one).story_id or 0 for one in (other, copy))
    assert triage.merge(store, into, story, by="Odile", now=day.clock())
    one_story = {number: left for number, left in waiting(day).items() if number != first}
    assert list(one_story.values()) == [("seen", timedelta(hours=3, minutes=30))]


def test_hours_stand_still_at_night_for_what_may_wait(day: Day) -> None:
    with quiet(day, "13:00-07:00"):
        number = day.post()
        danger = day.post("i want to die", "critical", "self_harm")
    assert waiting(day)[number] == ("seen", timedelta(hours=22))
    assert waiting(day)[danger] == ("seen", timedelta(minutes=30))


def test_clocks_are_seen_within_the_scope_alone(day: Day) -> None:
    day.post()
    settings = day.ctx.settings
    with day.ctx.store.read() as tx:
        shown = clocks.running(tx, EVERYTHING, settings.policy, settings.rota, day.clock())
        assert [one.what for one in shown] == ["Reputational matter: to be seen"]
        assert clocks.running(tx, NOTHING, settings.policy, settings.rota, day.clock()) == ()


def test_a_case_is_begun_and_closed_in_time_or_its_timeline_says_so(day: Day) -> None:
    number = day.post()
    decide(day, number, "open_case")
    day.later(days=1)
    assert clocks.tell(day.ctx) == 1
    assert clocks.tell(day.ctx) == 0
    casework.act(day.ctx.store, 1, "step_done", {"step": "no_reply"}, by="Odile", now=day.clock())
    day.later(days=27)
    assert clocks.tell(day.ctx) == 1
    with day.ctx.store.read() as tx:
        case = case_rows.find(tx, 1)
        assert case is not None
        assert case_rows.verify(tx) is None
    passed = [one.facts["text"] for one in case.timeline if one.kind == "clock_passed"]
    assert passed == [
        "No step was taken in case 1 within 24 hours.",
        "Case 1 was to be closed within 28 days.",
    ]
    assert not casework.may_undo(case.timeline[-1])
    casework.act(day.ctx.store, 1, "closed", {"outcome": "settled"}, by="Odile", now=day.clock())
    day.later(days=90)
    assert clocks.tell(day.ctx) == 0


def test_what_a_silence_covers_is_late_for_the_queue_alone(day: Day) -> None:
    now = day.clock()
    silencing.begin(
        day.ctx.store, SilenceScope(school_id="hill"), by="Odile", reason="closure day",
        until=now + timedelta(days=1), now=now,
    )  # fmt: skip
    number = day.post()
    day.later(hours=5)
    assert clocks.tell(day.ctx) == 0
    assert waiting(day)[number][1] < timedelta()
    assert day.told_to(PR) == 0


def digest_text(day: Day, order: DigestOrder) -> str:
    message = messages.digest_of(
        day.ctx.store, day.ctx.settings, order, message_id="<x@y.example>", now=day.clock()
    )
    body = message.mail.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def order(kind: str, *schools: str) -> DigestOrder:
    return DigestOrder(
        recipient="somebody@larkmere.example", kind=kind, school_ids=schools,
        local_date=date(2026, 11, 20),
    )  # fmt: skip


@pytest.mark.parametrize("kind", [DAILY, BRIEF, EXECUTIVE_WEEK])
def test_digests_and_briefs_tell_what_is_past_its_time_and_what_is_next(
    day: Day, kind: str
) -> None:
    late = day.post()
    day.later(hours=5)
    day.post("Parents want the head of Larkmere Hill School to go", "medium", "reputation")
    case = day.post("A third matter about Larkmere Hill School", "high")
    decide(day, case, "open_case")
    said = digest_text(day, order(kind, *(("hill",) if kind == DAILY else ())))
    where = "" if kind == DAILY else " (Larkmere Hill School)"
    line = f"PAST ITS TIME - Reputational matter: nobody has looked at it{where}, since Fri 20 Nov"
    assert line in said
    assert f"/mentions/{late}" in said
    coming = said.partition("COMING UP")[2]
    assert "Case 1: Save the evidence" in coming
    assert "/cases/1" in coming


def test_a_heads_digest_tells_of_no_other_school_and_of_nothing_about_a_head(day: Day) -> None:
    number = day.post()
    with day.ctx.store.begin() as tx:
        tx.execute(text("UPDATE mention SET about_head = true WHERE id = :one"), {"one": number})
    assert "COMING UP" not in digest_text(day, order(DAILY, "hill"))
    other = replace(order(DAILY), school_ids=("another",))
    assert "COMING UP" not in digest_text(day, other)
