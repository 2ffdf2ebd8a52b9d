"""Forgetting: what has been kept for its time loses everything but the digest of its identity.

The row stays, empty, so that a source that still shows the post does not bring it back. SQLite
overwrites what is freed (`secure_delete`). What a person has put on hold stays whole, its
author's name too, until they lift the hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import and_, delete, exists, func, select, update

from monitor.store import authors, case_retention, evidence, evidence_orders, holds, search, stories
from monitor.store.account_tables import LookAlikeRow
from monitor.store.block_tables import BlockRow
from monitor.store.clock_tables import ClockRow
from monitor.store.conflict_tables import ConflictRow
from monitor.store.database import Tx
from monitor.store.oversight_tables import BasisRow, OpeningRow
from monitor.store.queue_tables import (
    ClaimRow,
    HitRow,
    RemarkRow,
    SkipRow,
    StoryMoveRow,
    VerdictRow,
    WatchRow,
)
from monitor.store.recheck_tables import RecheckRow
from monitor.store.report_tables import EnclosureRow, MailRow, PictureRow, ReportRow
from monitor.store.sealed_tables import AuthorKeyRow, BroughtKeyRow, ReportKeyRow
from monitor.store.tables import (
    AlarmRow,
    AssessmentRow,
    DecisionRow,
    DeliveryRow,
    MentionRow,
    MentionSchoolRow,
    StoryBandRow,
    StoryRow,
)

_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
_decisions: Any = DecisionRow.__table__  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_stories: Any = StoryRow.__table__  # type: ignore[attr-defined]
_alarms: Any = AlarmRow.__table__  # type: ignore[attr-defined]
_clocks: Any = ClockRow.__table__  # type: ignore[attr-defined]
_watches: Any = WatchRow.__table__  # type: ignore[attr-defined]
_bands: Any = StoryBandRow.__table__  # type: ignore[attr-defined]
_OF_MENTIONS: tuple[Any, ...] = (
    AssessmentRow, MentionSchoolRow, DecisionRow, DeliveryRow, ReportRow, PictureRow,
    MailRow, EnclosureRow, VerdictRow, HitRow,
    StoryMoveRow, ClaimRow, SkipRow, WatchRow, RecheckRow, RemarkRow,
    OpeningRow, BasisRow, ConflictRow, LookAlikeRow, AuthorKeyRow, ReportKeyRow,
    BroughtKeyRow, BlockRow,
)  # fmt: skip
FORGOTTEN = "forgotten"
Kind = Literal[
    "cases", "expired", "criticism", "unreviewed", "dismissed", "watched", "copies", "authors"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are forgotten: copies after what stood for them."""
_EMPTY = {
    "external_id": "", "url": "", "title": "", "text": "", "author": None,
    "edited_at": None, "expires_at": None, "parent_id": None,
    "language": None, "more": None, "flags": "", "severity": "none", "pupil_level": "none",
    "about_head": False, "story_id": None, "set_aside_reason": None, "state": FORGOTTEN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is older than these is forgotten: criticism collected before `criticism`; what was
    collected before `unreviewed` and never decided on, or decided on before `dismissed` or
    `watched`; cases closed before `watched` or handed over before `handed_over`; names of authors
    collected before `authors`. What its platform lets us keep until some time goes when `now` is
    past it."""

    now: datetime
    criticism: datetime
    unreviewed: datetime
    dismissed: datetime
    watched: datetime
    handed_over: datetime
    authors: datetime


def due(tx: Tx, limits: Limits) -> dict[Kind, int]:
    """How many of each kind are past their time; copies go with what stands for them."""
    counts = {kind: _count(tx, condition) for kind, condition in _conditions(limits).items()}
    return {"cases": case_retention.count(tx, _past_cases(limits)), **counts}


def _past_cases(limits: Limits) -> Any:
    return case_retention.is_past(
        closed=limits.watched, handed_over=limits.handed_over, withdrawn=limits.dismissed
    )


def _count(tx: Tx, condition: Any) -> int:
    return int(tx.scalar(select(func.count()).select_from(_mentions).where(condition)) or 0)


def forget(tx: Tx, kind: Kind, limits: Limits, *, most: int) -> int:
    """Forget at most so many of one kind; the number forgotten. A case takes with it what no
    other case keeps."""
    if kind == "cases":
        number, freed = case_retention.drop(tx, _past_cases(limits), most=most, now=limits.now)
        _forget(tx, freed, why=kind, now=limits.now)
        return number
    chosen = select(_m.id).where(_conditions(limits)[kind]).order_by(_m.id).limit(most)
    ids = list(tx.scalars(chosen))
    if not ids:
        return 0
    if kind == "authors":
        authors.forget(tx, ids)
    else:
        _forget(tx, ids, why=kind, now=limits.now)
    return len(ids)


def forget_one(tx: Tx, mention_id: int, now: datetime) -> bool:
    """Forget one mention now, whatever its time, because who it is about asks for that; False
    when it is on hold."""
    if holds.of_mention(tx, mention_id):
        return False
    _forget(tx, [mention_id], why="erasure", now=now)
    return True


def _forget(tx: Tx, ids: Sequence[int], *, why: str, now: datetime) -> None:
    evidence.forget(tx, ids, why=why, now=now)
    evidence_orders.forget(tx, ids)
    for table in (rows.__table__ for rows in _OF_MENTIONS):
        tx.execute(delete(table).where(table.c.mention_id.in_(ids)))
    search.remove(tx, ids)
    led = list(tx.scalars(select(_stories.c.id).where(_stories.c.lead_id.in_(ids))))
    tx.execute(delete(_bands).where(_bands.c.story_id.in_(led)))
    tx.execute(delete(_alarms).where(_alarms.c.story_id.in_(led)))
    tx.execute(delete(_clocks).where(_clocks.c.story_id.in_(led)))
    tx.execute(delete(_stories).where(_stories.c.id.in_(led)))
    emptied = {**_EMPTY, "published_at": _m.fetched_at}
    tx.execute(update(_mentions).where(_m.id.in_(ids)).values(emptied))


def erase(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """Forget these now, whatever was decided: their author took them back."""
    _forget(tx, ids, why="taken back by its author", now=now)


def _conditions(limits: Limits) -> Mapping[Kind, Any]:
    free, loose = ~holds.holds(_m.id), ~case_retention.keeps(_m.id)
    return {
        kind: and_(condition, free)
        if kind in ("expired", "authors")
        else and_(condition, free, loose)
        for kind, condition in _past(limits).items()
    }


def _past(limits: Limits) -> Mapping[Kind, Any]:
    led = exists().where(_stories.c.id == _m.story_id)
    return {
        "expired": and_(_m.expires_at < limits.now, ~_has_message_due()),
        "criticism": and_(
            _m.flags == " reputation ",
            _m.pupil_level < "indirect",
            _m.severity < "critical",
            _m.about_head.is_(False),
            _m.state.not_in((FORGOTTEN, "new", stories.READING, stories.FOLDED)),
            _m.fetched_at < limits.criticism,
            ~_is_watched(limits.now),
            ~_has_message_due(),
        ),
        "unreviewed": and_(
            _m.state.in_(("new", stories.READING, "open", "quiet", "set_aside")),
            _m.fetched_at < limits.unreviewed,
            ~_has_message_due(),
        ),
        "dismissed": _decided(("not_about_us", "no_action"), limits.dismissed),
        "watched": _decided(("watch", "escalate", "open_case"), limits.watched),
        "copies": and_(_m.state == stories.FOLDED, ~led, ~_has_message_due()),
        "authors": and_(
            _m.author.is_not(None),
            _m.fetched_at < limits.authors,
        ),
    }


def _decided(outcomes: Sequence[str], before: datetime) -> Any:
    """The last decision that stands is one of these, and so old."""
    one, later = _decisions.c, _decisions.alias().c
    stands_later = exists().where(
        later.mention_id == one.mention_id, later.undone_at.is_(None), later.id > one.id
    )
    is_old = exists().where(
        one.mention_id == _m.id,
        one.undone_at.is_(None),
        one.outcome.in_(outcomes),
        one.decided_at < before,
        ~stands_later,
    )
    return and_(_m.state.in_(("decided", "watch")), is_old, ~_has_message_due())


def _is_watched(now: datetime) -> Any:
    """It comes back to somebody, who has said when."""
    return exists().where(_watches.c.mention_id == _m.id, _watches.c.until >= now)


def _has_message_due() -> Any:
    """Nothing is forgotten before those who must be told of it were."""
    return exists().where(_deliveries.c.mention_id == _m.id, _deliveries.c.state == "due")
