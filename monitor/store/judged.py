"""What was judged and what people made of it, to look back on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from classifiers.types import Assessment, Label
from monitor.store import records, stories
from monitor.store.database import Tx
from monitor.store.queue_tables import VerdictRow
from monitor.store.scope import Scope, conditions
from monitor.store.tables import AssessmentRow, DecisionRow, MentionRow
from monitor.store.views import Outcome

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_v: Any = VerdictRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
MOST = 50_000
"""Newest looked at; more would tell nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMention:
    """`outcome` is the decision that stands; None while nobody has decided."""

    assessment: Assessment
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLabel:
    """A verdict beside the probability that the judgement had given the label."""

    label: Label
    probability: float
    holds: bool


def since(tx: Tx, scope: Scope, start: datetime) -> list[JudgedMention]:
    """What was collected since `start` and judged, newest first; of a story its lead alone."""
    standing = (
        select(_d.mention_id, func.max(_d.id).label("id"))
        .where(_d.undone_at.is_(None))
        .group_by(_d.mention_id)
        .subquery()
    )
    query = (
        select(_a.payload, _d.outcome)
        .join(_m.id.table, _m.id == _a.mention_id)
        .join(standing, standing.c.mention_id == _m.id, isouter=True)
        .join(_d.id.table, _d.id == standing.c.id, isouter=True)
        .where(_m.fetched_at >= start, _m.state != stories.FOLDED, *conditions(scope))
        .order_by(_m.id.desc())
        .limit(MOST)
    )
    return [
        JudgedMention(assessment=records.load_assessment(row.payload), outcome=row.outcome)
        for row in tx.execute(query)
    ]


def labels_since(tx: Tx, scope: Scope, start: datetime) -> list[JudgedLabel]:
    """Verdicts on labels given since `start`, the newest first."""
    query = (
        select(_v.label, _v.holds, _a.payload)
        .join(_m.id.table, _m.id == _v.mention_id)
        .join(_a.mention_id.table, _a.mention_id == _v.mention_id)
        .where(_v.at >= start, *conditions(scope))
        .order_by(_v.at.desc(), _v.mention_id, _v.label)
        .limit(MOST)
    )
    return [
        JudgedLabel(label=row.label, probability=score.probability, holds=row.holds)
        for row in tx.execute(query)
        for score in records.load_assessment(row.payload).scores
        if score.label == row.label
    ]
