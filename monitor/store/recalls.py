"""Messages of an escalation that was taken back: what had not left is stopped, the rest is named.

No mail can be called back. Who was told already must be told by a person that it was taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from monitor.store.database import Tx
from monitor.store.delivered import view
from monitor.store.tables import DeliveryRow
from monitor.store.views import DeliveryView

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
STOPPED = "The decision was taken back before it left."


def key_of(decision_id: int, rest: str = "") -> str:
    """How the keys of what a decision tells begin."""
    return f"escalated:{decision_id}:{rest}"


def _of(decision_id: int) -> tuple[Any, Any]:
    """The keys that begin so, as a stretch of the index of keys (";" follows ":")."""
    return _c.dedupe_key >= key_of(decision_id), _c.dedupe_key < f"escalated:{decision_id};"


def stop(tx: Tx, decision_id: int) -> int:
    """Let what has not left stay; the number stopped. What is under way goes its way."""
    waits = (*_of(decision_id), _c.state == "due", _c.lease_token.is_(None))
    stopped = update(_table).where(*waits).values(state="stopped", last_error=STOPPED)
    return tx.execute(stopped).rowcount


def gone(tx: Tx, decision_ids: Iterable[int]) -> dict[int, tuple[DeliveryView, ...]]:
    """What of each decision has left, or is under way."""
    found: dict[int, tuple[DeliveryView, ...]] = {}
    for number in decision_ids:
        query = select(_table).where(*_of(number), _c.state != "stopped").order_by(_c.id)
        if rows := tx.execute(query).mappings().all():
            found[number] = tuple(view(row) for row in rows)
    return found
