"""What people decided on other stories of late, to be held against one that waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import column, literal, or_, select, table

from classifiers.types import Label
from monitor.store.database import Tx
from monitor.store.retention import FORGOTTEN
from monitor.store.scope import Scope, conditions
from monitor.store.tables import DecisionRow, MentionRow, MentionSchoolRow
from monitor.store.views import Outcome

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_words = table("mention_words", column("rowid"), column("words"))
NEWEST = 1_500
"""Decisions that are looked at ..."""
MOST = 300
"""... and of them so many that share a school or a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision that stands. `words` are those of the shown text, names masked."""

    mention_id: int
    outcome: Outcome
    note: str
    decided_by: str
    decided_at: datetime
    words: str


def decided(
    tx: Tx,
    scope: Scope,
    *,
    story_id: int | None,
    labels: Collection[Label],
    schools: Collection[str],
) -> list[PastDecision]:
    """On other stories that share a school or a flagged label, the newest first."""
    if not (labels or schools):
        return []
    newest = select(_d.id).where(_d.undone_at.is_(None)).order_by(_d.id.desc()).limit(NEWEST)
    linked = select(literal(1)).where(_l.mention_id == _m.id, _l.school_id.in_(schools))
    shares = [_m.flags.contains(f" {label} ", autoescape=True) for label in sorted(labels)]
    other = [] if story_id is None else [or_(_m.story_id.is_(None), _m.story_id != story_id)]
    query = (
        select(_d.mention_id, _d.outcome, _d.note, _d.decided_by, _d.decided_at, _words.c.words)
        .join(_m.id.table, _m.id == _d.mention_id)
        .join(_words, _words.c.rowid == _m.id)
        .where(_d.id.in_(newest), or_(*shares, linked.exists()), *other)
        .where(_m.state != FORGOTTEN, *conditions(scope))
        .order_by(_d.id.desc())
        .limit(MOST)
    )
    found: dict[int, PastDecision] = {}
    for row in tx.execute(query).mappings():
        found.setdefault(row["mention_id"], PastDecision(**row))
    return list(found.values())
