"""Who is signed in: begun, used, ended; what is too old counts as ended."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from monitor.store.database import Tx
from monitor.store.session_tables import SessionRow

_table: Any = SessionRow.__table__  # type: ignore[attr-defined]
_c = _table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    subject: str
    """Whose it is, to the provider that they signed in with."""
    used_at: datetime


def begin(tx: Tx, subject: str, now: datetime, *, longest: timedelta) -> str:
    """A new session; its key, which is known to the browser alone. What is over is forgotten."""
    tx.execute(delete(_table).where(_c.begun_at <= now - longest))
    key = secrets.token_urlsafe(32)
    row = {"digest": _digest(key), "subject": subject, "begun_at": now, "used_at": now}
    tx.execute(insert(_table).values(**row))
    return key


def find(tx: Tx, key: str, now: datetime, *, idle: timedelta, longest: timedelta) -> Session | None:
    """None when there is none, or it has ended."""
    row = tx.execute(
        select(_c.subject, _c.used_at).where(
            _c.digest == _digest(key), _c.begun_at > now - longest, _c.used_at > now - idle
        )
    ).one_or_none()
    return None if row is None else Session(subject=row.subject, used_at=row.used_at)


def note_use(tx: Tx, key: str, now: datetime) -> None:
    tx.execute(update(_table).where(_c.digest == _digest(key)).values(used_at=now))


def end(tx: Tx, key: str) -> None:
    tx.execute(delete(_table).where(_c.digest == _digest(key)))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
