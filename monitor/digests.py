"""Digests: who gets one, and what the store has for it. `alerts.digest` composes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta

from alerts.digest import DigestEntry, DigestMaterial, DigestSource, OwnPost
from config.settings import Source, Trust
from monitor.schedule import local_day
from monitor.store import digest_entries
from monitor.store.database import Store
from monitor.store.views import DigestOrder, OutboxItem, QueueRow, SourceHealth

DAILY = "daily"
SUNDAY = 6
WEEK = timedelta(days=7)


def orders(trust: Trust, day: date) -> Iterator[OutboxItem]:
    """One digest for each enabled school's headteacher and one trust-wide for PR."""
    addresses = [(one.contacts.headteacher, one.id) for one in trust.enabled_schools]
    for recipient, school_id in [*addresses, (trust.contacts.head_of_pr, None)]:
        if recipient:
            yield outbox_item(
                DigestOrder(recipient=recipient, kind=DAILY, school_id=school_id, local_date=day)
            )


def outbox_item(order: DigestOrder) -> OutboxItem:
    """A digest as a message that is due; its key is its identity."""
    place = order.school_id or "trust"
    return OutboxItem(
        key=f"digest:{order.kind}:{order.recipient}:{place}:{order.local_date.isoformat()}",
        channel="smtp",
        recipient=order.recipient,
        digest=order,
    )


def material(store: Store, order: DigestOrder, sources: Sequence[Source]) -> DigestMaterial:
    """What the store knows of the day that a digest reports; of a Sunday also what the week
    brought on our own pages, the official `sources` (policy 6.10)."""
    since, until = (moment.astimezone(UTC) for moment in local_day(order.local_date))
    names = {
        source.id: source.name
        for source in sources
        if source.official and order.school_id in (None, source.school)
    }
    is_sunday = order.local_date.weekday() == SUNDAY
    with store.read() as tx:
        day = digest_entries.gather(tx, school_id=order.school_id, since=since, until=until)
        ours = (
            digest_entries.own_posts(tx, list(names), since=until - WEEK, until=until)
            if is_sunday
            else []
        )
    return DigestMaterial(
        school_id=order.school_id,
        local_date=order.local_date,
        collected=day.collected,
        flagged={level: number for level, number in day.severities.items() if level != "none"},
        labels=day.labels,
        decided=day.decided,
        waiting=day.waiting,
        entries=tuple(_entry(row) for row in day.entries),
        sources=tuple(_source(source) for source in day.sources if source.enabled),
        set_aside=day.set_aside,
        undelivered=day.undelivered,
        own_posts=tuple(
            OwnPost(
                mention_id=one.mention_id,
                level=one.level,
                source=names[one.source_id],
                published_at=one.published_at,
            )
            for one in ours
        ),
    )


def _entry(row: QueueRow) -> DigestEntry:
    return DigestEntry(
        mention_id=row.mention_id,
        assessment=row.excerpt_assessment,
        platform=row.platform,
        published_at=row.published_at,
        copies=row.copies,
    )


def _source(source: SourceHealth) -> DigestSource:
    return DigestSource(
        name=source.name,
        read=source.state in ("ok", "partial"),
        reason=source.reason or ("not yet read" if source.state == "never" else ""),
    )
