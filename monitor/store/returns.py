"""Self-tests that go to our own mailbox: seen there, or lost on the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from monitor.store.database import Tx
from monitor.store.tables import DeliveryRow

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
KEY = "self_test_back:"
"""How the keys of those begin that are to come back, each with its day."""
AFTER_KEY = "self_test_back;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The newest self-test, which has left and has not come back."""

    delivery_id: int
    sent_at: datetime


def note(tx: Tx, message_ids: Collection[str], now: datetime) -> int:
    """Mails of ours were seen in our own mailbox; the number that was waited for."""
    ours = update(_table).where(
        _c.message_id.in_(message_ids), _c.kind == "service", _c.arrived_at.is_(None)
    )
    return tx.execute(ours.values(arrived_at=now)).rowcount if message_ids else 0


def lost(tx: Tx, now: datetime, *, after: timedelta) -> Lost | None:
    """None where the newest one came back, or may still do so."""
    query = (
        select(_c.id, _c.sent_at, _c.arrived_at)
        .where(_c.dedupe_key >= KEY, _c.dedupe_key < AFTER_KEY, _c.state == "sent")
        .order_by(_c.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None or row.arrived_at is not None or now - row.sent_at < after:
        return None
    return Lost(delivery_id=row.id, sent_at=row.sent_at)
