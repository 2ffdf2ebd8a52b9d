"""What the mail provider takes in a minute is not outrun, and the critical goes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from monitor import tasks
from monitor.context import Context
from monitor.store import deliveries, sending
from monitor.store.views import DigestOrder, OutboxItem
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import Day

MOST = 6


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        mail = ctx.settings.mail.model_copy(update={"max_per_minute": MOST})
        settings = ctx.settings.model_copy(update={"mail": mail})
        yield Day(replace(ctx, settings=settings), clock, count(1))


def order_digests(ctx: Context, number: int) -> None:
    with ctx.store.begin() as tx:
        for at in range(number):
            order = DigestOrder(
                recipient=f"head{at}@larkmere.example",
                kind="daily",
                school_ids=("hill",),
                local_date=ctx.clock().date(),
            )
            item = OutboxItem(key=f"d{at}", channel="smtp", recipient=order.recipient, digest=order)
            deliveries.enqueue(tx, item, now=ctx.clock())


def sent(ctx: Context) -> int:
    number = 0
    while tasks.send(ctx):
        number += 1
    return number


def test_a_pile_of_digests_is_sent_minute_by_minute_and_holds_up_no_critical_alert(
    day: Day, surroundings: Surroundings
) -> None:
    order_digests(day.ctx, 9)
    assert sent(day.ctx) == MOST - MOST // 3
    day.post(severity="critical")
    critical = len(day.told()) - 9
    assert critical >= 2
    assert sent(day.ctx) == MOST // 3
    waiting = [one for one in day.told() if one.state == "due" and one.kind == "alert"]
    assert len(waiting) == critical - MOST // 3
    total = len(day.told())
    for _ in range(3):
        day.later(seconds=61)
        sent(day.ctx)
    assert len(surroundings.arrived) == total


def test_what_was_tried_and_failed_counts_as_well(day: Day, surroundings: Surroundings) -> None:
    surroundings.inbox.rcpt = {
        f"head{at}@larkmere.example": "451 4.7.1 try again in 5 minutes" for at in range(9)
    }
    order_digests(day.ctx, 9)
    assert sent(day.ctx) == MOST - MOST // 3
    assert sent(day.ctx) == 0
    day.later(seconds=61)
    assert sent(day.ctx) == MOST - MOST // 3


def test_two_instances_share_the_allowance(day: Day) -> None:
    order_digests(day.ctx, 9)
    other = replace(day.ctx)
    tried = 0
    while tasks.send(day.ctx) + tasks.send(other):
        tried += 1
    with day.ctx.store.read() as tx:
        left = sending.room(tx, since=day.clock() - timedelta(minutes=1), most=MOST)
    assert left == MOST // 3
