"""Silences: for a time nobody is told at once of what they name. Each has an author, a reason
and an end, and what it kept quiet is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from alerts.silencing import Scope
from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.tables import AlarmRow, SilenceRow

_table: Any = SilenceRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_a: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    silence_id: int
    scope: Scope
    author: str
    reason: str
    since: datetime
    until: datetime
    ended_by: str | None
    ended_at: datetime | None
    kept_quiet: int
    """Stories of which nobody was told at once because of it."""


def begin(
    tx: Tx, scope: Scope, *, author: str, reason: str, since: datetime, until: datetime
) -> int:
    """A silence from then on; its id."""
    values = {name: getattr(scope, name) for name in Scope.__slots__}
    row = insert(_table).values(author=author, reason=reason, since=since, until=until, **values)
    return new_id(tx.execute(row))


def end(tx: Tx, silence_id: int, *, by: str, now: datetime) -> bool:
    """End it before its time; False when it is over already."""
    ended = tx.execute(
        update(_table)
        .where(_c.id == silence_id, _c.until > now, _c.ended_at.is_(None))
        .values(ended_by=by, ended_at=now)
    )
    return ended.rowcount == 1


def active(tx: Tx, now: datetime) -> list[Silence]:
    """Those that hold at the moment, the oldest first."""
    query = _query().where(_c.since <= now, _c.until > now, _c.ended_at.is_(None)).order_by(_c.id)
    return [_silence(row) for row in tx.execute(query).mappings()]


def coming(tx: Tx, now: datetime) -> list[Silence]:
    """Those that are still to begin, the next first."""
    query = _query().where(_c.since > now, _c.ended_at.is_(None)).order_by(_c.since, _c.id)
    return [_silence(row) for row in tx.execute(query).mappings()]


def past(tx: Tx, now: datetime, limit: int = 50) -> list[Silence]:
    """Those that are over, the newest first."""
    over = (_c.until <= now) | _c.ended_at.is_not(None)
    query = _query().where(over).order_by(_c.id.desc()).limit(limit)
    return [_silence(row) for row in tx.execute(query).mappings()]


def find(tx: Tx, silence_id: int) -> Silence | None:
    row = tx.execute(_query().where(_c.id == silence_id)).mappings().one_or_none()
    return None if row is None else _silence(row)


def _query() -> Any:
    kept = select(func.count()).where(_a.silence_id == _c.id).scalar_subquery()
    return select(_table, kept.label("kept_quiet"))


def _silence(row: Any) -> Silence:
    own = ("author", "reason", "since", "until", "ended_by", "ended_at", "kept_quiet")
    return Silence(
        silence_id=row["id"],
        scope=Scope(**{name: row[name] for name in Scope.__slots__}),
        **{name: row[name] for name in own},
    )
