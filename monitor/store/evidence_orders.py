"""Pages to capture: ordered once, claimed by one worker, tried again until captured or failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import func, insert, or_, select, update

from classifiers.types import Severity
from monitor.store.database import Tx
from monitor.store.evidence_tables import EvidenceOrderRow
from monitor.store.inserts import new_id
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_table: Any = EvidenceOrderRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
GRAVE: tuple[Severity, ...] = ("high", "critical")
"""Its evidence is saved at once, without anybody asking (policy 9.4)."""
MOST_OF_A_STORY = 10
"""Posts of one story that are captured without anybody asking."""
OrderState = Literal["due", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedOrder:
    order_id: int
    token: str
    mention_id: int
    asked_by: str
    pictures: bool
    scripts: bool
    attempts: int
    """This one included: counted before the work, so that a page that kills the process is
    known by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    order_id: int
    mention_id: int
    asked_by: str
    asked_at: datetime
    state: OrderState
    attempts: int
    next_attempt_at: datetime
    last_error: str
    """Of the last try that did not reach the page; empty when none failed."""


def order(tx: Tx, mention_id: int, severity: Severity, *, now: datetime) -> bool:
    """What the service orders by itself: once for each grave mention, and of a story that many
    spread only so many. False when nothing was ordered."""
    if severity not in GRAVE:
        return False
    ours = (_c.mention_id == mention_id, _c.asked_by == "")
    if tx.execute(select(_c.id).where(*ours).limit(1)).first() is not None:
        return False
    story = select(_m.story_id).where(_m.id == mention_id).scalar_subquery()
    told = (
        select(func.count())
        .select_from(_table)
        .join(MentionRow, _m.id == _c.mention_id)
        .where(_m.story_id == story, _c.asked_by == "")
    )
    if int(tx.scalar(told) or 0) >= MOST_OF_A_STORY:
        return False
    _insert(tx, mention_id, "", pictures=False, scripts=False, now=now)
    return True


def order_for_case(tx: Tx, mention_id: int, *, now: datetime) -> bool:
    """What a case needs: once, unless a capture of the mention is under way."""
    waits = select(_c.id).where(_c.mention_id == mention_id, _c.state == "due")
    if tx.execute(waits.limit(1)).first() is not None:
        return False
    _insert(tx, mention_id, "", pictures=False, scripts=False, now=now)
    return True


def retry(tx: Tx, order_id: int, *, now: datetime) -> int | None:
    """Try again now, from the beginning, what failed or waits for its next try; the mention. None
    where there is no such order, it is done, or it is under way."""
    free = or_(_c.lease_token.is_(None), _c.leased_until <= now)
    again = update(_table).where(_c.id == order_id, _c.state.in_(("failed", "due")), free)
    if tx.execute(again.values(state="due", attempts=0, next_attempt_at=now)).rowcount != 1:
        return None
    return tx.scalar(select(_c.mention_id).where(_c.id == order_id))


def listing(tx: Tx, scope: Scope, state: OrderState, *, limit: int) -> tuple[OrderView, ...]:
    """Orders of one state for mentions of the scope, the newest first."""
    query = (
        select(_table)
        .join(MentionRow, _m.id == _c.mention_id)
        .where(_c.state == state, _m.state != "forgotten", *conditions(scope))
        .order_by(_c.id.desc())
        .limit(limit)
    )
    return tuple(_view(row) for row in tx.execute(query).mappings())


def find(tx: Tx, order_id: int) -> OrderView | None:
    row = tx.execute(select(_table).where(_c.id == order_id)).mappings().one_or_none()
    return None if row is None else _view(row)


def ask(
    tx: Tx, mention_id: int, *, by: str, pictures: bool, scripts: bool, now: datetime
) -> int | None:
    """What a person orders; None when one of theirs for this mention is under way."""
    waiting = select(_c.id).where(_c.mention_id == mention_id, _c.asked_by == by)
    if tx.execute(waiting.where(_c.state == "due").limit(1)).first() is not None:
        return None
    return _insert(tx, mention_id, by, pictures=pictures, scripts=scripts, now=now)


def _insert(
    tx: Tx, mention_id: int, by: str, *, pictures: bool, scripts: bool, now: datetime
) -> int:
    row = insert(_table).values(
        mention_id=mention_id,
        asked_by=by,
        asked_at=now,
        pictures=pictures,
        scripts=scripts,
        state="due",
        attempts=0,
        next_attempt_at=now,
        last_error="",
    )
    return new_id(tx.execute(row))


def claim_next(tx: Tx, *, now: datetime, lease: timedelta) -> ClaimedOrder | None:
    """The next page that is due and free, what people asked for before the rest."""
    free = or_(_c.lease_token.is_(None), _c.leased_until <= now)
    due = (
        select(_table)
        .where(_c.state == "due", _c.next_attempt_at <= now, free)
        .order_by(_c.asked_by == "", _c.next_attempt_at, _c.id)
        .limit(1)
    )
    row = tx.execute(due).mappings().one_or_none()
    if row is None:
        return None
    token = uuid4().hex
    claim = update(_table).where(_c.id == row["id"], _c.state == "due", free)
    held = {"lease_token": token, "leased_until": now + lease, "attempts": _c.attempts + 1}
    if tx.execute(claim.values(held)).rowcount != 1:
        return None
    return ClaimedOrder(
        order_id=row["id"],
        token=token,
        mention_id=row["mention_id"],
        asked_by=row["asked_by"],
        pictures=row["pictures"],
        scripts=row["scripts"],
        attempts=row["attempts"] + 1,
    )


def finish(
    tx: Tx, claimed: ClaimedOrder, state: OrderState, *, error: str, next_attempt_at: datetime
) -> bool:
    """Note what became of a try; False when another worker has taken it over."""
    noted = tx.execute(
        update(_table)
        .where(_c.id == claimed.order_id, _c.lease_token == claimed.token)
        .values(
            state=state,
            next_attempt_at=next_attempt_at,
            lease_token=None,
            leased_until=None,
            last_error=error,
        )
    )
    return noted.rowcount == 1


def release_leases(tx: Tx) -> None:
    """Free what a process that is gone had claimed."""
    held = update(_table).where(_c.lease_token.is_not(None))
    tx.execute(held.values(lease_token=None, leased_until=None))


def of_mention(tx: Tx, mention_id: int) -> tuple[OrderView, ...]:
    """The newest first."""
    query = select(_table).where(_c.mention_id == mention_id).order_by(_c.id.desc())
    return tuple(_view(row) for row in tx.execute(query).mappings())


def forget(tx: Tx, mention_ids: Sequence[int]) -> None:
    """What is ordered for mentions that are forgotten is captured no more."""
    ours = update(_table).where(_c.mention_id.in_(mention_ids))
    tx.execute(ours.where(_c.state == "due").values(state="failed", last_error="Forgotten."))


def _view(row: Any) -> OrderView:
    return OrderView(
        order_id=row["id"],
        mention_id=row["mention_id"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        state=row["state"],
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        last_error=row["last_error"],
    )
