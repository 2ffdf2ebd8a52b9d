"""Response clocks of stories: started once, met by a look or a decision, late when they pass.

Whether a clock still waits is read from the mention that stands for its story, so that whatever
decides, merges or takes back needs to tell no clock of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Select, and_, bindparam, exists, insert, or_, select, update

from alerts.channels import MAIL
from alerts.clocks import Mark
from classifiers.types import Assessment
from monitor.store import records
from monitor.store.clock_tables import ClockRow
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.scope import Scope, conditions, opened
from monitor.store.tables import AlarmRow, AssessmentRow, DeliveryRow, MentionRow, StoryRow

_table: Any = ClockRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_s: Any = StoryRow.__table__.c  # type: ignore[attr-defined]
_a: Any = AssessmentRow.__table__.c  # type: ignore[attr-defined]
_alarms: Any = AlarmRow.__table__.c  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
RUNS, LATE, OVER = "runs", "late", "over"
REMINDERS = ("unanswered", "late")
SETTLED_AT_ONCE = 200
ClockState = Literal["runs", "late", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryClock:
    """The clock of a story that comes first; nothing of it is met."""

    story_id: int
    mark: Mark
    started_at: datetime
    due_at: datetime

    def is_late(self, now: datetime) -> bool:
        return self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A clock with the mention that waits."""

    clock: StoryClock
    mention_id: int
    assessment: Assessment


def start(tx: Tx, story_id: int, due: Mapping[Mark, datetime], now: datetime) -> None:
    """Let the clocks of a story run from now: something new in it is to be looked at. One that
    nobody has met and that ends sooner goes on."""
    known = {row["mark"]: row for row in _rows(tx, story_id)}
    for mark, at in due.items():
        old = known.get(mark)
        if old is None:
            row = {"story_id": story_id, "mark": mark, "started_at": now, "due_at": at}
            tx.execute(insert(_table).values(**row, met_at=None, state=RUNS))
        elif old["met_at"] is not None or old["state"] == OVER or at < old["due_at"]:
            changed = {"started_at": now, "due_at": at, "met_at": None, "state": RUNS}
            tx.execute(update(_table).where(*_is(story_id, mark)).values(changed))


def _rows(tx: Tx, story_id: int) -> list[Any]:
    return list(tx.execute(select(_table).where(_c.story_id == story_id)).mappings())


def _is(story_id: int, mark: Mark) -> tuple[Any, Any]:
    return _c.story_id == story_id, _c.mark == mark


def note_seen(tx: Tx, story_id: int, now: datetime) -> None:
    """Somebody who may decide has looked; the first look counts."""
    unseen = update(_table).where(*_is(story_id, "seen"), _c.met_at.is_(None))
    tx.execute(unseen.values(met_at=now))


def resume(tx: Tx, story_id: int) -> None:
    """A decision was taken back: what was over counts as before."""
    over = update(_table).where(_c.story_id == story_id, _c.state == OVER, _c.met_at.is_(None))
    tx.execute(over.values(state=RUNS))


def again(tx: Tx, story_ids: Collection[int], now: datetime) -> None:
    """What was watched is back: there is as much time again to decide."""
    for row in tx.execute(select(_table).where(_c.story_id.in_(story_ids), _c.mark == "action")):
        anew = {"started_at": now, "due_at": now + (row.due_at - row.started_at), "state": RUNS}
        tx.execute(update(_table).where(*_is(row.story_id, "action")).values(anew))


def split(tx: Tx, story_id: int, own: int, now: datetime) -> None:
    """A post stands alone now: it has the time that its story had."""
    for row in _rows(tx, story_id):
        span = row["due_at"] - row["started_at"]
        copied = {"story_id": own, "mark": row["mark"], "started_at": now, "due_at": now + span}
        tx.execute(insert_or_ignore(tx, _table).values(**copied, met_at=None, state=RUNS))


def merge(tx: Tx, into: int, story_id: int) -> None:
    """Two stories are one: of their clocks the one that ends first counts."""
    known = {row["mark"]: row for row in _rows(tx, into)}
    for row in _rows(tx, story_id):
        kept = known.get(row["mark"])
        if kept is None:
            tx.execute(insert(_table).values(**{**row, "story_id": into}))
        elif row["met_at"] is None and kept["met_at"] is None and row["due_at"] < kept["due_at"]:
            sooner = {"started_at": row["started_at"], "due_at": row["due_at"]}
            tx.execute(update(_table).where(*_is(into, row["mark"])).values(sooner))


def has_passed(tx: Tx, now: datetime) -> bool:
    """Whether a clock is to be settled."""
    query = select(_c.story_id).where(_c.state == RUNS, _c.due_at <= now).limit(1)
    return tx.execute(query).first() is not None


def settle(tx: Tx, now: datetime) -> list[Waiting]:
    """Settle what has passed: the clocks by which nothing was done are late now, and are given
    here, once; the others are over. What a silence covers is late without anybody being told."""
    told = _alarms.state.label("alarm")
    query = (
        select(_table, _m.id.label("mention_id"), _m.severity, _a.payload, told)
        .join(_s.id.table, _s.id == _c.story_id, isouter=True)
        .join(_m.id.table, and_(_m.id == _s.lead_id, _m.state == "open"), isouter=True)
        .join(_a.mention_id.table, _a.mention_id == _m.id, isouter=True)
        .join(_alarms.story_id.table, _alarms.story_id == _c.story_id, isouter=True)
        .where(_c.state == RUNS, _c.due_at <= now)
        .order_by(_c.due_at)
        .limit(SETTLED_AT_ONCE)
    )  # fmt: skip
    passed = []
    for row in tx.execute(query).mappings().all():
        waits = row["mention_id"] is not None and row["met_at"] is None
        state = LATE if waits else OVER
        mine = (*_is(row["story_id"], row["mark"]), _c.state == RUNS)
        settled = tx.execute(update(_table).where(*mine).values(state=state))
        if settled.rowcount == 1 and waits and row["alarm"] != "silenced":
            passed.append(_waiting(row))
    return passed


def sweep(tx: Tx) -> None:
    """What was late and has been done meanwhile is over."""
    waits = exists().where(_s.id == _c.story_id, _m.id == _s.lead_id, _m.state == "open")
    done = or_(_c.met_at.is_not(None), ~waits)
    tx.execute(update(_table).where(_c.state == LATE, done).values(state=OVER))


def _waiting(row: Any) -> Waiting:
    return Waiting(
        clock=_clock(row),
        mention_id=row["mention_id"],
        assessment=records.load_assessment(row["payload"] or {}, row["severity"]),
    )


def _clock(row: Any) -> StoryClock:
    return StoryClock(**{name: row[name] for name in StoryClock.__slots__})


_UNMET = (
    select(_table)
    .where(_c.story_id.in_(bindparam("stories", expanding=True)), _c.met_at.is_(None))
    .order_by(_c.due_at.desc(), _c.mark)
)


def of_stories(tx: Tx, story_ids: Collection[int]) -> dict[int, StoryClock]:
    """For each story the clock that comes first of those that are not met. Whether the story
    still waits, its mention tells."""
    found = tx.execute(_UNMET, {"stories": story_ids}).mappings()
    return {row["story_id"]: _clock(row) for row in found}


def waiting(tx: Tx, scope: Scope, *, limit: int) -> tuple[Waiting, ...]:
    """Stories of the scope that wait, by the clock that comes first: those whose time has passed
    longest on top. Read along the index of due times, as far as it takes."""
    shape, slots = opened(scope)
    found: list[Waiting] = []
    for state in (LATE, RUNS):
        if len(found) < limit:
            asked = {**slots, "state": state, "limit": limit - len(found)}
            found += [_waiting(row) for row in tx.execute(_in_order(shape), asked).mappings()]
    return tuple(found)


@lru_cache
def _in_order(scope: Scope) -> Select[Any]:
    """Written once for all who have such a scope: the query of every page and digest."""
    seen = _table.alias().c
    comes_later = and_(
        _c.mark == "action",
        exists().where(seen.story_id == _c.story_id, seen.mark == "seen", seen.met_at.is_(None)),
    )
    return (
        select(_table, _m.id.label("mention_id"), _m.severity, _a.payload)
        .join(_s.id.table, _s.id == _c.story_id)
        .join(_m.id.table, _m.id == _s.lead_id)
        .join(_a.mention_id.table, _a.mention_id == _m.id)
        .where(_c.state == bindparam("state"), _c.met_at.is_(None), ~comes_later)
        .where(_m.state == "open", *conditions(scope))
        .order_by(_c.due_at)
        .limit(bindparam("limit"))
    )


def reminded(
    tx: Tx, story_id: int, since: datetime, occasions: Collection[str] = REMINDERS
) -> frozenset[str]:
    """Addresses (case-folded) of those who were told since then that a story waits."""
    query = select(_deliveries.recipient, _deliveries.payload).where(
        _deliveries.story_id == story_id,
        _deliveries.channel == MAIL,
        _deliveries.kind == "alert",
        _deliveries.created_at > since,
    )
    rows = [(row.recipient, records.load_notice(row.payload)) for row in tx.execute(query)]
    return frozenset(who.casefold() for who, told in rows if told.occasion in occasions)
