"""What persons ask about themselves, with its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import insert, select, update

from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.lawful_tables import RequestRow

Kind = Literal["access", "erasure", "rectification", "objection", "complaint"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_table: Any = RequestRow.__table__  # type: ignore[attr-defined]
_c = _table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    request_id: int
    kind: Kind
    reference: str
    names: tuple[str, ...]
    """Empty once it is closed."""
    received_on: date
    taken_by: str
    disclosure: dict[str, dict[str, Any]]
    """By record: whether it is disclosed, and as what text."""
    acknowledged_on: date | None
    outcome: str
    closed_by: str | None
    closed_at: datetime | None


def take(
    tx: Tx, kind: Kind, *, reference: str, names: Sequence[str], received_on: date, by: str
) -> int:
    values = {"kind": kind, "reference": reference, "names": list(names), "taken_by": by}
    row = insert(_table).values(received_on=received_on, disclosure={}, outcome="", **values)
    return new_id(tx.execute(row))


def find(tx: Tx, request_id: int) -> Request | None:
    row = tx.execute(select(_table).where(_c.id == request_id)).mappings().one_or_none()
    return None if row is None else _request(row)


def listing(tx: Tx, limit: int = 200) -> list[Request]:
    """Open ones first, the oldest of them first."""
    query = select(_table).order_by(_c.closed_at.is_not(None), _c.received_on, _c.id).limit(limit)
    return [_request(row) for row in tx.execute(query).mappings()]


def disclose(tx: Tx, request: Request, record: str, *, included: bool, text: str) -> None:
    changed = {**request.disclosure, record: {"included": included, "text": text}}
    tx.execute(update(_table).where(_c.id == request.request_id).values(disclosure=changed))


def acknowledge(tx: Tx, request_id: int, on: date) -> None:
    tx.execute(update(_table).where(_c.id == request_id).values(acknowledged_on=on))


def close(tx: Tx, request_id: int, *, outcome: str, by: str, now: datetime) -> bool:
    """End it; what it held of the person goes. False when it is over already."""
    values = {"outcome": outcome, "closed_by": by, "closed_at": now, "names": [], "disclosure": {}}
    closed = update(_table).where(_c.id == request_id, _c.closed_at.is_(None))
    return tx.execute(closed.values(**values)).rowcount == 1


def _request(row: Any) -> Request:
    values = dict(row)
    names = tuple(values.pop("names"))
    return Request(request_id=values.pop("id"), names=names, **values)
