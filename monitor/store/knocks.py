"""Who of the Trust's own tenant asked to come in and is not among the people yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from monitor.store.database import Tx
from monitor.store.session_tables import KnockRow

_table: Any = KnockRow.__table__  # type: ignore[attr-defined]
_c = _table.c
KEPT = timedelta(days=30)
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    subject: str
    name: str
    at: datetime


def note(tx: Tx, subject: str, name: str, now: datetime) -> None:
    """The newest stay, each person once, for their time."""
    tx.execute(delete(_table).where((_c.subject == subject) | (_c.at <= now - KEPT)))
    tx.execute(insert(_table).values(subject=subject, name=name, at=now))
    kept = select(_c.subject).order_by(_c.at.desc()).limit(MOST)
    tx.execute(delete(_table).where(_c.subject.not_in(kept)))


def listing(tx: Tx, now: datetime) -> list[Knock]:
    """The newest first."""
    rows = tx.execute(select(_table).where(_c.at > now - KEPT).order_by(_c.at.desc()))
    return [Knock(subject=row.subject, name=row.name, at=row.at) for row in rows]


def forget(tx: Tx, subject: str) -> None:
    tx.execute(delete(_table).where(_c.subject == subject))
