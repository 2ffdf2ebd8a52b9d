"""The break-glass administrator: at most one, whose password is kept as a digest alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from monitor.store.database import Tx
from monitor.store.session_tables import BreakGlassRow

_table: Any = BreakGlassRow.__table__  # type: ignore[attr-defined]
_ONE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    password: str
    """Argon2id, with its salt and costs."""
    roles: tuple[str, ...]
    set_at: datetime
    used_at: datetime | None
    tries: int
    tries_since: datetime | None


def put(tx: Tx, password: str, roles: tuple[str, ...], now: datetime) -> None:
    """Make it, or make it anew; tries are counted from the beginning."""
    remove(tx)
    row = {"password": password, "roles": list(roles), "set_at": now, "tries": 0}
    tx.execute(insert(_table).values(id=_ONE, **row))


def remove(tx: Tx) -> bool:
    """False when there was none."""
    return bool(tx.execute(delete(_table)).rowcount)


def find(tx: Tx, *, locked: bool = False) -> BreakGlass | None:
    """None: nobody has set one up."""
    query = select(_table)
    row = tx.execute(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        return None
    return BreakGlass(
        password=row.password,
        roles=tuple(row.roles),
        set_at=row.set_at,
        used_at=row.used_at,
        tries=row.tries,
        tries_since=row.tries_since,
    )


def count_try(tx: Tx, now: datetime, *, most: int, within: timedelta) -> int | None:
    """Count a try before its password is looked at, so that none is free; how many were left
    before it, or None where there were no more (or nobody to be)."""
    found = find(tx, locked=True)
    if found is None:
        return None
    is_over = found.tries_since is None or now - found.tries_since >= within
    tries = 0 if is_over else found.tries
    if tries >= most:
        return None
    since = now if is_over else found.tries_since
    tx.execute(update(_table).values(tries=tries + 1, tries_since=since))
    return most - tries


def note_use(tx: Tx, now: datetime) -> None:
    tx.execute(update(_table).values(used_at=now, tries=0, tries_since=None))
