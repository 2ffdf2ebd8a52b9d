"""What the service does again and again: the same rounds, whichever engine calls them.

A round looks for rows that are due and works through them; called twice, late or by two engines
at once it finds exactly what is left. A round that fails is logged and tried again at the next
call; it never ends the service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from alerts.channels import MAIL
from monitor import alarms, clocks, digests, searching, tasks, triage
from monitor.access import conflict
from monitor.context import Context
from monitor.evidence.capture import capture_next
from monitor.evidence.stamp import stamp_next
from monitor.figures import daily, ledger
from monitor.health import silence, watch
from monitor.intake import screenshots
from monitor.rights import anchors, rechecks, retention
from monitor.selfcheck import reminders
from monitor.store import set_back

log = structlog.get_logger()
AT_ONCE = timedelta()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
AFTER_START = timedelta(minutes=5)
DAY = timedelta(days=1)
Steps = Callable[[], Iterator[object]]
URGENT, SOON, ORDINARY, IDLE = 30, 20, 10, 0
"""Higher goes first where work waits: telling people before all else, forgetting last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Work that is looked for every so often, step by step, so that it can be left off."""

    name: str
    every: timedelta
    steps: Steps
    first: timedelta = AT_ONCE
    priority: int = ORDINARY
    channel: str = ""
    """The one way of telling that it waits for, and nothing else should."""
    side_by_side: bool = False
    """Several may run it at once, as each claims rows of its own."""


def rounds(ctx: Context, *, lanes: int = 1) -> tuple[Round, ...]:
    """All rounds but the polls, which are one piece of work for each source. Mentions are assessed
    in so many lanes side by side."""
    return (*_at_each_tick(ctx, lanes), *_by_the_minute(ctx), *_seldom(ctx))


def _at_each_tick(ctx: Context, lanes: int) -> Iterator[Round]:
    tick = ctx.settings.clock.tick
    for lane in range(lanes):
        step = partial(tasks.assess, ctx, lane, lanes)
        yield Round(name=assessing(lane), every=tick, steps=partial(_drained, step), priority=SOON)
    for name, channel in (("send", MAIL), *((f"send {one}", one) for one in ctx.other_channels)):
        yield Round(
            name=name,
            every=tick,
            steps=partial(_drained, partial(tasks.send, ctx, channel)),
            priority=URGENT,
            channel="" if channel == MAIL else channel,
            side_by_side=True,
        )
    for name, work in (
        ("screenshots", screenshots.read_next),
        ("conflicts", conflict.look_through),
        ("evidence", capture_next),
    ):
        yield Round(name=name, every=tick, steps=partial(_drained, partial(work, ctx)))
    escalate = partial(_once, partial(alarms.escalate, ctx))
    yield Round(name="escalations", every=tick, steps=escalate, priority=URGENT)


def assessing(lane: int) -> str:
    return f"assess {lane}"


def _by_the_minute(ctx: Context) -> Iterator[Round]:
    work: dict[str, Callable[[], object]] = {
        "clock": partial(_heed_the_clock, ctx),
        "timestamps": partial(stamp_next, ctx),
        "response clocks": partial(clocks.tell, ctx),
        "growing stories": partial(alarms.follow, ctx),
        "figures": partial(_close_days, ctx),
        "digests": partial(digests.order, ctx),
        "watched": lambda: triage.wake(ctx.store, ctx.clock()),
        "self-test": partial(watch.order_self_test, ctx),
        "watch": watch.Watch(ctx).look,
        "overdue": partial(watch.tell_overdue, ctx),
        "ping": partial(watch.ping, ctx),
        "rechecks": partial(rechecks.look_again, ctx),
        "sources": partial(silence.tell, ctx),
    }
    for name, one in work.items():
        yield Round(name=name, every=MINUTE, steps=partial(_once, one))
    search = partial(_drained, partial(searching.catch_up, ctx.store))
    yield Round(name="search", every=MINUTE, steps=search)


def _heed_the_clock(ctx: Context) -> None:
    with ctx.store.begin() as tx:
        if moved := set_back.heed(tx, ctx.clock()):
            log.warning("the clock was set back", rows=moved)


def _close_days(ctx: Context) -> None:
    daily.close_days(ctx.store, ctx.settings, ctx.clock())
    ledger.close_days(ctx.store, ctx.clock())


def _seldom(ctx: Context) -> Iterator[Round]:
    yield Round(name="record", every=HOUR, steps=partial(_once, partial(anchors.keep, ctx)))
    yield Round(name="self-check", every=HOUR, steps=partial(_once, partial(reminders.tidy, ctx)))
    remind = partial(_drained, partial(reminders.remind, ctx))
    yield Round(name="reminders", every=HOUR, steps=remind, priority=IDLE)
    forget = partial(retention.forget, ctx)
    yield Round(name="retention", every=DAY, steps=forget, first=AFTER_START, priority=IDLE)


def _drained(step: Callable[[], int]) -> Iterator[int]:
    while done := step():
        yield done


def _once(work: Callable[[], object]) -> Iterator[object]:
    yield work()


def worked(steps: Steps, is_stopping: Callable[[], bool]) -> None:
    """Step by step until nothing is left or the engine stops."""
    for _ in steps():
        if is_stopping():
            return


def guarded(name: str, work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        # A failing task must never stop the engine; what it did not commit is due again.
        except Exception as error:
            log.error("task failed", task=name, error=type(error).__name__, exc_info=True)

    return run
