"""Who did what, in a chain: a changed, removed or moved entry shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from monitor.store.columns import to_microseconds
from monitor.store.database import Tx
from monitor.store.tables import AuditRow
from monitor.store.views import AuditEntry

_table: Any = AuditRow.__table__  # type: ignore[attr-defined]
_c = _table.c
BEGINNING = "0" * 64


def append(tx: Tx, *, actor: str, action: str, subject: str, now: datetime) -> None:
    """Add an entry in the caller's transaction; it covers the entry before it."""
    last = tx.scalar(select(_c.digest).order_by(_c.id.desc()).limit(1)) or BEGINNING
    digest = _digest(last, now, actor, action, subject)
    tx.execute(
        insert(_table).values(at=now, actor=actor, action=action, subject=subject, digest=digest)
    )


def verify(tx: Tx) -> int | None:
    """The first entry that does not follow from the one before it; None when all do.

    Entries removed from the end cannot be seen from the table alone.
    """
    last, expected_id = BEGINNING, None
    for row in tx.execute(select(_table).order_by(_c.id)).mappings():
        gap = expected_id is not None and row["id"] != expected_id
        digest = _digest(last, row["at"], row["actor"], row["action"], row["subject"])
        if gap or digest != row["digest"]:
            return int(row["id"])
        last, expected_id = digest, row["id"] + 1
    return None


def _digest(last: str, at: datetime, actor: str, action: str, subject: str) -> str:
    entry = json.dumps([last, to_microseconds(at), actor, action, subject])
    return hashlib.blake2b(entry.encode(), digest_size=32).hexdigest()


def subjects(tx: Tx, action: str) -> Iterator[str]:
    """Subjects of the entries whose action is like this, the oldest first."""
    return iter(tx.scalars(select(_c.subject).where(_c.action.like(action)).order_by(_c.id)))


def listing(tx: Tx, limit: int) -> list[AuditEntry]:
    """The newest entries first."""
    rows = tx.execute(select(_table).order_by(_c.id.desc()).limit(limit)).mappings()
    return [
        AuditEntry(
            entry_id=row["id"],
            at=row["at"],
            actor=row["actor"],
            action=row["action"],
            subject=row["subject"],
            digest=row["digest"],
        )
        for row in rows
    ]
