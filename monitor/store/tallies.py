"""How many new matters a school has in a day: the habit that a burst is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.tables import TallyRow

_table: Any = TallyRow.__table__  # type: ignore[attr-defined]
_c = _table.c
LATELY = timedelta(days=56)
YEAR = timedelta(days=364)
"""52 weeks, so that weekdays meet."""
AROUND = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Counts of a school's days: today's, those of the last weeks, and those around this day a
    year ago. Days before the first one counted are unknown and left out."""

    today: int
    lately: tuple[int, ...]
    last_year: tuple[int, ...]


def count(tx: Tx, school_id: str, day: date) -> None:
    """One more matter."""
    new = insert_or_ignore(tx, _table).values(school_id=school_id, day=day, matters=0)
    tx.execute(new)
    one_more = update(_table).where(_c.school_id == school_id, _c.day == day)
    tx.execute(one_more.values(matters=_c.matters + 1))


def habit(tx: Tx, school_id: str, day: date) -> Habit:
    first = tx.scalar(select(func.min(_c.day))) or day
    then = day - YEAR
    return Habit(
        today=sum(_days(tx, school_id, day, day + timedelta(days=1))),
        lately=_days(tx, school_id, max(first, day - LATELY), day),
        last_year=_days(tx, school_id, max(first, then - AROUND), then + AROUND),
    )


def _days(tx: Tx, school_id: str, since: date, until: date) -> tuple[int, ...]:
    """The counts of the days from `since` to before `until`; a day without a row has none."""
    query = select(_c.matters).where(
        _c.school_id == school_id, _c.day >= since, _c.day < until, _c.matters > 0
    )
    counted = list(tx.scalars(query))
    return (*counted, *[0] * max((until - since).days - len(counted), 0))
