"""Choices of the queue kept under a name: one's own, and what colleagues share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select

from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.view_tables import SavedViewRow

_table: Any = SavedViewRow.__table__  # type: ignore[attr-defined]
_c = _table.c
MOST = 20
"""Views of one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    view_id: int
    person: str
    name: str
    address: str
    shared: bool


def keep(
    tx: Tx, person: str, name: str, address: str, *, shared: bool, now: datetime
) -> int | None:
    """Keep an address under a name, instead of what the person had under it; its id. None where
    they have as many as may be."""
    tx.execute(delete(_table).where(_c.person == person, _c.name == name))
    own = select(func.count()).select_from(_table).where(_c.person == person)
    if int(tx.scalar(own) or 0) >= MOST:
        return None
    row = {"person": person, "name": name, "address": address, "shared": shared, "at": now}
    return new_id(tx.execute(insert(_table).values(row)))


def remove(tx: Tx, view_id: int, *, person: str) -> bool:
    """Forget one's own; False where it is not there or somebody else's."""
    gone = tx.execute(delete(_table).where(_c.id == view_id, _c.person == person))
    return bool(gone.rowcount)


_LISTING = (
    select(_table)
    .where(or_(_c.person == bindparam("whose"), _c.shared))
    .order_by(func.lower(_c.name), _c.id)
)


def listing(tx: Tx, person: str) -> tuple[SavedView, ...]:
    """One's own and what others share, by name."""
    return tuple(
        SavedView(
            view_id=row["id"], person=row["person"], name=row["name"], address=row["address"],
            shared=row["shared"],
        )
        for row in tx.execute(_LISTING, {"whose": person}).mappings()
    )  # fmt: skip
