"""The outbox: enqueued exactly once by key, sent at least once, never silently dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import func, select, update

from alerts import service
from alerts.channels import MAIL
from alerts.types import Notice
from classifiers.types import SEVERITIES, Severity
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.tables import DeliveryRow
from monitor.store.views import (
    DigestOrder,
    OutboxItem,
)

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
RETIRED = "Its channel stands in settings.toml no more."
GRADE = 100
"""Between two grades of severity; more than anybody's place in the order of telling."""
NOT_CRITICAL = GRADE
"""The first priority that is not critical."""
CALM = 1.5
"""Longest rests without a message that several matters share, after which it begins anew: a rest
that ends in the night is longer by the quiet hours."""
AFTER_ALERTS = 10 * GRADE
"""Digests wait until the alerts are out."""


def enqueue(tx: Tx, item: OutboxItem, *, now: datetime) -> bool:
    """Make a message due; False when its key is there already.

    The Message-ID follows from the key, so that every try carries the same one.
    """
    stem = hashlib.blake2b(item.key.encode(), digest_size=16).hexdigest()
    inserted = tx.execute(
        insert_or_ignore(tx, _table).values(
            dedupe_key=item.key,
            recipient=item.recipient,
            channel=item.channel,
            story_id=item.story_id,
            state="due",
            attempts=0,
            next_attempt_at=item.not_before or now,
            due_at=item.not_before or now,
            created_at=now,
            message_id=f"<{stem}@{tx.info.get('message_domain', 'trust-monitor.localdomain')}>",
            **_content(item),
        )
    )
    return inserted.rowcount == 1


def _content(item: OutboxItem) -> dict[str, Any]:
    if item.notice is not None:
        return {
            "kind": "alert",
            "mention_id": item.notice.mention_id,
            "role": item.notice.role,
            "why": item.notice.why,
            "payload": records.dump_notice(item.notice),
            "priority": _priority(item.severity, item.notice.order),
            "grouped": item.notice.urgency == "grouped" and item.channel == MAIL,
            "reply_token": token_urlsafe(16) if item.channel == MAIL else None,
        }
    if item.service is not None:
        return {
            "kind": "service",
            "mention_id": None,
            "role": "it",
            "why": service.called(item.service.kind),
            "payload": records.dump_service(item.service),
            "priority": 0,
            "grouped": False,
        }
    if item.digest is None:
        raise ValueError("an outbox item is a notice or a digest")
    return {
        "kind": "digest",
        "mention_id": None,
        "role": _reader(item.digest),
        "why": f"{item.digest.kind} digest of {item.digest.local_date}",
        "payload": records.dump_order(item.digest),
        "priority": AFTER_ALERTS,
        "grouped": False,
    }


def _reader(order: DigestOrder) -> str:
    if order.school_ids:
        return "headteacher"
    return "executive" if order.kind == "executive" else "head_of_pr"


def last_digests(tx: Tx, *, since: datetime) -> dict[str, datetime]:
    """When digests were last ordered, by "kind:recipient"; only those ordered after `since`."""
    query = (
        select(_c.recipient, _c.why, func.max(_c.created_at))
        .where(_c.kind == "digest", _c.created_at >= since)
        .group_by(_c.recipient, _c.why)
    )
    found: dict[str, datetime] = {}
    for recipient, why, at in tx.execute(query):
        key = f"{why.partition(' ')[0]}:{recipient}"
        found[key] = max(at, found.get(key, at))
    return found


def next_slot(
    tx: Tx, recipient: str, *, now: datetime, wait: timedelta, ladder: Sequence[timedelta]
) -> datetime:
    """When the next message that several matters share may go to a person: with the one that
    waits already, or after a wait, and a step of the ladder after the last."""
    grouped = (_c.recipient == recipient, _c.grouped, _c.group_id.is_(None))
    waiting = select(func.min(_c.next_attempt_at)).where(*grouped, _c.state == "due")
    slot: datetime | None = tx.scalar(waiting)
    if slot is not None:
        return slot
    before = gathered(tx, recipient, now=now, longest=ladder[-1], most=len(ladder))
    rest = ladder[len(before) - 1] if before else timedelta()
    return max(now + wait, before[0] + rest if before else now)


def gathered(
    tx: Tx, recipient: str, *, now: datetime, longest: timedelta, most: int
) -> list[datetime]:
    """When the last messages that several matters may share left to a person, the newest first, as
    far as they followed one another; none where it has been calm for long enough."""
    query = select(_c.sent_at).where(_c.recipient == recipient, _c.grouped, _c.sent_at.is_not(None))
    found: list[datetime] = []
    after = now
    for sent in tx.scalars(query.distinct().order_by(_c.sent_at.desc()).limit(most)):
        if after - sent > longest * CALM:
            break
        found.append(sent)
        after = sent
    return found


def first_due(tx: Tx, story_id: int, *, since: datetime) -> datetime | None:
    """When the first mail on a story, of those ordered since, leaves or left; None without any."""
    told = (_c.story_id == story_id, _c.kind == "alert", _c.channel == MAIL, _c.created_at >= since)
    first: datetime | None = tx.scalar(select(func.min(_c.due_at)).where(*told))
    return first


def _priority(severity: Severity, order: int) -> int:
    """Lower goes first: the critical, and of those who is told first."""
    grade = len(SEVERITIES) - 1 - SEVERITIES.index(severity)
    return grade * GRADE + min(order, GRADE - 1)


def hasten(tx: Tx, story_id: int, notice: Notice, *, severity: Severity, now: datetime) -> bool:
    """Let what waits to share a mail leave now and by itself; False when nothing waits."""
    waits = (
        _c.story_id == story_id, _c.recipient == notice.recipient, _c.channel == MAIL, _c.grouped,
        _c.state == "due", _c.group_id.is_(None), _c.lease_token.is_(None),
    )  # fmt: skip
    alone = update(_table).where(*waits)
    priority = _priority(severity, notice.order)
    left = alone.values(grouped=False, next_attempt_at=now, due_at=now, priority=priority)
    return tx.execute(left).rowcount > 0


def retire(tx: Tx, channels: Collection[str]) -> int:
    """Give up what waits for a channel that is configured no more; the number given up."""
    gone = update(_table).where(_c.state == "due", _c.channel.not_in(channels))
    return tx.execute(gone.values(state="dead", last_error=RETIRED)).rowcount
