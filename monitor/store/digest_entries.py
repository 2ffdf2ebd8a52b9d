"""What the store knows of some time, for digests and overviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select

from classifiers.types import LABELS, Assessment, Label, PupilLevel, Severity
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.scope import EVERYTHING, Scope, conditions
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A flagged mention, with the size of its story."""

    mention_id: int
    platform: str
    published_at: datetime
    assessment: Assessment
    copies: int
    is_waiting: bool


_ENTRIES = (
    select(_m.id, _m.platform, _m.published_at, _m.severity, _m.state, _s.payload, _st.size)
    .join(_s.mention_id.table, _s.mention_id == _m.id)
    .join(_st.id.table, _st.id == _m.story_id, isouter=True)
)


def _entry(row: Any) -> Entry:
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
    waiting = _m.state == "open", _QUEUED, *_about(about)
    in_order = _ENTRIES.order_by(_m.severity.desc(), _m.published_at.desc(), _m.id.desc())
    rows = tx.execute(in_order.where(*waiting).limit(LISTED)).all()
    number = len(rows) if len(rows) < LISTED else _waiting(tx, about)
    return number, tuple(_entry(row) for row in rows)


def _waiting(tx: Tx, about: About) -> int:
    """Counted along one index: of the queue, or of what is linked to the school."""
    query = select(func.count()).where(_m.state == "open", _QUEUED, *conditions(about.reader))
    if about.school_id is not None:
        query = query.join_from(_l.school_id.table, _m.id.table, _m.id == _l.mention_id)
        query = query.where(_l.school_id == about.school_id, _m.about_head.is_(False))
    return tx.scalar(query) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredDays:
    """Counts of what was collected and decided in a time, and what waits at its end."""

    collected: int
    severities: Mapping[Severity, int]
    labels: Mapping[Label, int]
    decided: Mapping[str, int]
    waiting: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What a digest is about: one school, or the whole Trust (None), as far as its reader is not
    named."""

    school_id: str | None
    reader: Scope = EVERYTHING


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
    query = (
        select(_m.id, _m.text, _m.platform)
        .where(
            _m.fetched_at >= since,
            _m.fetched_at < until,
            _m.severity == "none",
            _m.flags == "",
            _m.pupil_level == "none",
            _m.source_id.not_in(ours),
            *_about(about, certainty="certain"),
        )
        .order_by(_m.id.desc())
        .limit(HARMLESS_READ)
    )
    for row in tx.execute(query):
        yield HarmlessPost(mention_id=row.id, text=row.text, platform=row.platform)


def assessment(tx: Tx, mention_id: int) -> Assessment:
    """What was made of a mention; nothing at all where it is forgotten."""
    payload = tx.scalar(select(_s.payload).where(_s.mention_id == mention_id))
    return records.load_assessment(payload or {})


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
        _ENTRIES.where(_st.id.in_(touched), _st.lead_id == _m.id, *conditions(reader))
        .order_by(_m.severity.desc(), _st.size.desc(), _st.id.desc())
        .limit(limit)
    )
    return [
        GatheredStory(entry=_entry(row), places=_places(tx, row.id))
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


def troubles(tx: Tx) -> tuple[int, int]:
    """Mentions that could not be assessed, and messages that were given up."""
    aside = select(func.count()).select_from(_m.id.table).where(_m.state == "set_aside", _QUEUED)
    dead = select(func.count()).select_from(_o.id.table).where(_o.state == "dead")
    row = tx.execute(select(aside.scalar_subquery(), dead.scalar_subquery())).one()
    return int(row[0] or 0), int(row[1] or 0)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCall:
    """An alarm that nobody has answered, and when others are called for it."""

    mention_id: int
    assessment: Assessment
    at: datetime


def next_calls(tx: Tx, *, about: About, limit: int) -> list[NextCall]:
    """Alarms that wait for an answer, the next to call others first."""
    query = (
        select(_a.mention_id, _a.next_step_at, _s.payload, _m.severity)
        .join(_m.id.table, _m.id == _a.mention_id)
        .join(_s.mention_id.table, _s.mention_id == _m.id)
        .where(_a.state == "open", _a.next_step_at.is_not(None), *_about(about))
        .order_by(_a.next_step_at)
        .limit(limit)
    )
    return [
        NextCall(
            mention_id=row.mention_id,
            assessment=records.load_assessment(row.payload, row.severity),
            at=row.next_step_at,
        )
        for row in tx.execute(query)
    ]


def _about(about: About, *, certainty: str = "") -> list[Any]:
    """For one school: what is linked to it, less what accuses a head, who is its reader; less
    what names the reader."""
    apart = conditions(about.reader)
    if about.school_id is None:
        return apart
    linked = select(literal(1)).where(_l.mention_id == _m.id, _l.school_id == about.school_id)
    if certainty:
        linked = linked.where(_l.certainty == certainty)
    return [linked.exists(), _m.about_head.is_(False), *apart]


def _flagged(
    tx: Tx, about: About, since: datetime, until: datetime
) -> list[tuple[Severity, list[str], int]]:
    query = (
        select(_m.severity, _m.flags, func.count())
        .where(_m.fetched_at >= since, _m.fetched_at < until, *_about(about))
        .group_by(_m.severity, _m.flags)
    )
    return [(row[0], row[1].split(), row[2]) for row in tx.execute(query)]


def _sums(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for key, number in pairs:
        sums[key] += number
    return dict(sums)


def _decided(tx: Tx, about: About, since: datetime, until: datetime) -> dict[str, int]:
    query = (
        select(_d.outcome, func.count())
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(
            _d.decided_at >= since,
            _d.decided_at < until,
            _d.undone_at.is_(None),
            *_about(about),
        )
        .group_by(_d.outcome)
    )
    return {row[0]: row[1] for row in tx.execute(query)}
