"""Who is signed in: begun, used, ended; what is too old counts as ended."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update

from monitor.store.database import Tx
from monitor.store.session_tables import SessionRow

Way = Literal["provider", "break_glass"]
_table: Any = SessionRow.__table__  # type: ignore[attr-defined]
_c = _table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Who has come in, and how."""

    subject: str
    """Who they are to the provider that they signed in with."""
    name: str = ""
    """What they were called then."""
    way: Way = "provider"
    groups: tuple[str, ...] = ()
    """Those of the provider's groups that people.toml named then."""
    browser: str = ""
    """In a few words, so that people know their own sessions again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    number: str
    """Names it without opening it: the digest of its key."""
    whose: Whose
    begun_at: datetime
    used_at: datetime


def begin(tx: Tx, whose: Whose, now: datetime, *, longest: timedelta) -> str:
    """A new session; its key, which is known to the browser alone. What is over is forgotten."""
    tx.execute(delete(_table).where(_c.begun_at <= now - longest))
    key = secrets.token_urlsafe(32)
    row = {
        "subject": whose.subject,
        "name": whose.name,
        "way": whose.way,
        "groups": list(whose.groups),
        "browser": whose.browser,
        "begun_at": now,
        "used_at": now,
    }
    tx.execute(insert(_table).values(digest=_digest(key), **row))
    return key


def find(tx: Tx, key: str, now: datetime, *, idle: timedelta, longest: timedelta) -> Session | None:
    """None when there is none, or it has ended."""
    lasting = _lasting(now, idle=idle, longest=longest)
    row = tx.execute(select(_table).where(_c.digest == _digest(key), *lasting)).one_or_none()
    return None if row is None else _session(row)


def listing(tx: Tx, now: datetime, *, idle: timedelta, longest: timedelta) -> list[Session]:
    """Everybody's that have not ended, the last used first."""
    lasting = _lasting(now, idle=idle, longest=longest)
    rows = tx.execute(select(_table).where(*lasting).order_by(_c.used_at.desc(), _c.digest))
    return [_session(row) for row in rows]


def note_use(tx: Tx, key: str, now: datetime) -> None:
    tx.execute(update(_table).where(_c.digest == _digest(key)).values(used_at=now))


def end(tx: Tx, key: str) -> None:
    tx.execute(delete(_table).where(_c.digest == _digest(key)))


def revoke(tx: Tx, number: str) -> bool:
    """End one by its number; False when it is over already."""
    try:
        digest = bytes.fromhex(number)
    except ValueError:
        return False
    return bool(tx.execute(delete(_table).where(_c.digest == digest)).rowcount)


def revoke_all(tx: Tx, whose: Whose, *, but: str = "") -> int:
    """End all of one person's, less the one with this number; how many that were."""
    theirs = (_c.subject == whose.subject, _c.way == whose.way)
    return int(tx.execute(delete(_table).where(*theirs, _c.digest != bytes.fromhex(but))).rowcount)


def number_of(key: str) -> str:
    return _digest(key).hex()


def _lasting(now: datetime, *, idle: timedelta, longest: timedelta) -> tuple[Any, ...]:
    return _c.begun_at > now - longest, _c.used_at > now - idle


def _session(row: Any) -> Session:
    return Session(
        number=row.digest.hex(),
        whose=Whose(
            subject=row.subject,
            name=row.name,
            way=row.way,
            groups=tuple(row.groups),
            browser=row.browser,
        ),
        begun_at=row.begun_at,
        used_at=row.used_at,
    )


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
