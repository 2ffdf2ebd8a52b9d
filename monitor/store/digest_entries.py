"""What the store knows of some time for a digest: of a school, or of the whole Trust.

A morning has a digest for every school, so each query is written once, with a slot for the school,
and asked for each of them: writing one takes longer than asking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, Select, bindparam, func, literal, select

from classifiers.types import LABELS, Assessment, Label, PupilLevel, Severity
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.scope import EVERYTHING, Part, Scope, conditions, opened
from monitor.store.stories import literal as written
from monitor.store.tables import (
    AlarmRow,
    AssessmentRow,
    DecisionRow,
    DeliveryRow,
    MentionRow,
    MentionSchoolRow,
    StoryRow,
)

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_o: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]
_s: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_st: Any = StoryRow.__table__.c  # type: ignore[attr-defined]
LISTED = 8
"""More than any digest shows of what waits."""
_QUEUED = written("mention.state <> 'new'")
HARMLESS_READ = 200
"""Harmless posts looked through for praise, the newest first."""


@dataclass(frozen=True, slots=True)
class About:
    """What a digest is about: one school, or the whole Trust (None), as far as its reader is not
    named."""

    school_id: str | None
    reader: Scope = EVERYTHING

    @property
    def scope(self) -> Scope:
        """Of one school all but what accuses a head, who is its reader."""
        if self.school_id is None:
            return self.reader
        own = Part(schools=frozenset({self.school_id}), about_heads=False)
        return replace(self.reader, parts=(own,))


def _asked(
    tx: Tx, written_for: Callable[[Scope], Select[Any]], about: About, **values: Any
) -> CursorResult[Any]:
    shape, slots = opened(about.scope)
    return tx.execute(written_for(shape), {**slots, **values})


_SINCE: Any = bindparam("since")
_UNTIL: Any = bindparam("until")
_COLLECTED = (_m.fetched_at >= _SINCE, _m.fetched_at < _UNTIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A flagged mention, with the size of its story."""

    mention_id: int
    platform: str
    published_at: datetime
    assessment: Assessment
    copies: int
    is_waiting: bool


ENTRIES = (
    select(_m.id, _m.platform, _m.published_at, _m.severity, _m.state, _s.payload, _st.size)
    .join(_s.mention_id.table, _s.mention_id == _m.id)
    .join(_st.id.table, _st.id == _m.story_id, isouter=True)
)


def entry(row: Any) -> Entry:
    """Of a row of `ENTRIES`."""
    return Entry(
        mention_id=row.id,
        platform=row.platform,
        published_at=row.published_at,
        assessment=records.load_assessment(row.payload, row.severity),
        copies=row.size or 1,
        is_waiting=row.state == "open",
    )


def _gravest_open(tx: Tx, about: About) -> tuple[int, tuple[Entry, ...]]:
    """How many wait, and the gravest of them."""
    rows = _asked(tx, _gravest, about).all()
    number = len(rows) if len(rows) < LISTED else _waiting(tx, about)
    return number, tuple(entry(row) for row in rows)


@lru_cache
def _gravest(scope: Scope) -> Select[Any]:
    query = ENTRIES.where(_m.state == "open", _QUEUED, *conditions(scope))
    in_order = query.order_by(_m.severity.desc(), _m.published_at.desc(), _m.id.desc())
    return in_order.limit(LISTED)


def _waiting(tx: Tx, about: About) -> int:
    """Counted along one index: of the queue, or of what is linked to the school."""
    shape, slots = opened(about.reader)
    school = None if about.school_id is None else "school"
    return tx.scalar(_counted(shape, school), {**slots, "school": about.school_id}) or 0


@lru_cache
def _counted(reader: Scope, school: str | None) -> Select[Any]:
    query = select(func.count()).where(_m.state == "open", _QUEUED, *conditions(reader))
    if school is None:
        return query
    query = query.join_from(_l.school_id.table, _m.id.table, _m.id == _l.mention_id)
    return query.where(_l.school_id == bindparam(school), _m.about_head.is_(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredDays:
    """Counts of what was collected and decided in a time, and what waits at its end."""

    collected: int
    severities: Mapping[Severity, int]
    labels: Mapping[Label, int]
    decided: Mapping[str, int]
    waiting: int
    entries: tuple[Entry, ...]


def gather(tx: Tx, *, about: About, since: datetime, until: datetime) -> GatheredDays:
    """One school's time, or the whole Trust's (None)."""
    flagged = _flagged(tx, about, since, until)
    waiting, entries = _gravest_open(tx, about)
    return GatheredDays(
        collected=sum(number for _, _, number in flagged),
        severities=_sums((severity, number) for severity, _, number in flagged),
        labels=_sums(
            (label, number) for _, flags, number in flagged for label in LABELS if label in flags
        ),
        decided=_decided(tx, about, since, until),
        waiting=waiting,
        entries=entries,
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
    if not source_ids:
        return []
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmlessPost:
    """A post in which nothing is flagged; unmasked: mask it before showing."""

    mention_id: int
    text: str
    platform: str


def harmless(
    tx: Tx, *, about: About, since: datetime, until: datetime, ours: Collection[str]
) -> Iterator[HarmlessPost]:
    """The newest posts of others in which nothing is flagged and nobody can be singled out, of
    whom the school is certain; `ours` are our own sources, whose praise is none."""
    values = {"since": since, "until": until, "ours": list(ours)}
    if about.school_id is not None:
        values["certain_of"] = about.school_id
    write = _harmless if about.school_id is None else _harmless_certainly
    for row in _asked(tx, write, about, **values):
        yield HarmlessPost(mention_id=row.id, text=row.text, platform=row.platform)


@lru_cache
def _harmless(scope: Scope) -> Select[Any]:
    query = select(_m.id, _m.text, _m.platform).where(
        *_COLLECTED,
        _m.severity == "none",
        _m.flags == "",
        _m.pupil_level == "none",
        _m.source_id.not_in(bindparam("ours", expanding=True)),
        *conditions(scope),
    )
    return query.order_by(_m.id.desc()).limit(HARMLESS_READ)


@lru_cache
def _harmless_certainly(scope: Scope) -> Select[Any]:
    linked = select(literal(1)).where(
        _l.mention_id == _m.id,
        _l.school_id == bindparam("certain_of"),
        _l.certainty == "certain",
    )
    return _harmless(scope).where(linked.exists())


_JUDGED = select(_s.payload).where(_s.mention_id == bindparam("mention"))


def assessment(tx: Tx, mention_id: int) -> Assessment:
    """What was made of a mention; nothing at all where it is forgotten."""
    payload = tx.scalar(_JUDGED, {"mention": mention_id})
    return records.load_assessment(payload or {})


_ASIDE = select(func.count()).select_from(_m.id.table).where(_m.state == "set_aside", _QUEUED)
_DEAD = select(func.count()).select_from(_o.id.table).where(_o.state == "dead")
_TROUBLES = select(_ASIDE.scalar_subquery(), _DEAD.scalar_subquery())


def troubles(tx: Tx) -> tuple[int, int]:
    """Mentions that could not be assessed, and messages that were given up."""
    row = tx.execute(_TROUBLES).one()
    return int(row[0] or 0), int(row[1] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCall:
    """An alarm that nobody has answered, and when others are called for it."""

    mention_id: int
    assessment: Assessment
    at: datetime


def next_calls(tx: Tx, *, about: About, limit: int) -> list[NextCall]:
    """Alarms that wait for an answer, the next to call others first."""
    return [
        NextCall(
            mention_id=row.mention_id,
            assessment=records.load_assessment(row.payload, row.severity),
            at=row.next_step_at,
        )
        for row in _asked(tx, _unanswered, about, limit=limit)
    ]


@lru_cache
def _unanswered(scope: Scope) -> Select[Any]:
    return (
        select(_a.mention_id, _a.next_step_at, _s.payload, _m.severity)
        .join(_m.id.table, _m.id == _a.mention_id)
        .join(_s.mention_id.table, _s.mention_id == _m.id)
        .where(_a.state == "open", _a.next_step_at.is_not(None), *conditions(scope))
        .order_by(_a.next_step_at)
        .limit(bindparam("limit"))
    )


def _flagged(
    tx: Tx, about: About, since: datetime, until: datetime
) -> list[tuple[Severity, list[str], int]]:
    rows = _asked(tx, _by_severity, about, since=since, until=until)
    return [(row.severity, row.flags.split(), row.number) for row in rows]


@lru_cache
def _by_severity(scope: Scope) -> Select[Any]:
    query = select(_m.severity, _m.flags, func.count().label("number"))
    return query.where(*_COLLECTED, *conditions(scope)).group_by(_m.severity, _m.flags)


def _sums(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for key, number in pairs:
        sums[key] += number
    return dict(sums)


def _decided(tx: Tx, about: About, since: datetime, until: datetime) -> dict[str, int]:
    rows = _asked(tx, _by_outcome, about, since=since, until=until)
    return {row.outcome: row.number for row in rows}


@lru_cache
def _by_outcome(scope: Scope) -> Select[Any]:
    in_time = (_d.decided_at >= _SINCE, _d.decided_at < _UNTIL, _d.undone_at.is_(None))
    query = select(_d.outcome, func.count().label("number")).join(
        _m.id.table, _m.id == _d.mention_id
    )
    return query.where(*in_time, *conditions(scope)).group_by(_d.outcome)
