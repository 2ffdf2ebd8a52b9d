"""Verdicts: whether a label holds of a mention, as a person says. `monitor learn` and the page
on judgement read them; they go with their mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from classifiers.types import Label
from monitor.store.database import Tx
from monitor.store.queue_tables import VerdictRow
from monitor.store.scope import EVERYTHING, Scope, conditions
from monitor.store.tables import MentionRow

_table: Any = VerdictRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`holds` and not `was_flagged` is a miss; the other way round a false flag."""

    mention_id: int
    label: Label
    holds: bool
    was_flagged: bool
    by: str
    at: datetime


def give(
    tx: Tx, mention_id: int, said: Mapping[Label, bool | None], *, by: str, now: datetime
) -> None:
    """Say whether labels hold, instead of what was said of them before; None takes it back."""
    if not said:
        return
    tx.execute(delete(_table).where(_c.mention_id == mention_id, _c.label.in_(list(said))))
    rows = [
        {"mention_id": mention_id, "label": label, "holds": holds, "by": by, "at": now}
        for label, holds in said.items()
        if holds is not None
    ]
    if rows:
        tx.execute(_table.insert(), rows)


def of_mention(tx: Tx, mention_id: int) -> dict[Label, Verdict]:
    """What was said of each label of one mention."""
    return {one.label: one for one in _found(tx, _c.mention_id == mention_id)}


def since(tx: Tx, since: datetime | None = None, scope: Scope = EVERYTHING) -> list[Verdict]:
    """Every verdict given since on what is in the scope, the oldest first."""
    return _found(tx, *conditions(scope), *([] if since is None else [_c.at >= since]))


def _found(tx: Tx, *conditions: Any) -> list[Verdict]:
    query = (
        select(_table, _m.flags)
        .join(MentionRow, _m.id == _c.mention_id)
        .where(*conditions)
        .order_by(_c.at, _c.mention_id, _c.label)
    )
    return [_verdict(row) for row in tx.execute(query).mappings()]


def _verdict(row: Any) -> Verdict:
    return Verdict(
        mention_id=row["mention_id"],
        label=row["label"],
        holds=row["holds"],
        was_flagged=f" {row['label']} " in row["flags"],
        by=row["by"],
        at=row["at"],
    )
