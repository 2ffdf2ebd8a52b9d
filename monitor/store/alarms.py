"""Alarms: stories that people were told of at once, until somebody answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, insert, select, update

from alerts.channels import MAIL
from alerts.types import Notice
from classifiers.types import Severity
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.tables import AlarmRow, DeliveryRow, MentionRow, StoryRow
from monitor.store.views import Alarm

_table: Any = AlarmRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_deliveries: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_stories: Any = StoryRow.__table__  # type: ignore[attr-defined]
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
WAITING = ("open", "watch")
"""States of a mention about which its people still want to hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a story has gone: posts, and the sources that brought them."""

    size: int
    places: int


def put(
    tx: Tx,
    story_id: int,
    mention_id: int,
    severity: Severity,
    *,
    next_step_at: datetime | None,
    now: datetime,
    silence_id: int | None = None,
) -> None:
    """Raise an alarm, or raise it anew where the story has become graver."""
    tx.execute(delete(_table).where(_c.story_id == story_id))
    tx.execute(
        insert(_table).values(
            story_id=story_id,
            mention_id=mention_id,
            severity=severity,
            state="open" if silence_id is None else "silenced",
            raised_at=now,
            told_at=now,
            told_size=spread(tx, story_id).size,
            step=0,
            next_step_at=next_step_at,
            silence_id=silence_id,
        )
    )


def of_story(tx: Tx, story_id: int | None) -> Alarm | None:
    row = tx.execute(select(_table).where(_c.story_id == story_id)).mappings().one_or_none()
    return None if row is None else _alarm(row)


def _alarm(row: Any) -> Alarm:
    return Alarm(**{name: row[name] for name in Alarm.__slots__})


def due(tx: Tx, now: datetime, limit: int = 50) -> list[Alarm]:
    """Alarms whose next step has come and that nobody has answered."""
    query = (
        select(_table)
        .where(_c.state == "open", _c.next_step_at <= now)
        .order_by(_c.next_step_at)
        .limit(limit)
    )
    return [_alarm(row) for row in tx.execute(query).mappings()]


def advance(tx: Tx, alarm: Alarm, next_step_at: datetime | None) -> bool:
    """Note that a step is taken; False when another was quicker or somebody answered."""
    moved = tx.execute(
        update(_table)
        .where(_c.story_id == alarm.story_id, _c.step == alarm.step, _c.state == "open")
        .values(step=alarm.step + 1, next_step_at=next_step_at)
    )
    return moved.rowcount == 1


def hurry(tx: Tx, story_ids: Iterable[int], now: datetime) -> None:
    """Let the next step of alarms that nobody has answered be taken now."""
    waits = (_c.story_id.in_(list(story_ids)), _c.state == "open", _c.next_step_at > now)
    tx.execute(update(_table).where(*waits).values(next_step_at=now))


def acknowledge(tx: Tx, story_id: int, *, by: str, now: datetime) -> bool:
    """Somebody has seen it and takes it on; False when it was answered before."""
    answered = tx.execute(
        update(_table)
        .where(_c.story_id == story_id, _c.state == "open")
        .values(state="acknowledged", acknowledged_by=by, acknowledged_at=now, next_step_at=None)
    )
    return answered.rowcount == 1


def spread(tx: Tx, story_id: int) -> Spread:
    query = select(func.count(), func.count(func.distinct(_m.source_id))).where(
        _m.story_id == story_id
    )
    size, places = tx.execute(query).one()
    return Spread(size=size, places=places)


def growing(tx: Tx, *, told_before: datetime, grows_by: float) -> list[Alarm]:
    """Alarms of stories that have multiplied since they were last told of, and that nobody has
    laid aside."""
    query = (
        select(_table)
        .join(_stories, _stories.c.id == _c.story_id)
        .join(_m.id.table, _m.id == _stories.c.lead_id)
        .where(
            _c.told_at <= told_before,
            _c.state != "silenced",
            _stories.c.size >= _c.told_size * grows_by,
            _m.state.in_(WAITING),
        )
        .order_by(_c.story_id)
    )
    return [_alarm(row) for row in tx.execute(query).mappings()]


def regrade(tx: Tx, story_id: int, severity: Severity, *, now: datetime) -> None:
    """Note that it counts as so grave and that its growth is told; who answered has answered."""
    size = spread(tx, story_id).size
    tx.execute(
        update(_table)
        .where(_c.story_id == story_id)
        .values(severity=severity, told_size=size, told_at=now)
    )


def note_told(tx: Tx, alarm: Alarm, *, size: int, now: datetime) -> bool:
    """Note that its growth is told; False when another was quicker."""
    noted = tx.execute(
        update(_table)
        .where(_c.story_id == alarm.story_id, _c.told_size == alarm.told_size)
        .values(told_size=size, told_at=now)
    )
    return noted.rowcount == 1


def told_notices(tx: Tx, story_id: int) -> list[Notice]:
    """What each person was told of a story last, escalations and growth aside."""
    query = (
        select(_deliveries.c.payload)
        .where(
            _deliveries.c.story_id == story_id,
            _deliveries.c.kind == "alert",
            _deliveries.c.channel == MAIL,
        )
        .order_by(_deliveries.c.id)
    )
    notices = [records.load_notice(row.payload) for row in tx.execute(query)]
    latest = {one.recipient.casefold(): one for one in notices if one.occasion == "first"}
    return list(latest.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a token of a mail stands for."""

    story_id: int
    mention_id: int
    role: str
    recipient: str


def asked(tx: Tx, token: str) -> Asked | None:
    """Whom a mail's token speaks for; None when there is no such token."""
    query = (
        select(_deliveries.c.mention_id, _deliveries.c.role, _deliveries.c.recipient, _m.story_id)
        .join(_m.id.table, _m.id == _deliveries.c.mention_id)
        .where(_deliveries.c.reply_token == token)
    )
    row = tx.execute(query).first()
    if row is None or row.story_id is None:
        return None
    return Asked(
        story_id=cast(int, row.story_id),
        mention_id=row.mention_id,
        role=row.role,
        recipient=row.recipient,
    )
