"""The outbox: enqueued exactly once by key, sent at least once, never silently dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, case, func, or_, select, update

from alerts import service
from alerts.channels import MAIL
from alerts.types import Dead, Delivery, Notice, Retry, Sent, Unknown
from classifiers.types import SEVERITIES, Severity
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.scope import EVERYTHING, Scope, named
from monitor.store.tables import DeliveryRow
from monitor.store.views import (
    ClaimedDelivery,
    DeliveryState,
    DeliveryView,
    DigestOrder,
    GroupedNotice,
    MailHealth,
    OutboxItem,
)

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
UNKNOWN_SENDS = 3
"""A message that may or may not have arrived is sent at most so often in all."""
FAILED = ("dead", "unknown")
RETIRED = "Its channel stands in settings.toml no more."
_UNCLAIMED = {"lease_token": None, "leased_until": None, "group_id": None}
_UNDOABLE = (_c.state == "due", _c.resent_after.is_not(None), _c.lease_token.is_(None))
MOST_TOGETHER = 20
"""Matters in one message."""
GRADE = 100
"""Between two grades of severity; more than anybody's place in the order of telling."""
NOT_CRITICAL = GRADE
"""The first priority that is not critical."""
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
    tx: Tx, recipient: str, *, now: datetime, wait: timedelta, interval: timedelta
) -> datetime:
    """When the next message that several matters share may go to a person: with the one that
    waits already, or after a wait, and an interval after the last."""
    grouped = (_c.recipient == recipient, _c.grouped, _c.group_id.is_(None))
    waiting = select(func.min(_c.next_attempt_at)).where(*grouped, _c.state == "due")
    last = select(func.max(_c.sent_at)).where(_c.recipient == recipient, _c.grouped)
    slot, sent = tx.scalar(waiting), tx.scalar(last)
    return slot or max(now + wait, sent + interval if sent else now)


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


def room(tx: Tx, *, since: datetime, most: int) -> int:
    """How many more mails the provider takes: `most` less those tried after `since`."""
    tried = select(func.count()).where(_c.channel == MAIL, _c.tried_at > since)
    return max(most - int(tx.scalar(tried) or 0), 0)


def claim_due(
    tx: Tx,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    channel: str = MAIL,
    is_critical: bool = False,
) -> list[ClaimedDelivery]:
    """Up to `limit` messages of one channel that are due and free, in the order in which people
    are told; only critical alerts if told so."""
    due = (
        select(_table)
        .where(_c.state == "due", _c.channel == channel, _c.next_attempt_at <= now, _free(now))
        .where(or_(_c.group_id.is_(None), _c.group_id == _c.id))
        .order_by(_c.priority, _c.next_attempt_at, _c.id)
        .limit(limit)
    )
    if is_critical:
        due = due.where(_c.priority < NOT_CRITICAL)
    claimed: list[ClaimedDelivery] = []
    taken: set[int] = set()
    for row in tx.execute(due).mappings().all():
        group = [] if row["id"] in taken else _group(tx, row, now)
        taken |= {one["id"] for one in group}
        claimed += _claim(tx, group, now, lease)
    return claimed


def _free(now: datetime) -> Any:
    return or_(_c.lease_token.is_(None), _c.leased_until <= now)


def _group(tx: Tx, first: Any, now: datetime) -> list[Any]:
    """The rows that go in one message: as they went before, or as many as are due by now."""
    if not first["grouped"]:
        return [first]
    same = (_c.recipient == first["recipient"], _c.channel == first["channel"], _c.grouped)
    unsent = (_c.group_id.is_(None), _c.state == "due", _c.next_attempt_at <= now, _free(now))
    is_retry = first["group_id"] is not None
    members = and_(_c.group_id == first["group_id"]) if is_retry else and_(*unsent)
    query = select(_table).where(*same, members).order_by(_c.id != first["id"], _c.id)
    return list(tx.execute(query.limit(MOST_TOGETHER)).mappings())


def _claim(tx: Tx, group: list[Any], now: datetime, lease: timedelta) -> Iterator[ClaimedDelivery]:
    """The message of a group, its first row standing for it; nothing where another instance was
    quicker with any of it, which a server's database lets happen."""
    if not group:
        return
    token = uuid4().hex
    first, *others = group
    claim = {"lease_token": token, "leased_until": now + lease}
    if first["grouped"]:
        claim["group_id"] = first["id"]
    free = (_c.id.in_([row["id"] for row in group]), _c.state == "due", _free(now))
    if tx.execute(update(_table).where(*free).values(claim)).rowcount != len(group):
        tx.execute(update(_table).where(_c.lease_token == token).values(_UNCLAIMED))
        return
    tx.execute(update(_table).where(_c.id == first["id"]).values(tried_at=now))
    yield ClaimedDelivery(
        delivery_id=first["id"],
        token=token,
        item=_item(first),
        attempts=first["attempts"],
        message_id=first["message_id"],
        reply_token=first["reply_token"],
        thread=_thread(tx, first),
        more=tuple(
            GroupedNotice(
                notice=records.load_notice(row["payload"]), reply_token=row["reply_token"]
            )
            for row in others
        ),
    )


def _thread(tx: Tx, row: Any) -> str | None:
    if row["story_id"] is None or row["channel"] != MAIL:
        return None
    first = (
        select(_c.message_id)
        .where(
            _c.story_id == row["story_id"],
            _c.recipient == row["recipient"],
            _c.id < row["id"],
        )
        .order_by(_c.id)
        .limit(1)
    )
    return tx.scalar(first)


def _item(row: Any) -> OutboxItem:
    kind, payload = row["kind"], row["payload"]
    return OutboxItem(
        key=row["dedupe_key"],
        channel=row["channel"],
        recipient=row["recipient"],
        notice=records.load_notice(payload) if kind == "alert" else None,
        digest=records.load_order(payload) if kind == "digest" else None,
        service=records.load_service(payload) if kind == "service" else None,
    )


def finish(
    tx: Tx,
    claimed: ClaimedDelivery,
    outcome: Delivery,
    *,
    now: datetime,
    next_attempt_at: datetime,
    max_attempts: int,
) -> DeliveryState:
    """Note what became of a try: sent, due again, unknown for good, or dead."""
    attempts = claimed.attempts + 1
    state = _state(outcome, attempts, max_attempts)
    if isinstance(outcome, Retry) and outcome.after is not None:
        next_attempt_at = max(next_attempt_at, now + timedelta(seconds=outcome.after))
    tx.execute(
        update(_table)
        .where(_c.lease_token == claimed.token)
        .values(
            state=state,
            attempts=attempts,
            next_attempt_at=next_attempt_at,
            lease_token=None,
            leased_until=None,
            sent_at=now if state == "sent" else None,
            last_error=None if isinstance(outcome, Sent) else outcome.reason,
        )
    )
    return state


def _state(outcome: Delivery, attempts: int, max_attempts: int) -> DeliveryState:
    match outcome:
        case Sent():
            return "sent"
        case Retry():
            return "due" if attempts < max_attempts else "dead"
        case Unknown():
            return "due" if attempts < UNKNOWN_SENDS else "unknown"
        case Dead():
            return "dead"


def bounced(tx: Tx, message_id: str, reason: str) -> bool:
    """Let a mail that left be dead, as it came back; False where none of that name had left."""
    first = select(_c.id).where(_c.message_id == message_id).scalar_subquery()
    dead = (
        update(_table)
        .where(
            or_(_c.id == first, _c.group_id == first),
            _c.channel == MAIL,
            _c.state.in_(("sent", "unknown")),
        )
        .values(state="dead", last_error=reason)
    )
    return tx.execute(dead).rowcount > 0


def stories_of(tx: Tx, message_id: str) -> list[int]:
    """The stories that a mail told of."""
    first = select(_c.id).where(_c.message_id == message_id).scalar_subquery()
    told = (or_(_c.id == first, _c.group_id == first), _c.story_id.is_not(None))
    return list(tx.scalars(select(_c.story_id).where(*told).distinct()))


def find(tx: Tx, delivery_id: int, scope: Scope = EVERYTHING) -> DeliveryView | None:
    query = select(_table).where(_c.id == delivery_id, *of_scope(scope))
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else view(row)


def resend(tx: Tx, delivery_id: int, *, now: datetime) -> bool:
    """Make due again what is over without having surely arrived, with the same Message-ID and
    by itself; False for anything else."""
    again = (
        update(_table)
        .where(_c.id == delivery_id, _c.state.in_(FAILED), _c.last_error != RETIRED)
        .values(
            state="due",
            resent_after=_c.state,
            attempts=0,
            next_attempt_at=now,
            due_at=now,
            grouped=False,
            group_id=None,
        )
    )
    return tx.execute(again).rowcount == 1


def take_back(tx: Tx, delivery_id: int) -> bool:
    """Let a resent message be over as it was before; False when it is under way or sent."""
    undone = (
        update(_table)
        .where(_c.id == delivery_id, *_UNDOABLE)
        .values(state=_c.resent_after, resent_after=None)
    )
    return tx.execute(undone).rowcount == 1


def mail_health(tx: Tx, now: datetime, scope: Scope = EVERYTHING) -> MailHealth:
    """How the mail stands now."""
    waiting = (_c.channel == MAIL, _c.state == "due", _c.due_at <= now, *of_scope(scope))
    oldest = tx.execute(
        select(_c.id, _c.due_at).where(*waiting).order_by(_c.due_at, _c.id).limit(1)
    ).first()
    last = (
        select(_c.sent_at)
        .where(_c.channel == MAIL, _c.state == "sent", *of_scope(scope))
        .order_by(_c.tried_at.desc())
        .limit(1)
    )
    return MailHealth(
        due=int(tx.scalar(select(func.count()).where(*waiting)) or 0),
        oldest_id=oldest.id if oldest else None,
        oldest_due_at=oldest.due_at if oldest else None,
        last_sent_at=tx.scalar(last),
    )


def retire(tx: Tx, channels: Collection[str]) -> int:
    """Give up what waits for a channel that is configured no more; the number given up."""
    gone = update(_table).where(_c.state == "due", _c.channel.not_in(channels))
    return tx.execute(gone.values(state="dead", last_error=RETIRED)).rowcount


def of_scope(scope: Scope) -> list[Any]:
    """What holds for the messages that somebody may know of: all, less those on stories about
    themselves."""
    about = or_(_c.mention_id.is_(None), _c.mention_id.not_in(named(scope)))
    return [about] if scope.apart else []


def listing(tx: Tx, limit: int, scope: Scope = EVERYTHING) -> list[DeliveryView]:
    """The dead first, then what waits, then the newest."""
    order = case(
        (_c.state == "dead", 0), (_c.state == "unknown", 1), (_c.state == "due", 2), else_=3
    )
    query = select(_table).where(*of_scope(scope)).order_by(order, _c.id.desc()).limit(limit)
    return [view(row) for row in tx.execute(query).mappings()]


def of_mention(tx: Tx, mention_id: int, story_id: int | None) -> tuple[DeliveryView, ...]:
    """Who was told of a mention, or of another post of its story: in the order of telling."""
    told = _c.mention_id == mention_id
    if story_id is not None:
        told = or_(told, _c.story_id == story_id)
    query = select(_table).where(told, _c.kind == "alert").order_by(_c.id)
    return tuple(view(row) for row in tx.execute(query).mappings())


def view(row: Any) -> DeliveryView:
    same = (
        "mention_id", "kind", "role", "recipient", "channel", "state", "attempts", "created_at",
        "next_attempt_at", "sent_at", "last_error", "why",
    )  # fmt: skip
    is_resent = row["state"] == "due" and row["resent_after"] is not None
    return DeliveryView(
        delivery_id=row["id"],
        may_resend=row["state"] in FAILED and row["last_error"] != RETIRED,
        may_take_back=is_resent and row["lease_token"] is None,
        **{name: row[name] for name in same},
    )


def release_leases(tx: Tx) -> None:
    """Make due again what a process that is gone was sending."""
    tx.execute(update(_table).values(lease_token=None, leased_until=None))
