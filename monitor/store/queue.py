"""The review queue: gravest first, then newest; paged by key, counted up to a limit."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Select, and_, case, func, literal, select, tuple_

from classifiers.text import MAX_JUDGED, joined
from classifiers.types import SEVERITIES, Label
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.stories import literal as written
from monitor.store.tables import (
    AssessmentRow,
    DeliveryRow,
    MentionRow,
    MentionSchoolRow,
    SourceRow,
    StoryRow,
)
from monitor.store.views import Counts, QueueFilter, QueueKey, QueuePage, QueueRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_s: Any = SourceRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
_st: Any = StoryRow.__table__.c  # type: ignore[attr-defined]
COUNTED = 1000
EXCERPT = 1200
# A pupil named further on must be masked at the beginning too.
_SHOWN = case((_m.pupil_level > "none", MAX_JUDGED), else_=EXCERPT)
_QUEUED = written("mention.state <> 'new'")


def page(tx: Tx, chosen: QueueFilter, *, after: QueueKey | None, limit: int) -> QueuePage:
    """One page of the queue. `next` is None on the last one."""
    found = tx.execute(query(chosen, after=after, limit=limit + 1)).mappings()
    rows = [_row(row) for row in found]
    more = len(rows) > limit
    return QueuePage(rows=tuple(rows[:limit]), next=_key(rows[limit - 1]) if more else None)


def query(chosen: QueueFilter, *, after: QueueKey | None, limit: int) -> Select[Any]:
    """The statement of one page, answered from one index from its first row on."""
    return (
        select(
            _m.id, _m.title, func.substr(_m.text, 1, _SHOWN).label("text"), _m.platform, _m.url,
            _m.published_at, _m.fetched_at, _m.severity, _m.pupil_level, _m.flags, _m.state,
            _m.source_id, _s.name.label("source_name"), _a.payload, _st.size,
        )
        .join(_a.mention_id.table, _a.mention_id == _m.id, isouter=True)
        .join(_s.id.table, _s.id == _m.source_id, isouter=True)
        .join(_st.id.table, _st.id == _m.story_id, isouter=True)
        .where(*_conditions(chosen, after))
        .order_by(_m.severity.desc(), _m.published_at.desc(), _m.id.desc())
        .limit(limit)
    )  # fmt: skip


def _conditions(chosen: QueueFilter, after: QueueKey | None) -> list[Any]:
    conditions = [_m.state == chosen.state, _QUEUED]
    if chosen.min_severity != "none":
        conditions.append(_m.severity >= chosen.min_severity)
    if chosen.label:
        conditions.append(_m.flags.contains(f" {chosen.label} ", autoescape=True))
    if chosen.school_id:
        linked = and_(_l.mention_id == _m.id, _l.school_id == chosen.school_id)
        conditions.append(select(literal(1)).where(linked).exists())
    if after:
        key = (SEVERITIES[after.severity], after.published_at, after.mention_id)
        columns = (_m.severity, _m.published_at, _m.id)
        values = (literal(value, column.type) for value, column in zip(key, columns, strict=True))
        conditions.append(tuple_(*columns) < tuple_(*values))
    return conditions


def _key(row: QueueRow) -> QueueKey:
    return QueueKey(
        severity=SEVERITIES.index(row.severity),
        published_at=row.published_at,
        mention_id=row.mention_id,
    )


def _row(row: Any) -> QueueRow:
    assessment = records.load_assessment(row["payload"] or {}, row["severity"])
    return QueueRow(
        mention_id=row["id"],
        title=row["title"],
        excerpt=joined(row["title"], row["text"]),
        excerpt_assessment=assessment,
        platform=row["platform"],
        source_name=row["source_name"] or row["source_id"],
        url=row["url"],
        published_at=row["published_at"],
        fetched_at=row["fetched_at"],
        severity=row["severity"],
        flags=cast(tuple[Label, ...], tuple(row["flags"].split())),
        pupil_level=row["pupil_level"],
        school_ids=tuple(link.school_id for link in assessment.schools),
        copies=row["size"] or 1,
        state=row["state"],
    )


def counts(tx: Tx) -> Counts:
    """Figures for badges, each counted up to 1,000."""

    def capped(*conditions: Any) -> int:
        inner = select(literal(1)).where(*conditions).limit(COUNTED).subquery()
        return int(tx.scalar(select(func.count()).select_from(inner)) or 0)

    def queued(state: str, *more: Any) -> int:
        return capped(_m.state == state, _QUEUED, *more)

    return Counts(
        open=queued("open"),
        watch=queued("watch"),
        high_or_critical_open=queued("open", _m.severity >= "high"),
        set_aside=queued("set_aside"),
        deliveries_due=capped(_d.state == "due"),
        deliveries_dead=capped(_d.state == "dead"),
        sources_not_measured=capped(_s.enabled, _s.state == "not_measured"),
    )


def newer_than(tx: Tx, mention_id: int) -> int:
    """How many open mentions came after the given one, counted up to 1,000."""
    newer = (_m.id > mention_id, _m.state == "open", _QUEUED)
    inner = select(literal(1)).where(*newer).limit(COUNTED).subquery()
    return int(tx.scalar(select(func.count()).select_from(inner)) or 0)
