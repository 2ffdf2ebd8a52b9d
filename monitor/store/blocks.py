"""Requests to IT to block an address in school, or to unblock it: asked by a decision, taken back
with it, settled by IT. IT sees the address and never the post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import case, insert, select, update

from monitor.store.block_tables import BlockRow
from monitor.store.database import Tx
from monitor.store.scope import EVERYTHING, Scope, named
from monitor.store.tables import MentionRow

_table: Any = BlockRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
Kind = Literal["block", "unblock"]
BlockState = Literal["waiting", "done", "refused", "withdrawn"]
LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRequest:
    """`address` is empty where the post was forgotten or never had one."""

    request_id: int
    mention_id: int
    kind: Kind
    address: str
    approver: str
    """Who decided on access; for "unblock" alone, and empty while nobody has."""
    by: str
    at: datetime
    state: BlockState
    settled_by: str | None
    settled_at: datetime | None
    answer: str


def ask(
    tx: Tx, mention_id: int, decision_id: int, kind: Kind, *, approver: str, by: str, now: datetime
) -> None:
    tx.execute(
        insert(_table).values(
            mention_id=mention_id, decision_id=decision_id, kind=kind, approver=approver, by=by,
            at=now, state="waiting", answer="",
        )
    )  # fmt: skip


def withdraw(tx: Tx, decision_id: int) -> None:
    """The decision was taken back: what IT has not settled is no longer asked."""
    theirs = (_c.decision_id == decision_id, _c.state == "waiting")
    tx.execute(update(_table).where(*theirs).values(state="withdrawn"))


def settle(
    tx: Tx, request_id: int, state: Literal["done", "refused"], answer: str, *, by: str,
    now: datetime,
) -> bool:  # fmt: skip
    """False where it is not there or was settled or taken back already."""
    settled = tx.execute(
        update(_table)
        .where(_c.id == request_id, _c.state == "waiting")
        .values(state=state, answer=answer, settled_by=by, settled_at=now)
    )
    return settled.rowcount == 1


def listing(tx: Tx, scope: Scope = EVERYTHING) -> tuple[BlockRequest, ...]:
    """What waits, the oldest first, then the newest of what is over; less what a scope keeps
    apart."""
    waits = case((_c.state == "waiting", 0), else_=1)
    age = case((_c.state == "waiting", _c.id), else_=-_c.id)
    return _read(tx, *_within(scope), order=(waits, age))


def find(tx: Tx, request_id: int, scope: Scope) -> BlockRequest | None:
    """None also where a scope keeps it apart."""
    return next(iter(_read(tx, _c.id == request_id, *_within(scope), order=())), None)


def of_mention(tx: Tx, mention_id: int) -> tuple[BlockRequest, ...]:
    """The newest first."""
    return _read(tx, _c.mention_id == mention_id, order=(_c.id.desc(),))


def _within(scope: Scope) -> tuple[Any, ...]:
    return (_c.mention_id.not_in(named(scope)),) if scope.apart else ()


def _read(tx: Tx, *conditions: Any, order: tuple[Any, ...]) -> tuple[BlockRequest, ...]:
    same = [name for name in BlockRequest.__slots__ if name not in ("request_id", "address")]
    query = (
        select(_c.id.label("request_id"), _m.url.label("address"), *(_c[name] for name in same))
        .join(_m.id.table, _m.id == _c.mention_id)
        .where(*conditions)
        .order_by(*order)
        .limit(LISTED)
    )
    return tuple(BlockRequest(**row) for row in tx.execute(query).mappings())
