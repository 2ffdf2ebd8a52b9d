"""What became of messages: who was told, what did not arrive, and what is sent again by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update

from alerts.channels import MAIL
from monitor.store.database import Tx
from monitor.store.deliveries import RETIRED
from monitor.store.scope import EVERYTHING, Scope, named
from monitor.store.tables import DeliveryRow
from monitor.store.views import DeliveryView, MailHealth

_table: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_c = _table.c
FAILED = ("dead", "unknown")
_UNDOABLE = (_c.state == "due", _c.resent_after.is_not(None), _c.lease_token.is_(None))


def bounced(tx: Tx, message_id: str, reason: str) -> bool:
    """Let a mail that left be dead, as it came back; False where none of that name had left."""
    first = select(_c.id).where(_c.message_id == message_id).scalar_subquery()
    dead = (
        update(_table)
        .where(
            or_(_c.id == first, _c.group_id == first),
            _c.channel == MAIL,
            _c.state.in_(("sent", "unknown")),
        )
        .values(state="dead", last_error=reason)
    )
    return tx.execute(dead).rowcount > 0


def stories_of(tx: Tx, message_id: str) -> list[int]:
    """The stories that a mail told of."""
    first = select(_c.id).where(_c.message_id == message_id).scalar_subquery()
    told = (or_(_c.id == first, _c.group_id == first), _c.story_id.is_not(None))
    return list(tx.scalars(select(_c.story_id).where(*told).distinct()))


def find(tx: Tx, delivery_id: int, scope: Scope = EVERYTHING) -> DeliveryView | None:
    query = select(_table).where(_c.id == delivery_id, *of_scope(scope))
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else view(row)


def resend(tx: Tx, delivery_id: int, *, now: datetime) -> bool:
    """Make due again what is over without having surely arrived, with the same Message-ID and
    by itself; False for anything else."""
    again = (
        update(_table)
        .where(_c.id == delivery_id, _c.state.in_(FAILED), _c.last_error != RETIRED)
        .values(
            state="due",
            resent_after=_c.state,
            attempts=0,
            next_attempt_at=now,
            due_at=now,
            grouped=False,
            group_id=None,
        )
    )
    return tx.execute(again).rowcount == 1


def take_back(tx: Tx, delivery_id: int) -> bool:
    """Let a resent message be over as it was before; False when it is under way or sent."""
    undone = (
        update(_table)
        .where(_c.id == delivery_id, *_UNDOABLE)
        .values(state=_c.resent_after, resent_after=None)
    )
    return tx.execute(undone).rowcount == 1


def mail_health(tx: Tx, now: datetime, scope: Scope = EVERYTHING) -> MailHealth:
    """How the mail stands now."""
    waiting = (_c.channel == MAIL, _c.state == "due", _c.due_at <= now, *of_scope(scope))
    oldest = tx.execute(
        select(_c.id, _c.due_at).where(*waiting).order_by(_c.due_at, _c.id).limit(1)
    ).first()
    last = (
        select(_c.sent_at)
        .where(_c.channel == MAIL, _c.state == "sent", *of_scope(scope))
        .order_by(_c.tried_at.desc())
        .limit(1)
    )
    return MailHealth(
        due=int(tx.scalar(select(func.count()).where(*waiting)) or 0),
        oldest_id=oldest.id if oldest else None,
        oldest_due_at=oldest.due_at if oldest else None,
        last_sent_at=tx.scalar(last),
    )


def of_scope(scope: Scope) -> list[Any]:
    """What holds for the messages that somebody may know of: all, less those on stories about
    themselves."""
    about = or_(_c.mention_id.is_(None), _c.mention_id.not_in(named(scope)))
    return [about] if scope.apart else []


def listing(tx: Tx, limit: int, scope: Scope = EVERYTHING, *, skip: int = 0) -> list[DeliveryView]:
    """The dead first, then what waits, then the newest; without the first `skip` of them."""
    order = case(
        (_c.state == "dead", 0), (_c.state == "unknown", 1), (_c.state == "due", 2), else_=3
    )
    query = select(_table).where(*of_scope(scope)).order_by(order, _c.id.desc())
    return [view(row) for row in tx.execute(query.offset(skip).limit(limit)).mappings()]


def of_mention(tx: Tx, mention_id: int, story_id: int | None) -> tuple[DeliveryView, ...]:
    """Who was told of a mention, or of another post of its story: in the order of telling."""
    told = _c.mention_id == mention_id
    if story_id is not None:
        told = or_(told, _c.story_id == story_id)
    query = select(_table).where(told, _c.kind == "alert").order_by(_c.id)
    return tuple(view(row) for row in tx.execute(query).mappings())


def view(row: Any) -> DeliveryView:
    same = (
        "mention_id", "kind", "role", "recipient", "channel", "state", "attempts", "created_at",
        "next_attempt_at", "sent_at", "last_error", "why",
    )  # fmt: skip
    is_resent = row["state"] == "due" and row["resent_after"] is not None
    return DeliveryView(
        delivery_id=row["id"],
        may_resend=row["state"] in FAILED and row["last_error"] != RETIRED,
        may_take_back=is_resent and row["lease_token"] is None,
        **{name: row[name] for name in same},
    )
