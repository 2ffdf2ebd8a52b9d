"""What staff keep of their self-checks: sealed boxes, put, found and forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from monitor.store.database import Tx, one_at_a_time
from monitor.store.self_check_tables import SelfCheckBoxRow, SelfCheckReminderRow

_boxes: Any = SelfCheckBoxRow.__table__  # type: ignore[attr-defined]
_reminders: Any = SelfCheckReminderRow.__table__  # type: ignore[attr-defined]
_ONLY = 1


def put(tx: Tx, place: bytes, sealed: bytes, forget_on: date) -> None:
    """Keep a box, in the place of one that is there."""
    drop(tx, place)
    tx.execute(insert(_boxes).values(place=place, sealed=sealed, forget_on=forget_on))


def find(tx: Tx, place: bytes, today: date) -> bytes | None:
    """None where there is none, or its time is over."""
    query = select(_boxes.c.sealed).where(_boxes.c.place == place, _boxes.c.forget_on > today)
    found: bytes | None = tx.execute(query).scalar_one_or_none()
    return found


def drop(tx: Tx, place: bytes) -> bool:
    """Whether there was one."""
    return bool(tx.execute(delete(_boxes).where(_boxes.c.place == place)).rowcount)


def forget(tx: Tx, today: date) -> int:
    """Delete what is past its time; how many."""
    return int(tx.execute(delete(_boxes).where(_boxes.c.forget_on <= today)).rowcount)


def reminders(tx: Tx) -> bytes | None:
    """The one box of all reminders, to be changed in this transaction; None at first."""
    one_at_a_time(tx, "self-check reminders")
    query = select(_reminders.c.sealed).where(_reminders.c.id == _ONLY)
    found: bytes | None = tx.execute(query).scalar_one_or_none()
    return found


def put_reminders(tx: Tx, sealed: bytes) -> None:
    tx.execute(delete(_reminders))
    tx.execute(insert(_reminders).values(id=_ONLY, sealed=sealed))
