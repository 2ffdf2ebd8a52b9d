"""Messages on their way: claimed by one sender at a time, and what became of each try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, bindparam, func, or_, select, update

from alerts.channels import MAIL
from alerts.types import Dead, Delivery, Retry, Sent, Unknown
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.deliveries import NOT_CRITICAL
from monitor.store.tables import DeliveryRow
from monitor.store.views import ClaimedDelivery, DeliveryState, GroupedNotice, OutboxItem

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
UNKNOWN_SENDS = 3
"""A message that may or may not have arrived is sent at most so often in all."""
MOST_TOGETHER = 20
"""Matters in one message."""


_NOW: Any = bindparam("now")
_FREE = or_(_c.lease_token.is_(None), _c.leased_until <= _NOW)
_TRIED = select(func.count()).where(_c.channel == MAIL, _c.tried_at > bindparam("since"))
_DUE = (
    select(_table)
    .where(_c.state == "due", _c.channel == bindparam("way"), _c.next_attempt_at <= _NOW, _FREE)
    .where(or_(_c.group_id.is_(None), _c.group_id == _c.id))
    .order_by(_c.priority, _c.next_attempt_at, _c.id)
    .limit(bindparam("limit"))
)
_DUE_AND_CRITICAL = _DUE.where(_c.priority < NOT_CRITICAL)
_FREE_OF_THEM = (_c.id.in_(bindparam("ids", expanding=True)), _c.state == "due", _FREE)
_TAKEN: dict[str, Any] = {"lease_token": bindparam("token"), "leased_until": bindparam("until")}
_CLAIM = update(_table).where(*_FREE_OF_THEM).values(**_TAKEN, tried_at=_NOW)
_CLAIM_TOGETHER = update(_table).where(*_FREE_OF_THEM).values(**_TAKEN, group_id=bindparam("first"))
_UNCLAIM = (
    update(_table)
    .where(_c.lease_token == bindparam("token"))
    .values(lease_token=None, leased_until=None, group_id=None)
)
_NOTE_TRY = update(_table).where(_c.id == bindparam("first")).values(tried_at=_NOW)


def room(tx: Tx, *, since: datetime, most: int) -> int:
    """How many more mails the provider takes: `most` less those tried after `since`."""
    return max(most - int(tx.scalar(_TRIED, {"since": since}) or 0), 0)


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
    due = _DUE_AND_CRITICAL if is_critical else _DUE
    claimed: list[ClaimedDelivery] = []
    taken: set[int] = set()
    for row in tx.execute(due, {"now": now, "way": channel, "limit": limit}).mappings().all():
        group = [] if row["id"] in taken else _group(tx, row, now)
        taken |= {one["id"] for one in group}
        claimed += _claim(tx, group, now, lease)
    return claimed


def _group(tx: Tx, first: Any, now: datetime) -> list[Any]:
    """The rows that go in one message: as they went before, or as many as are due by now."""
    if not first["grouped"]:
        return [first]
    same = (_c.recipient == first["recipient"], _c.channel == first["channel"], _c.grouped)
    unsent = (_c.group_id.is_(None), _c.state == "due", _c.next_attempt_at <= _NOW, _FREE)
    is_retry = first["group_id"] is not None
    members = and_(_c.group_id == first["group_id"]) if is_retry else and_(*unsent)
    query = select(_table).where(*same, members).order_by(_c.id != first["id"], _c.id)
    return list(tx.execute(query.limit(MOST_TOGETHER), {"now": now}).mappings())


def _claim(tx: Tx, group: list[Any], now: datetime, lease: timedelta) -> Iterator[ClaimedDelivery]:
    """The message of a group, its first row standing for it; nothing where another instance was
    quicker with any of it, which a server's database lets happen."""
    if not group:
        return
    token = uuid4().hex
    first, *others = group
    claim = {"ids": [row["id"] for row in group], "token": token, "until": now + lease, "now": now}
    if first["grouped"]:
        taken = tx.execute(_CLAIM_TOGETHER, {**claim, "first": first["id"]})
    else:
        taken = tx.execute(_CLAIM, claim)
    if taken.rowcount != len(group):
        tx.execute(_UNCLAIM, {"token": token})
        return
    if first["grouped"]:
        tx.execute(_NOTE_TRY, {"first": first["id"], "now": now})
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


_FINISH = (
    update(_table)
    .where(_c.lease_token == bindparam("token"))
    .values(
        state=bindparam("became"),
        attempts=bindparam("tries"),
        next_attempt_at=bindparam("again_at"),
        lease_token=None,
        leased_until=None,
        sent_at=bindparam("left_at"),
        last_error=bindparam("error"),
    )
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
    became = {
        "token": claimed.token,
        "became": state,
        "tries": attempts,
        "again_at": next_attempt_at,
        "left_at": now if state == "sent" else None,
        "error": None if isinstance(outcome, Sent) else outcome.reason,
    }
    tx.execute(_FINISH, became)
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


def release_leases(tx: Tx) -> None:
    """Make due again what a process that is gone was sending."""
    tx.execute(update(_table).values(lease_token=None, leased_until=None))
