"""The work of the service: small functions, ids in, counts out, each safe to run twice.

What is due is decided by rows (design decision 1): a task claims rows by compare-and-set,
does its work, and commits rows and cursor together. After a crash the same query finds what
is left. Nothing is collected and no mail leaves before the processing decision is recorded
(design decision 8); `config.readiness` says when that is so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from alerts.channels import MAIL
from alerts.types import Dead, Delivery
from config.readiness import may_collect
from config.sources import Source
from connectors import polling
from connectors.queries import hosts
from connectors.types import Batch, Health, Mention, NotMeasured, Query
from monitor import bounces, messages, pipeline
from monitor.context import Context
from monitor.health import coverage
from monitor.intake import mailbox
from monitor.rights import rechecks
from monitor.schedule import LONGEST_BACKOFF, backoff, next_poll
from monitor.store import mentions, returns, sending, sources
from monitor.store.database import Tx
from monitor.store.insisting import insisting
from monitor.store.views import ClaimedDelivery, ClaimedSource, Ingested, PendingMention

ASSESS_BATCH = 64
ALONE_AFTER = 2
"""A mention whose assessment did not end twice (the process died) is assessed alone ..."""
SET_ASIDE_AFTER = 8
"""... and after this many tries it is set aside for a person, so that it stops no other."""
A_MINUTE = timedelta(minutes=1)
KEPT_SHARE = 3
"""The part of the mail provider's allowance that is kept for critical alerts: a third."""
GONE = Dead("The mention it tells of is no longer stored.")
UNREAD = Batch(health=NotMeasured("Unreachable", "The poll was cut short."))
POISON = NotMeasured("Poison", "Each poll of it ended the process that made it.")

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another worker took the row over while this one worked; its work is rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One poll, for progress and logs: counts, never text."""

    source_id: str
    health: Health
    seen: int = 0
    kept: int = 0
    stored: int = 0
    possible_gap: bool = False


def claim_due_sources(ctx: Context, limit: int) -> list[ClaimedSource]:
    """Sources whose time has come, claimed for this process; none before the decision."""
    if limit <= 0 or not may_collect(ctx.settings):
        return []
    with ctx.store.begin() as tx:
        return sources.claim_due(tx, now=ctx.clock(), lease=ctx.settings.clock.lease, limit=limit)


def due_sources(ctx: Context, limit: int) -> list[str]:
    """Sources whose time has come and that nobody holds; none before the decision."""
    if not may_collect(ctx.settings):
        return []
    with ctx.store.read() as tx:
        return sources.due(tx, now=ctx.clock(), limit=limit)


def poll_if_due(ctx: Context, source_id: str) -> Polled | None:
    """Ask one source; None when it was asked meanwhile, or is held."""
    if not may_collect(ctx.settings):
        return None
    now, lease = ctx.clock(), ctx.settings.clock.lease
    with ctx.store.begin() as tx:
        claimed = sources.claim(tx, source_id, now=now, lease=lease, only_due=True)
    return None if claimed is None else poll(ctx, claimed)


def release_source(ctx: Context, source_id: str) -> None:
    """Give back what a process that is gone had claimed."""
    with ctx.store.begin() as tx:
        sources.release(tx, source_id)


def set_source_aside(ctx: Context, source_id: str) -> None:
    """Leave a source alone for a time, later and later, as its polls end processes; it is shown
    as not measured."""
    release_source(ctx, source_id)
    claimed = claim_source(ctx, source_id)
    if claimed is None:
        return
    now = ctx.clock()
    wait = backoff(claimed.failures + 1, longest=LONGEST_BACKOFF)
    with ctx.store.begin() as tx:
        sources.finish(
            tx,
            claimed,
            POISON,
            claimed.cursor,
            possible_gap=False,
            seen=0,
            kept=0,
            next_due_at=now + wait,
            now=now,
        )


def claim_source(ctx: Context, source_id: str) -> ClaimedSource | None:
    """One source claimed now, due or not; None when a poll of it is running."""
    with ctx.store.begin() as tx:
        return sources.claim(tx, source_id, now=ctx.clock(), lease=ctx.settings.clock.lease)


def seize_source(ctx: Context, source_id: str, lease: timedelta) -> ClaimedSource | None:
    """One source for who follows it alone, whoever holds it; None when it is unknown."""
    with ctx.store.begin() as tx:
        return sources.seize(tx, source_id, now=ctx.clock(), lease=lease)


def poll(ctx: Context, claimed: ClaimedSource) -> Polled:
    """Ask one source; its mentions of us and its cursor are committed together.

    Raises LeaseLost when the claim ran out meanwhile.
    """
    if claimed.source_id == mailbox.SOURCE:
        return _poll_mailbox(ctx, claimed)
    source = next(source for source in ctx.settings.sources if source.id == claimed.source_id)
    batch = asyncio.run(_ask(ctx, source, claimed))
    failures = claimed.failures + 1 if isinstance(batch.health, NotMeasured) else 0
    due = next_poll(
        source.id,
        source.every,
        batch.health,
        failures=failures,
        possible_gap=batch.possible_gap,
        now=ctx.clock(),
        rests_seconds=batch.rests_seconds,
    )
    return take_in(ctx, source, claimed, batch, due)


def take_in(
    ctx: Context,
    source: Source,
    claimed: ClaimedSource,
    batch: Batch,
    due: datetime,
    *,
    kept_until: datetime | None = None,
) -> Polled:
    """Keep what a source told of us, heed what it said was taken back, and move its cursor, in one
    transaction; then it is free, or kept by who follows it on. Raises LeaseLost."""
    posts = tuple(one for one in batch.mentions if not _is_planted(one, source))
    kept = _mentions_of_us(ctx, posts)
    now = ctx.clock()

    def write(tx: Tx) -> Ingested:
        ingested = mentions.ingest(tx, source.id, kept, now)
        rechecks.heed(tx, source, batch.changes, now)
        finished = sources.finish(
            tx,
            claimed,
            batch.health,
            batch.cursor,
            possible_gap=batch.possible_gap,
            seen=len(batch.mentions),
            kept=len(kept),
            next_due_at=due,
            now=now,
            canary=len(posts) < len(batch.mentions),
            allowance=batch.allowance,
            kept_until=kept_until,
        )
        if not finished:
            raise LeaseLost(source.id)
        if ingested.stored:
            ctx.follow_up(tx, "assess")
        return ingested

    ingested = insisting(ctx.store, write)
    return Polled(
        source_id=source.id,
        health=batch.health,
        seen=len(batch.mentions),
        kept=len(kept),
        stored=ingested.stored,
        possible_gap=batch.possible_gap,
    )


def _is_planted(mention: Mention, source: Source) -> bool:
    """Whether it is the post by which the operator sees that the source comes through."""
    words = source.canary.casefold()
    return bool(words) and words in f"{mention.title}\n{mention.text}".casefold()


def _poll_mailbox(ctx: Context, claimed: ClaimedSource) -> Polled:
    """As `poll`, of the mailbox: everything people send is kept, each mail in a transaction of
    its own, as a mail that comes twice is known by its Message-ID."""
    seen = mailbox.look(ctx.settings, claimed.cursor)
    now = ctx.clock()
    stored = mailbox.store_posts(ctx.store, seen.posts, now)
    failures = claimed.failures + 1 if isinstance(seen.health, NotMeasured) else 0
    every = ctx.settings.mailbox.every
    due = next_poll(
        claimed.source_id, every, seen.health, failures=failures, possible_gap=False, now=now
    )

    def write(tx: Tx) -> bool:
        bounces.note(tx, seen.bounces, now)
        returns.note(tx, seen.returned, now)
        return sources.finish(
            tx,
            claimed,
            seen.health,
            seen.cursor,
            possible_gap=False,
            seen=len(seen.posts),
            kept=stored,
            next_due_at=now if seen.more else due,
            now=now,
        )

    if not insisting(ctx.store, write):
        raise LeaseLost(claimed.source_id)
    return Polled(
        source_id=claimed.source_id,
        health=seen.health,
        seen=len(seen.posts),
        kept=len(seen.posts),
        stored=stored,
    )


async def _ask(ctx: Context, source: Source, claimed: ClaimedSource) -> Batch:
    """The connector's answer within the lease: a poll never outlives its claim."""
    terms = coverage.asked_terms(source, ctx.settings)
    try:
        async with asyncio.timeout(ctx.settings.clock.lease.total_seconds() * 0.8):
            return await polling.poll(
                source,
                Query(terms=terms, own_sites=_own_sites(ctx)),
                claimed.cursor,
                fetcher=ctx.fetcher,
                now=ctx.clock(),
                secrets=ctx.settings.secrets,
            )
    except TimeoutError:
        return Batch(cursor=claimed.cursor, health=UNREAD.health)


def _own_sites(ctx: Context) -> tuple[str, ...]:
    trust = ctx.settings.trust
    return hosts((*trust.domains, *(school.website for school in trust.schools)))


def _mentions_of_us(ctx: Context, found: tuple[Mention, ...]) -> list[Mention]:
    """Only what names the Trust or a school is stored; the rest is counted and dropped."""
    if not found:
        return []
    ours = ctx.classifier().mentions_us(found)
    return [mention for mention, is_ours in zip(found, ours, strict=True) if is_ours]


def assess(ctx: Context, lane: int = 0, lanes: int = 1) -> int:
    """Assess the next batch of pending mentions; the number assessed or set aside. Of several
    lanes each has its own mentions, so that as many processes may assess side by side.

    The attempt is noted before the work, so that a mention that kills the process is known
    by its count the next time.
    """
    with ctx.store.begin() as tx:
        pending = mentions.pending(tx, ASSESS_BATCH, lane=lane, lanes=lanes)
        pending = _healthy_or_first(pending)
        mentions.note_attempt(tx, [item.mention_id for item in pending])
    if not pending:
        return 0
    if pending[0].attempts >= SET_ASIDE_AFTER:
        with ctx.store.begin() as tx:
            reason = f"Not assessed after {pending[0].attempts} tries."
            mentions.set_aside(tx, pending[0].mention_id, reason, ctx.clock())
        return 1
    classifier = ctx.classifier()
    judged = pipeline.judge(classifier, pending)
    duty = ctx.duty()
    told = 0
    with ctx.store.begin() as tx:
        for item, assessment in judged:
            told += pipeline.record(
                tx,
                item,
                assessment,
                classifier=classifier,
                trust=ctx.settings.trust,
                policy=ctx.settings.policy,
                duty=duty,
            )
        if told:
            ctx.follow_up(tx, "send")
    return len(judged)


def _healthy_or_first(pending: list[PendingMention]) -> list[PendingMention]:
    """Everything that has not failed yet; failing that, one suspect alone."""
    healthy = [item for item in pending if item.attempts < ALONE_AFTER]
    return healthy or pending[:1]


def send(ctx: Context, channel: str = MAIL) -> int:
    """Send the next delivery of a channel that is due; the number tried (0 or 1).

    Mail is at least once with a fixed Message-ID; the claim makes it one sender at a time.
    Each channel is sent for itself, so that none waits for another that hangs.
    """
    if not may_collect(ctx.settings):
        return 0
    for claimed in _claim_next(ctx, channel):
        _finish(ctx, claimed, _deliver(ctx, claimed))
        return 1
    return 0


def _claim_next(ctx: Context, channel: str) -> list[ClaimedDelivery]:
    """The next delivery, within what the mail provider takes in a minute; the last third of
    that is for critical alerts alone, so that no pile of digests holds one up."""
    now, lease = ctx.clock(), ctx.settings.clock.lease
    most = ctx.settings.mail.max_per_minute
    with ctx.store.begin() as tx:
        is_scarce = False
        if channel == MAIL:
            room = sending.room(tx, since=now - A_MINUTE, most=most)
            if room == 0:
                return []
            is_scarce = room <= most // KEPT_SHARE
        return sending.claim_due(
            tx, now=now, lease=lease, limit=1, channel=channel, is_critical=is_scarce
        )


def _deliver(ctx: Context, claimed: ClaimedDelivery) -> Delivery:
    if claimed.item.channel == MAIL:
        message = messages.message(ctx, claimed)
        return ctx.channels[MAIL].send(message) if message else GONE
    brief = messages.brief(ctx, claimed)
    return ctx.other_channels[claimed.item.channel].send(brief) if brief else GONE


def _finish(ctx: Context, claimed: ClaimedDelivery, outcome: Delivery) -> None:
    now = ctx.clock()
    wait = backoff(claimed.attempts + 1, longest=LONGEST_BACKOFF)
    with ctx.store.begin() as tx:
        state = sending.finish(
            tx,
            claimed,
            outcome,
            now=now,
            next_attempt_at=now + wait,
            max_attempts=ctx.settings.mail.max_attempts,
        )
        if state == "dead" and claimed.item.channel == MAIL:
            bounces.route_round(tx, claimed.message_id, now)
    log.info("delivery", id=claimed.delivery_id, attempt=claimed.attempts + 1, state=state)
