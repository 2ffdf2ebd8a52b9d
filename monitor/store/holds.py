"""Holds: what is kept past its time, by whom, why, and when that is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, select, update

from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.lawful_tables import HoldRow

_table: Any = HoldRow.__table__  # type: ignore[attr-defined]
_c = _table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    hold_id: int
    mention_id: int
    reason: str
    review_on: date
    """From this day on somebody is asked whether it must still be kept."""
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


def place(tx: Tx, mention_id: int, *, reason: str, review_on: date, by: str, now: datetime) -> int:
    """Keep a mention until the hold is lifted; the hold's id."""
    values = {"mention_id": mention_id, "reason": reason, "review_on": review_on}
    return new_id(tx.execute(insert(_table).values(placed_by=by, placed_at=now, **values)))


def lift(tx: Tx, hold_id: int, *, by: str, now: datetime) -> int | None:
    """The mention that it held; None when it was lifted before, or never was."""
    lifted = update(_table).where(_c.id == hold_id, _c.lifted_at.is_(None))
    if not tx.execute(lifted.values(lifted_by=by, lifted_at=now)).rowcount:
        return None
    return int(tx.scalar(select(_c.mention_id).where(_c.id == hold_id)) or 0)


def review(tx: Tx, hold_id: int, *, review_on: date) -> int | None:
    """Keep it on, to be looked at again on another day; the mention, None when none holds."""
    moved = update(_table).where(_c.id == hold_id, _c.lifted_at.is_(None))
    if not tx.execute(moved.values(review_on=review_on)).rowcount:
        return None
    return int(tx.scalar(select(_c.mention_id).where(_c.id == hold_id)) or 0)


def standing(tx: Tx) -> list[Hold]:
    """Those not lifted, the next to be reviewed first."""
    query = select(_table).where(_c.lifted_at.is_(None)).order_by(_c.review_on, _c.id)
    return [_hold(row) for row in tx.execute(query).mappings()]


def of_mention(tx: Tx, mention_id: int) -> list[Hold]:
    """The standing ones of one mention."""
    query = select(_table).where(_c.mention_id == mention_id, _c.lifted_at.is_(None))
    return [_hold(row) for row in tx.execute(query.order_by(_c.id)).mappings()]


def review_due(tx: Tx, today: date) -> int:
    """How many standing ones wait to be looked at again."""
    due = select(func.count()).where(_c.lifted_at.is_(None), _c.review_on <= today)
    return int(tx.scalar(due) or 0)


def holds(mention_id: Any) -> ColumnElement[bool]:
    """A condition for queries: the mention of this column is held."""
    return exists().where(and_(_c.mention_id == mention_id, _c.lifted_at.is_(None)))


def _hold(row: Any) -> Hold:
    values = dict(row)
    return Hold(hold_id=values.pop("id"), **values)
