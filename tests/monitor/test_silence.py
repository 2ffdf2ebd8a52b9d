"""A source that fails, falls silent against its habit or loses its canary is told of, once."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from config.sources import Source
from connectors.types import Cursor, Health, NotMeasured, Ok
from monitor import tasks
from monitor.context import Context
from monitor.health import silence
from monitor.store import sources
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_watch import mails_to_it, send_all

DOWN = NotMeasured("Unreachable", "No connection to the source.")
HOUR = timedelta(hours=1)


def polled(ctx: Context, health: Health, *, seen: int = 0, canary: bool = False) -> None:
    """One poll of the first feed that ended so."""
    claimed = tasks.claim_source(ctx, "feed-1")
    assert claimed is not None
    now = ctx.clock()
    with ctx.store.begin() as tx:
        assert sources.finish(
            tx, claimed, health, Cursor(), possible_gap=False, seen=seen, kept=0,
            next_due_at=now, now=now, canary=canary,
        )  # fmt: skip


def hourly(ctx: Context, **changed: object) -> Context:
    """The same with one source, asked each hour."""
    source: Source = ctx.settings.sources[0].model_copy(update={"every": HOUR, **changed})
    settings = ctx.settings.model_copy(update={"sources": (source,)})
    with ctx.store.begin() as tx:
        sources.sync(tx, settings.sources, ctx.clock())
    return Context(
        settings=settings, store=ctx.store, classifier=ctx.classifier, fetcher=ctx.fetcher,
        channels=ctx.channels, other_channels=ctx.other_channels, clock=ctx.clock,
    )  # fmt: skip


def test_one_failure_is_no_news_and_a_dead_source_is_told_once_within_two_intervals_and_an_hour(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as whole:
        ctx = hourly(whole)
        polled(ctx, DOWN)
        clock.forward(timedelta(minutes=59))
        assert silence.tell(ctx) == 0
        told: list[timedelta] = []
        for minutes in range(60, 400, 10):
            clock.forward(timedelta(minutes=10))
            polled(ctx, DOWN)
            if silence.tell(ctx):
                told.append(timedelta(minutes=minutes + 9))
        assert len(told) == 1
        assert told[0] <= 2 * HOUR + HOUR
        send_all(ctx)
    (mail,) = mails_to_it(surroundings)
    assert mail["Subject"] == "A source needs you: what is said there is not known"
    text = " ".join(str(mail.get_body(("plain",))).split())
    assert "Feed 1 could not be read for" in text


def test_a_source_that_is_asked_often_may_be_down_for_some_minutes(
    opened: Opened, clock: Clock
) -> None:
    with opened() as whole:
        ctx = hourly(whole, every=timedelta(minutes=1))
        for _ in range(29):
            polled(ctx, DOWN)
            clock.forward(timedelta(minutes=1))
            assert silence.tell(ctx) == 0
        clock.forward(timedelta(minutes=1))
        assert silence.tell(ctx) == 1


def test_a_source_that_was_mended_and_dies_again_is_told_again(
    opened: Opened, clock: Clock
) -> None:
    with opened() as whole:
        ctx = hourly(whole)
        for health in (DOWN, DOWN, DOWN, Ok(), DOWN, DOWN, DOWN):
            polled(ctx, health)
            clock.forward(HOUR)
            silence.tell(ctx)
        clock.forward(HOUR)
        assert len(silence.found(ctx)) == 1
        assert silence.tell(ctx) == 0
        polled(ctx, Ok())
        assert silence.found(ctx) == ()


def with_a_habit(ctx: Context, clock: Clock, pauses: list[int]) -> None:
    for hours in pauses:
        polled(ctx, Ok(), seen=3)
        clock.forward(timedelta(hours=hours))


def test_a_source_that_answers_with_nothing_against_its_habit_is_told_of(
    opened: Opened, clock: Clock
) -> None:
    with opened() as whole:
        ctx = hourly(whole)
        with_a_habit(ctx, clock, [4, 12, 4, 4, 12, 4, 4, 4, 4, 12])
        assert silence.tell(ctx) == 0
        clock.forward(timedelta(hours=13))
        polled(ctx, Ok())
        assert silence.tell(ctx) == 0  # not so much longer than its nights
        clock.forward(timedelta(hours=24))
        polled(ctx, Ok())
        (trouble,) = silence.found(ctx)
        assert (trouble.kind, silence.tell(ctx), silence.tell(ctx)) == ("silent", 1, 0)
        assert "brought nothing for 2 days" in trouble.words
        polled(ctx, Ok(), seen=1)
        assert silence.found(ctx) == ()


def test_a_source_that_brings_something_once_a_week_is_not_silent_after_two(
    opened: Opened, clock: Clock
) -> None:
    with opened() as whole:
        ctx = hourly(whole)
        with_a_habit(ctx, clock, [24 * 7] * 10)
        clock.forward(timedelta(days=7))
        polled(ctx, Ok())
        assert silence.found(ctx) == ()


def test_of_a_source_without_a_habit_silence_says_nothing(opened: Opened, clock: Clock) -> None:
    with opened() as whole:
        ctx = hourly(whole)
        with_a_habit(ctx, clock, [1, 1, 1])
        clock.forward(timedelta(days=30))
        polled(ctx, Ok())
        assert silence.found(ctx) == ()


def test_a_canary_that_does_not_come_is_told_of_and_one_that_comes_is_no_mention(
    opened: Opened, clock: Clock
) -> None:
    with opened() as whole:
        ctx = hourly(whole, canary="county chess cup", canary_every=timedelta(days=1))
        claimed = tasks.claim_source(ctx, "feed-1")
        assert claimed is not None
        before = clock.now
        clock.forward(HOUR)
        polled_for_real = tasks.poll(ctx, claimed)
        assert (polled_for_real.seen, polled_for_real.kept) == (8, 7)
        with ctx.store.read() as tx:
            (health,) = [one for one in sources.health(tx) if one.source_id == "feed-1"]
        assert health.canary_at == before + HOUR
        for _, wanted in zip(count(), (0, 1, 0), strict=False):
            clock.forward(timedelta(hours=24))
            polled(ctx, Ok())
            assert silence.tell(ctx) == wanted
        polled(ctx, Ok(), canary=True)
        assert silence.found(ctx) == ()


@pytest.mark.parametrize("decided", [True, False])
def test_nobody_is_told_before_the_decision(opened: Opened, clock: Clock, decided: bool) -> None:
    with opened(decided=decided) as whole:
        ctx = hourly(whole)
        for _ in range(4):
            polled(ctx, DOWN)
            clock.forward(HOUR)
        assert silence.tell(ctx) == int(decided)
