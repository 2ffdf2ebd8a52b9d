"""When a case goes: its time after it was closed, less after it was handed over, never on hold.

The head stays, empty, so that the anchors of its timeline in the audit chain still make sense.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update

from monitor.store import audit, holds
from monitor.store.case_tables import (
    CaseEntryRow,
    CaseMentionRow,
    CaseNameRow,
    CaseRow,
    CaseSchoolRow,
)
from monitor.store.database import Tx

_c: Any = CaseRow.__table__.c  # type: ignore[attr-defined]
_held: Any = CaseMentionRow.__table__  # type: ignore[attr-defined]
_OF_CASES: tuple[Any, ...] = (CaseEntryRow, CaseMentionRow, CaseNameRow, CaseSchoolRow)
LIVE = ("open", "closed")
ACTION = "case.forgotten"


def forgotten(case_id: int) -> str:
    """The subject under which the record says that a case was forgotten."""
    return f"case {case_id}"


def keeps(mention_id: Any) -> Any:
    """A condition for queries: a case keeps the mention of this column."""
    return exists().where(
        _held.c.mention_id == mention_id, _held.c.case_id == _c.id, _c.state.in_(LIVE)
    )


def is_past(*, closed: datetime, handed_over: datetime, withdrawn: datetime) -> Any:
    """A condition for cases: closed before `closed`, or handed over before `handed_over` and
    closed, or withdrawn and opened before `withdrawn`; and none of its mentions is on hold."""
    on_hold = exists().where(_held.c.case_id == _c.id, holds.holds(_held.c.mention_id))
    over = or_(
        and_(_c.state == "closed", _c.handed_over_at.is_(None), _c.closed_at < closed),
        and_(_c.state == "closed", _c.handed_over_at < handed_over),
        and_(_c.state == "withdrawn", _c.opened_at < withdrawn),
    )
    return and_(over, ~on_hold)


def count(tx: Tx, past: Any) -> int:
    return int(tx.scalar(select(func.count()).select_from(_c.id.table).where(past)) or 0)


def drop(tx: Tx, past: Any, *, most: int, now: datetime) -> tuple[int, Sequence[int]]:
    """Empty at most so many cases that are past their time; how many, and the mentions that no
    case keeps any more. That each was forgotten goes on record: without that, one that only
    counts as forgotten is found (`cases.verify`)."""
    ids = list(tx.scalars(select(_c.id).where(past).order_by(_c.id).limit(most)))
    if not ids:
        return 0, ()
    freed = list(tx.scalars(select(_held.c.mention_id).where(_held.c.case_id.in_(ids)).distinct()))
    for table in (rows.__table__ for rows in _OF_CASES):
        tx.execute(delete(table).where(table.c.case_id.in_(ids)))
    empty = {
        "title": "", "state": "forgotten", "severity": "none", "about_head": False,
        "acted_at": None, "closed_at": None, "handed_over_at": None, "open_take_downs": 0,
    }  # fmt: skip
    tx.execute(update(_c.id.table).where(_c.id.in_(ids)).values(empty))
    for case_id in ids:
        subject = forgotten(case_id)
        audit.append(tx, actor="the service", action=ACTION, subject=subject, now=now)
    kept = tx.scalars(select(_held.c.mention_id).where(_held.c.mention_id.in_(freed)))
    return len(ids), sorted(set(freed) - set(kept))
