"""The review queue: gravest first, then newest; paged by key, counted up to a limit."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, and_, bindparam, case, func, literal, select, tuple_

from classifiers.text import MAX_JUDGED, joined
from classifiers.types import SEVERITIES, Label
from monitor.store import delivered, endings, records, remarks, search
from monitor.store.database import Tx
from monitor.store.queue_tables import HitRow
from monitor.store.scope import EVERYTHING, Scope
from monitor.store.scope import conditions as of_scope
from monitor.store.stories import READING, shown_state
from monitor.store.stories import literal as written
from monitor.store.tables import (
    AssessmentRow,
    DeliveryRow,
    MentionRow,
    MentionSchoolRow,
    SourceRow,
    StoryRow,
)
from monitor.store.views import Counts, QueueFilter, QueueKey, QueuePage, QueueRow, QueueState

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_s: Any = SourceRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
_h: Any = HitRow.__table__.c  # type: ignore[attr-defined]
_st: Any = StoryRow.__table__.c  # type: ignore[attr-defined]
COUNTED = 1000
EXCERPT = 1200
LOOKED_THROUGH = 2500
"""Mentions at most for one page: a rare thing is looked for page by page, and none is slow."""
STRIDES = (60, 500, 500, 1000, 2000)
"""How many of what the words find are looked at in turn: most often the first few suffice."""
# A pupil named further on must be masked at the beginning too.
_SHOWN = case((_m.pupil_level > "none", MAX_JUDGED), else_=EXCERPT)
_QUEUED = written("mention.state <> 'new'")
_WAITING = (
    select(func.min(_m.id)).where(_m.state == "new", written("mention.state = 'new'")),
    select(func.min(_m.id)).where(_m.state == READING, _QUEUED),
)
"""What is still to be assessed: the first of each kind."""
LARGEST = 2**63 - 1
_ORDER = (_m.severity.desc(), _m.published_at.desc(), _m.id.desc())


def page(
    tx: Tx, scope: Scope, chosen: QueueFilter, *, after: QueueKey | None, limit: int
) -> QueuePage:
    """One page of the queue. `next` is None on the last one."""
    if chosen.wanted is not None:
        chosen = replace(chosen, wanted=endings.spelt_out(tx, chosen.wanted))
    if chosen.by_number:
        return _page_by_number(tx, scope, chosen, after=after, limit=limit)
    floor = _floor(tx, scope, chosen, after) if _is_sparse(chosen) else None
    found = tx.execute(query(scope, chosen, after=after, floor=floor, limit=limit + 1)).mappings()
    rows = [_row(row) for row in found]
    if len(rows) > limit:
        return QueuePage(rows=tuple(rows[:limit]), next=_key(rows[limit - 1]))
    return QueuePage(rows=tuple(rows), next=floor)


@lru_cache(maxsize=256)
def query(
    scope: Scope,
    chosen: QueueFilter,
    *,
    after: QueueKey | None,
    floor: QueueKey | None = None,
    limit: int,
) -> Select[Any]:
    """The statement of one page, answered from one index from its first row on to `floor`."""
    sparse = _conditions(scope, chosen)
    conditions = [*_queued(scope, chosen), *sparse]
    if after:
        conditions.append(_keys() < _values(after))
    if floor:
        conditions.append(_keys() >= _values(floor))
    if not sparse:
        return _selected(scope).where(*conditions).order_by(*_ORDER).limit(limit)
    # What is only looked through is not read whole.
    found = select(_m.id).where(*conditions).order_by(*_ORDER).limit(limit)
    return _selected(scope).where(_m.id.in_(found)).order_by(*_ORDER)


def _queued(scope: Scope, chosen: QueueFilter) -> list[Any]:
    return [_m.state == chosen.state, _QUEUED, *_severity(chosen), *of_scope(scope)]


@lru_cache(maxsize=256)
def _selected(scope: Scope) -> Select[Any]:
    """What a row shows; written once, as writing it takes longer than answering it."""
    return (
        select(
            _m.id, _m.title, func.substr(_m.text, 1, _SHOWN).label("text"), _m.platform, _m.url,
            _m.published_at, _m.fetched_at, _m.severity, _m.pupil_level, _m.flags, _m.state,
            _m.source_id, _m.story_id, _s.name.label("source_name"), _a.payload,
            _copies(scope).label("size"),
        )
        .join(_a.mention_id.table, _a.mention_id == _m.id, isouter=True)
        .join(_s.id.table, _s.id == _m.source_id, isouter=True)
    )  # fmt: skip


def _floor(tx: Tx, scope: Scope, chosen: QueueFilter, after: QueueKey | None) -> QueueKey | None:
    """How far to look in one go for what is rare; None where so much is not left."""
    conditions = _queued(scope, chosen)
    if after:
        conditions.append(_keys() < _values(after))
    last = (
        select(_m.severity, _m.published_at, _m.id)
        .where(*conditions)
        .order_by(*_ORDER)
        .offset(LOOKED_THROUGH)
        .limit(1)
    )
    row = tx.execute(last).one_or_none()
    if row is None:
        return None
    severity = SEVERITIES.index(row.severity)
    return QueueKey(severity=severity, published_at=row.published_at, mention_id=row.id)


def _page_by_number(
    tx: Tx, scope: Scope, chosen: QueueFilter, *, after: QueueKey | None, limit: int
) -> QueuePage:
    """Of what the words find, or of everything, the newest first."""
    before = after.mention_id if after else None
    conditions = [*_severity(chosen), *_conditions(scope, chosen), *_stood(chosen)]
    rows: list[QueueRow] = []
    for most in STRIDES:
        candidates = _candidates(tx, scope, chosen, before, most)
        here = _m.id.in_(candidates)
        query = _selected(scope).where(here, *conditions).order_by(_m.id.desc())
        found = tx.execute(query.limit(limit + 1 - len(rows))).mappings()
        rows += [_row(row) for row in found]
        if len(rows) > limit:
            return QueuePage(rows=tuple(rows[:limit]), next=_key(rows[limit - 1]))
        if len(candidates) < most:
            return QueuePage(rows=tuple(rows), next=None)
        before = candidates[-1]
    return QueuePage(rows=tuple(rows), next=_place(tx, candidates[-1]))


def _candidates(
    tx: Tx, scope: Scope, chosen: QueueFilter, before: int | None, most: int
) -> list[int]:
    """The newest numbers within the scope, so that the place of the last one tells nothing of what
    is outside."""
    words = chosen.wanted
    if words is not None and scope.is_whole:
        return search.newest(tx, words, before=before, most=most, apart=scope)
    query = select(_m.id).where(*of_scope(scope)).order_by(_m.id.desc()).limit(most)
    if before is not None:
        query = query.where(_m.id < before)
    if words is None:
        return list(tx.scalars(query))
    found: list[int] = []
    for named in search.reaches(tx, words, before):
        found = list(tx.scalars(query.where(_m.id.in_(named))))
        if len(found) == most:
            break
    return found


def _copies(scope: Scope) -> Any:
    """Posts in the story that are within the scope."""
    if scope.is_whole:
        return select(_st.size).where(_st.id == _m.story_id).scalar_subquery()
    other = _m.id.table.alias()
    of_story = select(func.count()).where(
        other.c.story_id == _m.story_id, *of_scope(scope, other.c)
    )
    return of_story.correlate(_m.id.table).scalar_subquery()


def _stood(chosen: QueueFilter) -> list[Any]:
    """What is shown of everything: neither what waits for assessment nor what is forgotten."""
    if chosen.state == "all":
        return [_m.state.not_in(("new", "reading", "forgotten"))]
    return [_m.state == chosen.state]


def _place(tx: Tx, mention_id: int) -> QueueKey:
    published: Any = tx.scalar(select(_m.published_at).where(_m.id == mention_id))
    return QueueKey(severity=0, published_at=published, mention_id=mention_id)


def _keys() -> Any:
    return tuple_(_m.severity, _m.published_at, _m.id)


def _values(key: QueueKey) -> Any:
    given = (SEVERITIES[key.severity], key.published_at, key.mention_id)
    columns = (_m.severity, _m.published_at, _m.id)
    return tuple_(*(literal(one, column.type) for one, column in zip(given, columns, strict=True)))


def _severity(chosen: QueueFilter) -> list[Any]:
    return [_m.severity >= chosen.min_severity] if chosen.min_severity != "none" else []


def _is_sparse(chosen: QueueFilter) -> bool:
    """What is somebody's is so little that it is found at once."""
    return chosen.assigned is None and bool(_conditions(EVERYTHING, chosen))


def _conditions(scope: Scope, chosen: QueueFilter) -> list[Any]:
    """What the index of the queue does not know."""
    conditions: list[Any] = []
    if chosen.label:
        conditions.append(_m.flags.contains(f" {chosen.label} ", autoescape=True))
    if chosen.school_id:
        linked = and_(_l.mention_id == _m.id, _l.school_id == chosen.school_id)
        conditions.append(select(literal(1)).where(linked).exists())
    if chosen.platform:
        conditions.append(_m.platform == chosen.platform)
    if chosen.source_id:
        conditions.append(_m.source_id == chosen.source_id)
    if chosen.since:
        conditions.append(_m.published_at >= chosen.since)
    if chosen.until:
        conditions.append(_m.published_at < chosen.until)
    if chosen.min_copies > 1:
        conditions.append(_copies(scope) >= chosen.min_copies)
    if chosen.assigned:
        conditions.append(remarks.is_assigned(_m.id, chosen.assigned))
    if chosen.rule_id:
        hit = and_(_h.mention_id == _m.id, _h.rule_id == chosen.rule_id)
        conditions.append(select(literal(1)).where(hit).exists())
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
        story_id=row["story_id"],
        copies=row["size"] or 1,
        state=cast(QueueState, shown_state(row["state"])),
    )


def counts(tx: Tx, scope: Scope) -> Counts:
    """Figures for badges, each counted up to 1,000; of what is outside the scope there are none."""
    return Counts(**tx.execute(_counting(scope)).mappings().one())


@lru_cache(maxsize=256)
def _counting(scope: Scope) -> Select[Any]:
    """All in one statement, as every page has them."""

    def queued(state: str, *more: Any) -> Any:
        return _capped(_m.state == state, _QUEUED, *more, *of_scope(scope))

    told = delivered.of_scope(scope)

    def serving(*conditions: Any) -> Any:
        return _capped(*conditions) if scope.service else literal(0)

    return select(
        queued("open").label("open"),
        queued("watch").label("watch"),
        queued("open", _m.severity >= "high").label("high_or_critical_open"),
        queued("set_aside").label("set_aside"),
        serving(_d.state == "due", *told).label("deliveries_due"),
        serving(_d.state == "dead", *told).label("deliveries_dead"),
        serving(_s.enabled, _s.state == "not_measured").label("sources_not_measured"),
    )


def _capped(*conditions: Any) -> Any:
    inner = select(literal(1)).where(*conditions).limit(COUNTED).subquery()
    return select(func.count()).select_from(inner).scalar_subquery()


def waiting(tx: Tx, scope: Scope, chosen: QueueFilter) -> int:
    """How many fit what is chosen, of so many as are looked through for one page."""
    first = select(_m.id).where(*_queued(scope, chosen)).order_by(*_ORDER).limit(LOOKED_THROUGH)
    fitting = select(func.count()).where(_m.id.in_(first), *_conditions(scope, chosen))
    return int(tx.scalar(fitting) or 0)


def settled(tx: Tx, scope: Scope) -> int:
    """The number up to which everything has been assessed: what is new comes after it."""
    waits = [tx.scalar(one) for one in _WAITING] if scope.is_whole else []
    first = min((number for number in waits if number is not None), default=LARGEST)
    return int(tx.scalar(_newest_before(scope), {"first": first}) or 0)


@lru_cache(maxsize=256)
def _newest_before(scope: Scope) -> Select[Any]:
    before = _m.id < bindparam("first", type_=_m.id.type)
    return select(_m.id).where(before, *of_scope(scope)).order_by(_m.id.desc()).limit(1)


def newer_than(tx: Tx, scope: Scope, mention_id: int) -> int:
    """How many open mentions came after the given one, counted up to 1,000 and not further than
    is looked through."""
    return int(tx.scalar(_open_after(scope), {"number": mention_id}) or 0)


@lru_cache(maxsize=256)
def _open_after(scope: Scope) -> Select[Any]:
    visible = (_m.id > bindparam("number", type_=_m.id.type), *of_scope(scope))
    newer = select(_m.id).where(*visible).order_by(_m.id).limit(LOOKED_THROUGH)
    return select(_capped(_m.id.in_(newer), _m.state == "open"))
