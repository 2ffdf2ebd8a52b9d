"""Counts of days by name: kinds, outcomes, how soon people answered and decided.

Counted when a day has settled, and kept when what was counted is forgotten. A school's leave out
what accuses a head.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import BigInteger, case, func, or_, select, type_coerce

from classifiers.types import LABELS, Label
from monitor.store.database import Tx
from monitor.store.figure_tables import DayCountRow
from monitor.store.inserts import insert_or_ignore
from monitor.store.tables import AlarmRow, DecisionRow, MentionRow, MentionSchoolRow
from monitor.store.views import Outcome

_table: Any = DayCountRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_l: Any = MentionSchoolRow.__table__.c  # type: ignore[attr-defined]
_d: Any = DecisionRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]
TRUST = ""
COUNTED = "day.counted"
HARMS: tuple[Label, ...] = tuple(label for label in LABELS if label != "reputation")
"""Criticism is lawful and is counted apart (policy 7.4)."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
HOUR = timedelta(hours=1)
ANSWERED = {
    "answer.15m": HOUR / 4, "answer.1h": HOUR, "answer.4h": 4 * HOUR, "answer.1d": 24 * HOUR,
}  # fmt: skip
"""How soon somebody answered what was told at once: each within its time and no sooner one."""
DECIDED = {"decision.1d": 24 * HOUR, "decision.3d": 72 * HOUR, "decision.7d": 168 * HOUR}
_MICROSECOND = timedelta(microseconds=1)

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What was said, whether harm was flagged in it, and what somebody decided, if anybody did."""

    text: str
    is_harm: bool
    outcome: Outcome | None = None


def is_harm() -> Any:
    """Something is flagged that harms somebody, or may single out a pupil."""
    flagged = (_m.flags.contains(f" {label} ", autoescape=True) for label in HARMS)
    return or_(_m.pupil_level >= "indirect", *flagged)


def counted_days(tx: Tx, first: date, last: date) -> set[date]:
    query = select(_c.day).where(
        _c.place == TRUST, _c.name == COUNTED, _c.day >= first, _c.day <= last
    )
    return set(tx.scalars(query))


def last_day(tx: Tx) -> date | None:
    """The newest day that is counted."""
    query = select(func.max(_c.day)).where(_c.place == TRUST, _c.name == COUNTED)
    found: date | None = tx.scalar(query)
    return found


def keep(tx: Tx, day: date, counts: Mapping[str, Counts]) -> None:
    """Write a day down, once: a later run finds it counted."""
    rows = [
        {"place": place, "day": day, "name": name, "number": number}
        for place, named in counts.items()
        for name, number in named.items()
        if number
    ]
    rows.append({"place": TRUST, "day": day, "name": COUNTED, "number": 1})
    tx.execute(insert_or_ignore(tx, _table), rows)


def total(tx: Tx, first: date, last: date) -> dict[str, Counter[str]]:
    """Sums by place over the days that are counted."""
    query = (
        select(_c.place, _c.name, func.sum(_c.number).label("number"))
        .where(_c.day >= first, _c.day <= last, _c.name != COUNTED)
        .group_by(_c.place, _c.name)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tx.execute(query):
        found[row.place][row.name] = int(row.number)
    return found


def measure(tx: Tx, since: datetime, until: datetime) -> dict[str, Counter[str]]:
    """The counts of some time by place, from the rows themselves."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for of in (_of_mentions, _of_decisions, _of_alarms):
        for one in _each(of(since, until)):
            for row in tx.execute(one).mappings():
                place = row.get("school_id") or TRUST
                found[place].update({k: int(v or 0) for k, v in row.items() if k != "school_id"})
    return found


def _each(query: Any) -> Iterator[Any]:
    """A query for the Trust, and the same by school."""
    yield query
    linked = query.join(_l.mention_id.table, _l.mention_id == _m.id)
    yield linked.add_columns(_l.school_id).where(_m.about_head.is_(False)).group_by(_l.school_id)


def _number(condition: Any, name: str) -> Any:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _of_mentions(since: datetime, until: datetime) -> Any:
    labels = (
        _number(_m.flags.contains(f" {label} ", autoescape=True), f"kind.{label}")
        for label in LABELS
    )
    return select(
        *labels,
        _number(_m.pupil_level >= "indirect", "kind.pupil"),
        _number(is_harm(), "kind.harm"),
        _number((_m.flags == " reputation ") & ~is_harm(), "kind.criticism"),
        func.count().label("kind.any"),
    ).select_from(_m.id.table).where(_m.fetched_at >= since, _m.fetched_at < until)  # fmt: skip


def _of_decisions(since: datetime, until: datetime) -> Any:
    waited = type_coerce(_d.decided_at, BigInteger) - type_coerce(_m.fetched_at, BigInteger)
    judged = is_harm() & (_d.outcome != "not_about_us")
    return (
        select(
            *(_number(_d.outcome == one, f"outcome.{one}") for one in OUTCOMES),
            *_within(waited, DECIDED, "decision.later"),
            _number(judged, "equality.decided"),
            _number(judged & (_d.outcome == "no_action"), "equality.overturned"),
        )
        .select_from(_d.id.table)
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(_d.decided_at >= since, _d.decided_at < until, _d.undone_at.is_(None))
    )


def _of_alarms(since: datetime, until: datetime) -> Any:
    waited = type_coerce(_a.acknowledged_at, BigInteger) - type_coerce(_a.raised_at, BigInteger)
    return (
        select(
            *_within(waited, ANSWERED, "answer.later"),
            _number(_a.acknowledged_at.is_(None), "answer.none"),
        )
        .select_from(_a.story_id.table)
        .join(_m.id.table, _m.id == _a.mention_id)
        .where(_a.raised_at >= since, _a.raised_at < until, _a.state != "silenced")
    )


def _within(waited: Any, times: Mapping[str, timedelta], later: str) -> Iterable[Any]:
    """Each wait in the first time that holds it."""
    ends = [end // _MICROSECOND for end in times.values()]
    for name, begin, end in zip(times, [None, *ends], ends, strict=False):
        is_over = waited > begin if begin is not None else waited.is_not(None)
        yield _number(is_over & (waited <= end), name)
    yield _number(waited > ends[-1], later)


def collected(tx: Tx, since: datetime, until: datetime) -> Iterator[Text]:
    """What was collected in some time."""
    query = select(_m.title, _m.text, is_harm().label("harm")).where(
        _m.fetched_at >= since, _m.fetched_at < until
    )
    for row in tx.execute(query).yield_per(500):
        yield Text(text=f"{row.title}\n{row.text}", is_harm=bool(row.harm))


def decided(tx: Tx, since: datetime, until: datetime) -> Iterator[Text]:
    """What was decided in some time, in words and with the outcome; what was taken back is not."""
    query = (
        select(_m.title, _m.text, is_harm().label("harm"), _d.outcome)
        .select_from(_d.id.table)
        .join(_m.id.table, _m.id == _d.mention_id)
        .where(_d.decided_at >= since, _d.decided_at < until, _d.undone_at.is_(None))
    )
    for row in tx.execute(query).yield_per(500):
        said = f"{row.title}\n{row.text}"
        yield Text(text=said, is_harm=bool(row.harm), outcome=row.outcome)
