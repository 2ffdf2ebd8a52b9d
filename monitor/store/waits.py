"""What waits to be done, and since when: the watch over the service itself. Numbers, no posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, or_, select

from monitor.store import stories
from monitor.store.database import Tx
from monitor.store.evidence_tables import EvidenceOrderRow
from monitor.store.tables import DeliveryRow, MentionRow, SourceRow

What = Literal["polls", "posts", "messages", "captures"]
_sources: Any = SourceRow.__table__.c  # type: ignore[attr-defined]
_mentions: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
_orders: Any = EvidenceOrderRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Work of one kind that is due and in nobody's hands; `since` of the oldest."""

    what: What
    number: int
    since: datetime | None

    def age(self, now: datetime) -> timedelta:
        return now - self.since if self.since else timedelta(0)


def waits(tx: Tx, now: datetime) -> tuple[Wait, ...]:
    """Each kind of work once, also where nothing waits. Of a message the time counts at which it is
    to be tried next: that a server refuses it is another matter (`delivered.mail_health`)."""
    new = (_mentions.state == "new", stories.literal("state = 'new'"))
    polls = (_sources.enabled, *_due(_sources, now, "next_due_at"))
    return (
        _wait(tx, "polls", _sources.next_due_at, *polls),
        _wait(tx, "posts", _mentions.fetched_at, *new),
        _wait(
            tx, "messages", _deliveries.next_attempt_at,
            _deliveries.state == "due", *_due(_deliveries, now),
        ),
        _wait(
            tx, "captures", _orders.next_attempt_at, _orders.state == "due", *_due(_orders, now)
        ),
    )  # fmt: skip


def _due(columns: Any, now: datetime, at: str = "next_attempt_at") -> tuple[Any, ...]:
    free = or_(columns.lease_token.is_(None), columns.leased_until <= now)
    return columns[at] <= now, free


def _wait(tx: Tx, what: What, since: Any, *conditions: Any) -> Wait:
    row = tx.execute(select(func.count(), func.min(since)).where(*conditions)).one()
    return Wait(what=what, number=row[0], since=row[1])
