"""What decisions were taken on: the judgement as it stood, and whether anybody had looked.

Kept with each decision (policy: a machine ranks, a named person decides; UK GDPR, Articles 22A to
22D), and gone with its mention. It holds numbers and offsets, and no word of the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from classifiers.types import Assessment, Label, LabelScore, Severity
from monitor.store import openings, records
from monitor.store.database import Tx
from monitor.store.oversight_tables import BasisRow
from monitor.store.scope import Scope, conditions
from monitor.store.tables import AssessmentRow, DecisionRow, MentionRow
from monitor.store.views import Outcome

_table: Any = BasisRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
STILL_OPEN = timedelta(hours=8)
"""A look that is older was another one."""
MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the machine had said when somebody decided."""

    model_version: str
    severity: Severity
    scores: tuple[LabelScore, ...]
    pupil_level: str
    opened_at: datetime | None
    together: bool

    @property
    def flags(self) -> tuple[Label, ...]:
        return tuple(one.label for one in self.scores if one.flagged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A decision beside what it was taken on."""

    by: str
    at: datetime
    outcome: Outcome
    undone_by: str | None
    basis: Basis

    @property
    def seconds(self) -> float | None:
        """From opening it to deciding; None for what was not opened, or was one of many."""
        if self.basis.opened_at is None or self.basis.together:
            return None
        return (self.at - self.basis.opened_at).total_seconds()


def keep(
    tx: Tx, decision_id: int, mention_id: int, *, by: str, now: datetime, together: bool
) -> None:
    """Write down what a decision that was just taken rests on."""
    payload = tx.scalar(select(_a.payload).where(_a.mention_id == mention_id))
    assessment = records.load_assessment(payload or {})
    opened = openings.last(tx, mention_id, by)
    values = {
        "decision_id": decision_id,
        "mention_id": mention_id,
        "model_version": assessment.model_version,
        "judged": _judged(assessment),
        "opened_at": opened if opened and now - opened <= STILL_OPEN else None,
        "together": together,
    }
    tx.execute(insert(_table).values(values))


def _judged(assessment: Assessment) -> dict[str, Any]:
    return {
        "severity": assessment.severity,
        "scores": [
            [one.label, round(one.probability, 4), one.threshold] for one in assessment.scores
        ],
        "reasons": [
            [one.label, one.span.start, one.span.end, round(one.weight, 3)]
            for one in assessment.explanations
        ],
        "pupil": assessment.pupil.level,
        "allegation": assessment.allegation,
        "immediate": assessment.immediate,
        "not_judged": assessment.not_judged is not None,
    }


def of_mention(tx: Tx, mention_id: int) -> dict[int, Basis]:
    """By decision."""
    rows = tx.execute(select(_table).where(_c.mention_id == mention_id)).mappings()
    return {row["decision_id"]: _basis(row) for row in rows}


def since(tx: Tx, scope: Scope, start: datetime) -> Sequence[Taken]:
    """Decisions since then with what they rest on, the oldest first; those taken back too."""
    query = (
        select(_d.decided_by, _d.decided_at, _d.outcome, _d.undone_by, *_table.columns)
        .join(_table, _c.decision_id == _d.id)
        .join(MentionRow, _m.id == _d.mention_id)
        .where(_d.decided_at >= start, *conditions(scope))
        .order_by(_d.decided_at, _d.id)
        .limit(MOST)
    )
    return [
        Taken(
            by=row["decided_by"], at=row["decided_at"], outcome=row["outcome"],
            undone_by=row["undone_by"], basis=_basis(row),
        )
        for row in tx.execute(query).mappings()
    ]  # fmt: skip


def _basis(row: Any) -> Basis:
    judged = row["judged"]
    return Basis(
        model_version=row["model_version"],
        severity=judged["severity"],
        scores=tuple(
            LabelScore(label=label, probability=probability, threshold=threshold)
            for label, probability, threshold in judged["scores"]
        ),
        pupil_level=judged["pupil"],
        opened_at=row["opened_at"],
        together=row["together"],
    )
