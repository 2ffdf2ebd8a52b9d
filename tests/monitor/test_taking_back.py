"""What taking back does to those who are told: mails that wait are stopped, the rest is named."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from alerts.duty import Duty
from monitor import alarms, review, tasks, triage
from monitor.store import recalls
from monitor.triage import Escalation
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import EXECUTIVE, Day

MOAN = "A moan about the car park of Larkmere Hill School"


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(ctx, clock, count(1))


def escalated(day: Day) -> int:
    """A medium matter, of which nobody was told, escalated to the executive; the decision."""
    number = day.post(MOAN, "medium")
    settings = day.ctx.settings
    duty = Duty(rota=settings.rota, now=day.clock())
    decision_id = review.decide(
        day.ctx.store, number, "escalate", "", seen="open", by="Odile", now=day.clock(),
        escalation=Escalation(to="executive", trust=settings.trust, duty=duty),
    )  # fmt: skip
    assert decision_id is not None
    return decision_id


def take_back(day: Day, decision_id: int) -> dict[int, list[str]]:
    assert review.undo(day.ctx.store, decision_id, by="Odile", now=day.clock())
    with day.ctx.store.read() as tx:
        gone = recalls.gone(tx, [decision_id])
    return {number: [one.recipient for one in told] for number, told in gone.items()}


def test_a_mail_that_has_not_left_is_stopped(day: Day) -> None:
    decision_id = escalated(day)
    assert take_back(day, decision_id) == {}
    assert tasks.send(day.ctx) == 0
    (mail,) = day.told()
    assert (mail.state, mail.last_error) == ("stopped", recalls.STOPPED)


def test_a_mail_that_has_left_is_named(day: Day) -> None:
    decision_id = escalated(day)
    assert tasks.send(day.ctx) == 1
    assert take_back(day, decision_id) == {decision_id: [EXECUTIVE]}
    assert day.told()[0].state == "sent"


def test_no_other_decision_is_touched(day: Day) -> None:
    first = escalated(day)
    for _ in range(10):
        number = day.post(f"{MOAN} {_} again and again", "medium")
        review.decide(
            day.ctx.store, number, "no_action", "", seen="open", by="Odile", now=day.clock()
        )
    with day.ctx.store.begin() as tx:
        assert recalls.stop(tx, first + 10) == 0
        assert recalls.stop(tx, first) == 1


def test_who_merges_two_stories_has_seen_the_second_and_answers_its_alert(day: Day) -> None:
    first = day.post()
    second = day.post("Something else about Larkmere Hill School", "high")
    into, other = (day.detail(one).story_id or 0 for one in (first, second))
    assert triage.merge(day.ctx.store, into, other, by="Odile", now=day.clock())
    before = len(day.told())
    day.later(hours=4)
    alarms.escalate(day.ctx)
    assert {one.mention_id for one in day.told()[before:]} == {first}
