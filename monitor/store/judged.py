"""What was judged and what people made of it, to look back on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from classifiers.types import SEVERITIES, Assessment, Label, Severity
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
MOST_DECIDED = 4_000


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


class Decided(NamedTuple):
    """A decision and how long its mention had waited for it; `undone` was taken back. A page looks
    at thousands, and a tuple is made in a fifth of the time."""

    mention_id: int
    outcome: Outcome
    severity: Severity
    waited: timedelta
    at: datetime
    by: str
    undone: bool


def since(tx: Tx, scope: Scope, start: datetime, *, most: int = MOST) -> list[JudgedMention]:
    """What was collected since `start` and judged, the newest first, at `most` so many; of a
    story its lead alone."""
    last = select(func.max(_d.id)).where(_d.mention_id == _m.id, _d.undone_at.is_(None))
    standing = select(_d.outcome).where(_d.id == last.correlate(_m.id.table).scalar_subquery())
    query = (
        select(_a.payload, standing.correlate(_m.id.table).scalar_subquery().label("outcome"))
        .join(_m.id.table, _m.id == _a.mention_id)
        .where(_m.fetched_at >= start, _m.state != stories.FOLDED, *conditions(scope))
        .order_by(_m.id.desc())
        .limit(most)
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


def decided_since(tx: Tx, scope: Scope, start: datetime) -> list[Decided]:
    """What people decided since `start`, the oldest first; of very many the newest."""
    query = (
        select(
            _d.mention_id, _d.outcome, _d.decided_at, _d.decided_by, _d.undone_at,
            _m.severity, _m.fetched_at,
        )
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(_d.decided_at >= start, *conditions(scope))
        .order_by(_d.decided_at.desc())
        .limit(MOST_DECIDED)
    )  # fmt: skip
    return [
        Decided(
            mention_id=mention_id,
            outcome=outcome,
            severity=severity,
            waited=max(at - fetched_at, timedelta()),
            at=at,
            by=by,
            undone=undone_at is not None,
        )
        for mention_id, outcome, at, by, undone_at, severity, fetched_at in reversed(
            tx.execute(query).all()
        )
    ]


def waits_longest(tx: Tx, scope: Scope) -> dict[Severity, datetime]:
    """Of what waits for a decision: when the oldest of each severity was collected."""
    found: dict[Severity, datetime] = {}
    for level in SEVERITIES:
        query = select(_m.fetched_at).where(
            _m.state == "open", stories.literal("mention.state <> 'new'"), _m.severity == level,
            *conditions(scope),
        )  # fmt: skip
        if oldest := tx.scalar(query.order_by(_m.published_at).limit(1)):
            found[level] = oldest
    return found
