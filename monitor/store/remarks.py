"""Notes on mentions: for everybody, or for one colleague, who finds them above their queue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Result, Select, bindparam, insert, select, update

from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.queue_tables import RemarkRow
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_table: Any = RemarkRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    remark_id: int
    mention_id: int
    by: str
    at: datetime
    text: str
    colleague: str | None
    assigns: bool
    """The colleague is asked to see to the mention."""
    seen_at: datetime | None


def write(
    tx: Tx,
    mention_id: int,
    text: str,
    *,
    by: str,
    colleague: str | None,
    assigns: bool,
    now: datetime,
) -> int:
    values = {"text": text, "colleague": colleague, "assigns": assigns and colleague is not None}
    return new_id(tx.execute(insert(_table).values(mention_id=mention_id, by=by, at=now, **values)))


def remove(tx: Tx, remark_id: int, *, by: str, now: datetime) -> bool:
    """Take back a note of one's own."""
    mine = (_c.id == remark_id, _c.by == by, _c.removed_at.is_(None))
    return tx.execute(update(_table).where(*mine).values(removed_at=now, text="")).rowcount == 1


def of_mention(tx: Tx, mention_id: int) -> tuple[Remark, ...]:
    """The oldest first."""
    return _read(tx.execute(_written(_c.mention_id == mention_id)))


def waiting_for(tx: Tx, scope: Scope, person: str) -> tuple[Remark, ...]:
    """What colleagues wrote to somebody who has not opened the mention since, and mentions that
    are theirs and wait for a decision."""
    return _read(tx.execute(_waiting(scope), {"person": person}))[-20:]


@lru_cache(maxsize=256)
def _waiting(scope: Scope) -> Select[Any]:
    still = select(_m.id).where(_m.state.in_(("open", "watch")))
    waits = _c.seen_at.is_(None) | (_c.assigns & _c.mention_id.in_(still))
    return _written(_c.colleague == bindparam("person"), waits, *_within(scope))


def note_seen(tx: Tx, mention_id: int, person: str, now: datetime) -> None:
    theirs = (_c.mention_id == mention_id, _c.colleague == person, _c.seen_at.is_(None))
    tx.execute(update(_table).where(*theirs).values(seen_at=now))


_ASSIGNED = (
    select(_c.mention_id, _c.colleague)
    .where(_c.mention_id.in_(bindparam("numbers", expanding=True)), _c.assigns)
    .where(_c.removed_at.is_(None))
    .order_by(_c.id)
)


def assigned(tx: Tx, mention_ids: Collection[int]) -> dict[int, str]:
    """Whose each of the mentions is, by the last note that says so."""
    return {row[0]: row[1] for row in tx.execute(_ASSIGNED, {"numbers": mention_ids})}


def is_assigned(mention_id: Any, person: str) -> Any:
    """Holds of mentions that somebody is to see to, by the last note that says so."""
    later = _table.alias()
    again = select(later.c.id).where(
        later.c.mention_id == _c.mention_id, later.c.id > _c.id, later.c.assigns,
        later.c.removed_at.is_(None),
    )  # fmt: skip
    theirs = (_c.colleague == person, _c.assigns, _c.removed_at.is_(None), ~again.exists())
    return mention_id.in_(select(_c.mention_id).where(*theirs))


def people(tx: Tx) -> tuple[str, ...]:
    """Who has written or been written to."""
    names = set(tx.scalars(select(_c.by).distinct())) | set(tx.scalars(select(_c.colleague)))
    return tuple(sorted(name for name in names if name))


def _within(scope: Scope) -> list[Any]:
    theirs = conditions(scope)
    return [_c.mention_id.in_(select(_m.id).where(*theirs))] if theirs else []


def _written(*conditions: Any) -> Select[Any]:
    return select(_table).where(*conditions, _c.removed_at.is_(None)).order_by(_c.id)


def _read(found: Result[Any]) -> tuple[Remark, ...]:
    own = ("mention_id", "by", "at", "text", "colleague", "assigns", "seen_at")
    return tuple(
        Remark(remark_id=row["id"], **{name: row[name] for name in own}) for row in found.mappings()
    )
