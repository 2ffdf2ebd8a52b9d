"""Timestamps on seals: one on the newest stands for all before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from monitor.store.database import Tx
from monitor.store.evidence_tables import EvidenceRow, EvidenceStampRow

_seals: Any = EvidenceRow.__table__.c  # type: ignore[attr-defined]
_table: Any = EvidenceStampRow.__table__  # type: ignore[attr-defined]
_c = _table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstamped:
    number: int
    digest: str
    attempts: int


def next_due(tx: Tx, now: datetime) -> Unstamped | None:
    """The newest seal, when it has no timestamp yet and its next try is due."""
    query = (
        select(_seals.id, _seals.digest, _c.stamped_at, _c.attempts, _c.next_attempt_at)
        .join(_table, _c.evidence_id == _seals.id, isouter=True)
        .order_by(_seals.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None or row.stamped_at or (row.next_attempt_at and row.next_attempt_at > now):
        return None
    return Unstamped(number=row.id, digest=row.digest, attempts=row.attempts or 0)


def note(
    tx: Tx,
    seal: Unstamped,
    *,
    token: bytes,
    is_checked: bool,
    error: str,
    now: datetime,
    next_attempt_at: datetime,
) -> None:
    """What came of a try; a token is kept for good."""
    tx.execute(delete(_table).where(_c.evidence_id == seal.number, _c.stamped_at.is_(None)))
    tx.execute(
        insert(_table).values(
            evidence_id=seal.number,
            token=token,
            stamped_at=now if token else None,
            is_checked=is_checked,
            attempts=seal.attempts + 1,
            next_attempt_at=next_attempt_at,
            last_error=error,
        )
    )


def first_from(tx: Tx, number: int) -> tuple[int, bytes] | None:
    """The first timestamp on this seal or a later one: its seal, and the reply as it came."""
    query = (
        select(_c.evidence_id, _c.token)
        .where(_c.evidence_id >= number, _c.stamped_at.is_not(None))
        .order_by(_c.evidence_id)
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else (row.evidence_id, row.token)
