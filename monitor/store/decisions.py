"""What people decided, with who and when; every decision can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from monitor.store import bases
from monitor.store.database import Tx
from monitor.store.errors import StoreError
from monitor.store.inserts import new_id
from monitor.store.scope import Scope, sees
from monitor.store.tables import DecisionRow, MentionRow
from monitor.store.views import DecisionView, Outcome, QueueState

_decisions: Any = DecisionRow.__table__  # type: ignore[attr-defined]
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_c = _decisions.c
LARGEST_ID = 2**63 - 1


class UnknownMention(StoreError):
    """There is no such mention, or it has not been assessed yet."""


def record(
    tx: Tx,
    mention_id: int,
    outcome: Outcome,
    note: str,
    *,
    seen: QueueState,
    by: str,
    now: datetime,
    together: bool = False,
) -> int | None:
    """Record a decision, with what it rests on, and move the mention out of the queue; the
    decision's id. `together`: it is one of many.

    None when the mention no longer stands as the one who decides has `seen` it. Raises
    UnknownMention.
    """
    state = tx.scalar(select(_mentions.c.state).where(_mentions.c.id == mention_id))
    if state is None or state == "new":
        raise UnknownMention
    if state != seen:
        return None
    inserted = tx.execute(
        insert(_decisions).values(
            mention_id=mention_id,
            outcome=outcome,
            note=note,
            decided_by=by,
            decided_at=now,
            previous_state=state,
        )
    )
    _move(tx, mention_id, "watch" if outcome in ("watch", "escalate") else "decided")
    decision_id = new_id(inserted)
    bases.keep(tx, decision_id, mention_id, by=by, now=now, together=together)
    return decision_id


def undo(tx: Tx, decision_id: int, *, by: str, now: datetime) -> bool:
    """Take a decision back and restore where the mention stood.

    False when it was undone before, or when a later decision on the mention stands.
    """
    row = tx.execute(select(_decisions).where(_c.id == decision_id)).mappings().one_or_none()
    if row is None or row["undone_at"] is not None or _has_later(tx, row):
        return False
    undone = tx.execute(
        update(_decisions)
        .where(_c.id == decision_id, _c.undone_at.is_(None))
        .values(undone_by=by, undone_at=now)
    )
    if undone.rowcount == 1:
        _move(tx, row["mention_id"], row["previous_state"])
    return undone.rowcount == 1


def _has_later(tx: Tx, row: Any) -> bool:
    later = select(_c.id).where(
        _c.mention_id == row["mention_id"], _c.id > row["id"], _c.undone_at.is_(None)
    )
    return tx.execute(later.limit(1)).first() is not None


def _move(tx: Tx, mention_id: int, state: str) -> None:
    tx.execute(update(_mentions).where(_mentions.c.id == mention_id).values(state=state))


def mention_of(tx: Tx, decision_id: int) -> int | None:
    """The mention that a decision is on."""
    return tx.scalar(select(_c.mention_id).where(_c.id == decision_id))


def of_mention(tx: Tx, scope: Scope, mention_id: int) -> tuple[DecisionView, ...]:
    """Every decision on a mention, newest first, undone ones included."""
    if not sees(tx, scope, mention_id):
        return ()
    query = select(_decisions).where(_c.mention_id == mention_id).order_by(_c.id.desc())
    return tuple(view(row) for row in tx.execute(query).mappings())


def just_taken(tx: Tx, scope: Scope, written: str) -> DecisionView | None:
    """The decision of an address ("mention.decision") that still stands, so that it can be taken
    back at once."""
    parts = [int(part) for part in written.split(".") if part.isascii() and part.isdigit()]
    if len(parts) != 2 or max(parts) > LARGEST_ID:
        return None
    taken = of_mention(tx, scope, parts[0])
    return next((one for one in taken if one.decision_id == parts[1] and not one.undone_at), None)


_STANDING = (
    select(_decisions)
    .where(_c.mention_id.in_(bindparam("numbers", expanding=True)), _c.undone_at.is_(None))
    .order_by(_c.id)
)


def standing(tx: Tx, mention_ids: Iterable[int]) -> dict[int, DecisionView]:
    """The decision that stands on each of the mentions, where one does."""
    found = tx.execute(_STANDING, {"numbers": list(mention_ids)}).mappings()
    return {row["mention_id"]: view(row) for row in found}


def view(row: Any) -> DecisionView:
    same = (
        "mention_id", "outcome", "note", "decided_by", "decided_at", "undone_by", "undone_at",
    )  # fmt: skip
    return DecisionView(decision_id=row["id"], **{name: row[name] for name in same})
