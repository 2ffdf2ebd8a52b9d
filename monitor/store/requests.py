"""What persons ask about themselves, with its clock. By what names they are looked for and what is
to be disclosed is sealed, and its key destroyed when the request is closed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import delete, insert, select, update

from monitor.store import sealing
from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.lawful_tables import RequestRow
from monitor.store.sealed_tables import RequestKeyRow

Kind = Literal["access", "erasure", "rectification", "objection", "complaint"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_table: Any = RequestRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_keys: Any = RequestKeyRow.__table__  # type: ignore[attr-defined]
Disclosure = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    request_id: int
    kind: Kind
    reference: str
    names: tuple[str, ...]
    """Empty once it is closed."""
    received_on: date
    taken_by: str
    disclosure: Disclosure
    """By record: whether it is disclosed, and as what text."""
    acknowledged_on: date | None
    extended_on: date | None
    """When who asks was told that it takes two further months."""
    extended_why: str
    outcome: str
    closed_by: str | None
    closed_at: datetime | None


def take(
    tx: Tx, kind: Kind, *, reference: str, names: Sequence[str], received_on: date, by: str
) -> int:
    """Put a request down; its number."""
    values = {"kind": kind, "reference": reference, "taken_by": by}
    new = insert(_table).values(received_on=received_on, outcome="", **values)
    number = new_id(tx.execute(new))
    tx.execute(insert(_keys).values(request_id=number, key=sealing.new_key()))
    _seal(tx, number, names, {})
    return number


def find(tx: Tx, request_id: int) -> Request | None:
    row = tx.execute(_with_keys().where(_c.id == request_id)).mappings().one_or_none()
    return None if row is None else _request(row)


def listing(tx: Tx, limit: int = 200) -> list[Request]:
    """Open ones first, the oldest of them first."""
    query = _with_keys().order_by(_c.closed_at.is_not(None), _c.received_on, _c.id).limit(limit)
    return [_request(row) for row in tx.execute(query).mappings()]


def disclose(tx: Tx, request: Request, record: str, *, included: bool, text: str) -> None:
    changed = {**request.disclosure, record: {"included": included, "text": text}}
    _seal(tx, request.request_id, request.names, changed)


def acknowledge(tx: Tx, request_id: int, on: date) -> None:
    tx.execute(update(_table).where(_c.id == request_id).values(acknowledged_on=on))


def extend(tx: Tx, request_id: int, on: date, why: str) -> bool:
    """Who asks was told that it takes longer; False when they were before, or it is closed."""
    free = (_c.id == request_id, _c.extended_on.is_(None), _c.closed_at.is_(None))
    extended = update(_table).where(*free).values(extended_on=on, extended_why=why)
    return tx.execute(extended).rowcount == 1


def close(tx: Tx, request_id: int, *, outcome: str, by: str, now: datetime) -> bool:
    """End it; the key of what it held of the person goes. False when it is over already."""
    values = {"outcome": outcome, "closed_by": by, "closed_at": now, "asked": None}
    closed = update(_table).where(_c.id == request_id, _c.closed_at.is_(None))
    if tx.execute(closed.values(**values)).rowcount != 1:
        return False
    tx.execute(delete(_keys).where(_keys.c.request_id == request_id))
    return True


def _seal(tx: Tx, number: int, names: Sequence[str], disclosure: Disclosure) -> None:
    key = tx.scalar(select(_keys.c.key).where(_keys.c.request_id == number))
    if key is not None:
        plain = json.dumps({"names": list(names), "disclosure": disclosure}).encode()
        box = sealing.sealed(bytes(key), plain, bound_to(number))
        tx.execute(update(_table).where(_c.id == number).values(asked=box))


def bound_to(number: int) -> bytes:
    return f"request {number}".encode()


def _with_keys() -> Any:
    query = select(_table, _keys.c.key)
    return query.join(_keys, _keys.c.request_id == _c.id, isouter=True)


def _request(row: Any) -> Request:
    """Raises InvalidTag where what is sealed was changed."""
    values = dict(row)
    number, box, key = values.pop("id"), values.pop("asked"), values.pop("key")
    asked: dict[str, Any] = {"names": [], "disclosure": {}}
    if box is not None and key is not None:
        asked = json.loads(sealing.opened(bytes(key), bytes(box), bound_to(number)))
    names, disclosure = tuple(asked["names"]), asked["disclosure"]
    return Request(request_id=number, names=names, disclosure=disclosure, **values)
