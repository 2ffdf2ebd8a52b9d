"""What the store knows of some time for an overview of the whole Trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from monitor.store.database import Tx
from monitor.store.digest_entries import ENTRIES, Entry, entry
from monitor.store.scope import Scope, conditions
from monitor.store.tables import AlarmRow, MentionRow, MentionSchoolRow, StoryRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]
_st: Any = StoryRow.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredStory:
    """A story of the time: its lead, how many posts it has and how many sources brought them."""

    entry: Entry
    places: int


def stories(
    tx: Tx, reader: Scope, *, since: datetime, until: datetime, limit: int
) -> list[GatheredStory]:
    """Flagged stories that had a post in the time: the gravest first, then the largest."""
    touched = select(_m.story_id).where(
        _m.fetched_at >= since, _m.fetched_at < until, _m.severity > "none"
    )
    query = (
        ENTRIES.where(_st.id.in_(touched), _st.lead_id == _m.id, *conditions(reader))
        .order_by(_m.severity.desc(), _st.size.desc(), _st.id.desc())
        .limit(limit)
    )
    return [
        GatheredStory(entry=entry(row), places=_places(tx, row.id))
        for row in tx.execute(query).all()
    ]


def _places(tx: Tx, lead_id: int) -> int:
    story = select(_m.story_id).where(_m.id == lead_id).scalar_subquery()
    query = select(func.count(func.distinct(_m.source_id))).where(_m.story_id == story)
    return int(tx.scalar(query) or 1)


def answers(
    tx: Tx, reader: Scope, *, since: datetime, until: datetime
) -> tuple[list[timedelta], int]:
    """How long each alarm of the time waited for its answer, and how many still wait."""
    query = (
        select(_a.raised_at, _a.acknowledged_at)
        .join(_m.id.table, _m.id == _a.mention_id)
        .where(_a.raised_at >= since, _a.raised_at < until, _a.state != "silenced")
        .where(*conditions(reader))
    )
    rows = tx.execute(query).all()
    waited = [row.acknowledged_at - row.raised_at for row in rows if row.acknowledged_at]
    return waited, len(rows) - len(waited)


def by_platform(tx: Tx, reader: Scope, since: datetime, until: datetime) -> dict[str, int]:
    """Flagged mentions of the time, most first."""
    query = select(_m.platform, func.count()).where(*_flagged_in(since, until), *conditions(reader))
    return _most_first(tx, query.group_by(_m.platform))


def by_school(tx: Tx, reader: Scope, since: datetime, until: datetime) -> dict[str, int]:
    """Flagged mentions of the time by school, most first."""
    linked = select(_l.school_id, func.count()).join(_m.id.table, _m.id == _l.mention_id)
    return _most_first(
        tx, linked.where(*_flagged_in(since, until), *conditions(reader)).group_by(_l.school_id)
    )


def _flagged_in(since: datetime, until: datetime) -> tuple[Any, ...]:
    return _m.fetched_at >= since, _m.fetched_at < until, _m.severity > "none"


def _most_first(tx: Tx, query: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in tx.execute(query.order_by(func.count().desc()))}
