"""Sources that can no longer be trusted: dead, silent against their habit, without their canary.

A source that fails once is no news: most mend by themselves. One that stays so is told to IT within
two of its intervals and an hour; each trouble is told once, however long it lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from alerts import words
from alerts.channels import MAIL
from config.readiness import may_collect
from config.sources import Source
from monitor.context import Context
from monitor.store import deliveries, sources
from monitor.store.views import OutboxItem, ServiceNote, SourceHealth

INTERVALS_DEAD = 2
SHORTEST_DEATH = timedelta(minutes=30)
"""A site that is down for a few minutes mends by itself, however often it is asked."""
KNOWN_BY = 8
"""Polls that must have brought something before a habit is one."""
PAUSES = 3
"""So many times its longest usual pause is no pause any more ..."""
SHORTEST_SILENCE = timedelta(days=1)
"""... nor is it told of before."""
CANARY_GRACE = 1.5
Kind = Literal["dead", "silent", "canary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`since` is the same for as long as it lasts, so that it is told once."""

    kind: Kind
    source_id: str
    since: datetime
    words: str


def troubles(source: Source, health: SourceHealth, now: datetime) -> Iterator[Trouble]:
    """What is wrong with one source that is switched on."""
    since = health.failing_since
    if since and health.failures > 1 and now - since >= _longest_failure(source):
        said = f"could not be read for {words.span(now - since)}: {health.reason or ''}".rstrip(
            ": "
        )
        yield _trouble("dead", source, since, said)
        return  # of what is not read neither habit nor canary can be told
    if since is None and (last := health.last_item_at) and _is_silent(source, health, now):
        usual = words.span(timedelta(seconds=health.usual_pause))
        said = (
            f"is read without an error and has brought nothing for {words.span(now - last)}; its "
            f"longest usual pause is {usual}"
        )
        yield _trouble("silent", source, last, said)
    planted = health.canary_at
    if source.canary and planted and now - planted > source.canary_every * CANARY_GRACE:
        said = f"has not shown its planted post for {words.span(now - planted)}"
        yield _trouble("canary", source, planted, said)


def _longest_failure(source: Source) -> timedelta:
    return max(INTERVALS_DEAD * source.every, SHORTEST_DEATH)


def _is_silent(source: Source, health: SourceHealth, now: datetime) -> bool:
    if health.last_item_at is None or health.arrivals < KNOWN_BY:
        return False
    usual = timedelta(seconds=health.usual_pause)
    longest = max(PAUSES * usual, SHORTEST_SILENCE, 4 * source.every)
    return now - health.last_item_at > longest


def _trouble(kind: Kind, source: Source, since: datetime, said: str) -> Trouble:
    sentence = f"{words.one_line(source.name)} {said}."
    return Trouble(kind=kind, source_id=source.id, since=since, words=sentence)


def found(ctx: Context) -> tuple[Trouble, ...]:
    """The troubles of all sources that are switched on."""
    with ctx.store.read() as tx:
        health = {one.source_id: one for one in sources.health(tx)}
    now = ctx.clock()
    return tuple(
        trouble
        for source in ctx.settings.sources
        if source.enabled and source.id in health
        for trouble in troubles(source, health[source.id], now)
    )


def tell(ctx: Context) -> int:
    """Tell IT of each trouble once; the number of messages newly due."""
    recipient = ctx.settings.trust.contacts.it
    if not recipient or not may_collect(ctx.settings):
        return 0
    now = ctx.clock()
    items = [
        OutboxItem(
            key=f"source_{one.kind}:{one.source_id}:{one.since.isoformat()}",
            channel=MAIL,
            recipient=recipient,
            service=ServiceNote(kind="sources", about=(one.words,)),
        )
        for one in found(ctx)
    ]
    if not items:
        return 0
    with ctx.store.begin() as tx:
        return sum(deliveries.enqueue(tx, item, now=now) for item in items)
