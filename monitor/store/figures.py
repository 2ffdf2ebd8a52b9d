"""Figures of days: counted once when a day is over, and kept for comparisons over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, func, select, type_coerce

from alerts.material import Figures
from alerts.words import LONDON
from monitor.store.database import Tx
from monitor.store.figure_tables import DayFigureRow
from monitor.store.inserts import insert_or_ignore
from monitor.store.scope import Scope, named
from monitor.store.tables import AlarmRow, DecisionRow, MentionRow, MentionSchoolRow

_table: Any = DayFigureRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]
TRUST = ""
SOON = timedelta(hours=1)
COUNTED = (
    "mentions", "flagged", "stories", "grave", "decided", "alarms", "answered_soon",
)  # fmt: skip


def last_day(tx: Tx) -> date | None:
    """The newest day that is counted."""
    found: date | None = tx.scalar(select(func.max(_c.day)).where(_c.place == TRUST))
    return found


_FIRST = select(_m.fetched_at).order_by(_m.id).limit(1)


def first_collected(tx: Tx) -> datetime | None:
    found: datetime | None = tx.scalar(_FIRST)
    return found


def close(tx: Tx, day: date, *, since: datetime, until: datetime, schools: Iterable[str]) -> None:
    """Count a day that is over, once: a later run finds it counted."""
    measured = measure(tx, since, until)
    rows = [
        {"place": place, "day": day, **_counts(measured.get(place, Figures()))}
        for place in (TRUST, *schools)
    ]
    tx.execute(insert_or_ignore(tx, _table), rows)


def _counts(figures: Figures) -> dict[str, int]:
    return {name: getattr(figures, name) for name in COUNTED}


def measure(tx: Tx, since: datetime, until: datetime) -> Mapping[str, Figures]:
    """The figures of some time by place, from the rows themselves. A school's leave out what
    accuses a head."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for query in (
        *_of_mentions(since, until), *_of_decisions(since, until), *_of_alarms(since, until)
    ):  # fmt: skip
        for row in tx.execute(query).mappings():
            place = row.get("school_id") or TRUST
            found[place] |= {name: int(row[name] or 0) for name in COUNTED if name in row}
    return {place: Figures(**counts) for place, counts in found.items()}


def _each(query: Any, mention_id: Any) -> Iterable[Any]:
    """A query for the Trust, and the same by school."""
    yield query
    linked = query.join(_l.mention_id.table, _l.mention_id == mention_id)
    yield (linked.add_columns(_l.school_id).where(_m.about_head.is_(False)).group_by(_l.school_id))


def _of_mentions(since: datetime, until: datetime) -> Iterable[Any]:
    is_flagged = _m.severity > "none"
    query = select(
        func.count(func.distinct(_m.id)).label("mentions"),
        func.sum(case((is_flagged, 1), else_=0)).label("flagged"),
        func.count(func.distinct(case((is_flagged, _m.story_id)))).label("stories"),
        func.sum(case((_m.severity >= "high", 1), else_=0)).label("grave"),
    ).where(_m.fetched_at >= since, _m.fetched_at < until)
    return _each(query, _m.id)


def _of_decisions(since: datetime, until: datetime) -> Iterable[Any]:
    query = (
        select(func.count().label("decided"))
        .select_from(_d.id.table)
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(_d.decided_at >= since, _d.decided_at < until, _d.undone_at.is_(None))
    )
    return _each(query, _m.id)


def _of_alarms(since: datetime, until: datetime) -> Iterable[Any]:
    waited = type_coerce(_a.acknowledged_at, BigInteger) - type_coerce(_a.raised_at, BigInteger)
    soon = waited <= SOON // timedelta(microseconds=1)
    query = (
        select(
            func.count().label("alarms"),
            func.sum(case((soon, 1), else_=0)).label("answered_soon"),
        )
        .select_from(_a.story_id.table)
        .join(_m.id.table, _m.id == _a.mention_id)
        .where(_a.raised_at >= since, _a.raised_at < until, _a.state != "silenced")
    )
    return _each(query, _m.id)


def apart(tx: Tx, scope: Scope, place: str) -> Mapping[date, Figures]:
    """What the figures of days hold of stories that are kept apart from who reads, by day in
    Europe/London, as far as these are stored."""
    if not scope.apart:
        return {}
    kept = [_m.id.in_(named(scope))]
    if place != TRUST:
        own = select(_l.mention_id).where(_l.school_id == place)
        kept += [_m.id.in_(own), _m.about_head.is_(False)]
    found: dict[date, Figures] = defaultdict(Figures)
    stories: set[tuple[date, int]] = set()
    for row in tx.execute(select(_m.fetched_at, _m.severity, _m.story_id).where(*kept)):
        day = _day(row.fetched_at)
        flagged, grave = row.severity != "none", row.severity in ("high", "critical")
        is_new = flagged and (day, row.story_id) not in stories
        stories.add((day, row.story_id))
        found[day] += Figures(mentions=1, flagged=flagged, grave=grave, stories=is_new)
    decided = select(_d.decided_at).join(_m.id.table, _m.id == _d.mention_id)
    for at in tx.scalars(decided.where(_d.undone_at.is_(None), *kept)):
        found[_day(at)] += Figures(decided=1)
    raised = select(_a.raised_at, _a.acknowledged_at).join(_m.id.table, _m.id == _a.mention_id)
    for row in tx.execute(raised.where(_a.state != "silenced", *kept)):
        soon = row.acknowledged_at is not None and row.acknowledged_at - row.raised_at <= SOON
        found[_day(row.raised_at)] += Figures(alarms=1, answered_soon=soon)
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


_COUNTED_DAYS = select(_c.day, *(_c[name] for name in COUNTED)).where(
    _c.place == bindparam("place"), _c.day >= bindparam("first"), _c.day <= bindparam("last")
)


def read(tx: Tx, place: str, first: date, last: date) -> Mapping[date, Figures]:
    """The counted days of a place; a day that is not counted is left out."""
    rows = tx.execute(_COUNTED_DAYS, {"place": place, "first": first, "last": last})
    return {row.day: Figures(days=1, **dict(zip(COUNTED, row[1:], strict=True))) for row in rows}
