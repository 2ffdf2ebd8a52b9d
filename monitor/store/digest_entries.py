"""What the store knows of one day, for a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from classifiers.types import LABELS, Label, PupilLevel, Severity
from monitor.store import queue, sources
from monitor.store.database import Tx
from monitor.store.tables import DecisionRow, DeliveryRow, MentionRow, MentionSchoolRow
from monitor.store.views import QueueFilter, QueueRow, SourceHealth

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_o: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredDay:
    """Counts of what was collected and decided in a day, and what waits at its end."""

    collected: int
    severities: Mapping[Severity, int]
    labels: Mapping[Label, int]
    decided: Mapping[str, int]
    waiting: int
    entries: tuple[QueueRow, ...]
    sources: tuple[SourceHealth, ...]
    set_aside: int
    undelivered: int


def gather(tx: Tx, *, school_id: str | None, since: datetime, until: datetime) -> GatheredDay:
    """One school's day, or the whole Trust's (None)."""
    flagged = _flagged(tx, school_id, since, until)
    counts = queue.counts(tx)
    open_ones = queue.page(tx, QueueFilter(school_id=school_id), after=None, limit=LISTED)
    return GatheredDay(
        collected=sum(number for _, _, number in flagged),
        severities=_sums((severity, number) for severity, _, number in flagged),
        labels=_sums(
            (label, number) for _, flags, number in flagged for label in LABELS if label in flags
        ),
        decided=_decided(tx, school_id, since, until),
        waiting=_waiting(tx, school_id),
        entries=open_ones.rows,
        sources=tuple(sources.health(tx)),
        set_aside=counts.set_aside,
        undelivered=counts.deliveries_dead,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """A post of a page of our own that could identify a pupil or a class."""

    mention_id: int
    level: PupilLevel
    source_id: str
    published_at: datetime


def own_posts(
    tx: Tx, source_ids: Collection[str], *, since: datetime, until: datetime
) -> list[OwnPost]:
    """Those collected in the time from these sources, the plainest first, then the newest."""
    query = (
        select(_m.id, _m.pupil_level, _m.source_id, _m.published_at)
        .where(
            _m.fetched_at >= since,
            _m.fetched_at < until,
            _m.source_id.in_(source_ids),
            _m.pupil_level >= "class",
        )
        .order_by(_m.pupil_level.desc(), _m.published_at.desc(), _m.id.desc())
    )
    return [
        OwnPost(mention_id=number, level=level, source_id=source_id, published_at=published_at)
        for number, level, source_id, published_at in tx.execute(query)
    ]


def _about(school_id: str | None) -> list[Any]:
    """For one school: what is linked to it, less what accuses a head, who is its reader."""
    if school_id is None:
        return []
    linked = select(literal(1)).where(_l.mention_id == _m.id, _l.school_id == school_id)
    return [linked.exists(), _m.about_head.is_(False)]


def _flagged(
    tx: Tx, school_id: str | None, since: datetime, until: datetime
) -> list[tuple[Severity, list[str], int]]:
    query = (
        select(_m.severity, _m.flags, func.count())
        .where(_m.fetched_at >= since, _m.fetched_at < until, *_about(school_id))
        .group_by(_m.severity, _m.flags)
    )
    return [(row[0], row[1].split(), row[2]) for row in tx.execute(query)]


def _sums(pairs: Any) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for key, number in pairs:
        sums[key] += number
    return dict(sums)


def _decided(tx: Tx, school_id: str | None, since: datetime, until: datetime) -> dict[str, int]:
    query = (
        select(_d.outcome, func.count())
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(
            _d.decided_at >= since,
            _d.decided_at < until,
            _d.undone_at.is_(None),
            *_about(school_id),
        )
        .group_by(_d.outcome)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def _waiting(tx: Tx, school_id: str | None) -> int:
    query = select(func.count()).where(_m.state == "open", *_about(school_id))
    return int(tx.scalar(query) or 0)
