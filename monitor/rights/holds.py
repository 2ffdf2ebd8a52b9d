"""Putting a mention on hold, looking at the hold again, lifting it: each is on record."""

from __future__ import annotations

from datetime import date, datetime

from monitor.store import audit, holds, mentions
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING


def place(
    store: Store, mention_id: int, *, reason: str, review_on: date, by: str, now: datetime
) -> bool:
    """Keep a mention past its time; False when there is none, or it was forgotten."""
    with store.begin() as tx:
        if mentions.detail(tx, EVERYTHING, mention_id) is None:
            return False
        hold_id = holds.place(tx, mention_id, reason=reason, review_on=review_on, by=by, now=now)
        subject = f"hold {hold_id} on mention {mention_id}"
        audit.append(tx, actor=by, action="hold.placed", subject=subject, now=now)
        return True


def prolong(store: Store, hold_id: int, *, review_on: date, by: str, now: datetime) -> bool:
    """Somebody has looked at it again and it must still be kept; False when it is over."""
    with store.begin() as tx:
        mention_id = holds.review(tx, hold_id, review_on=review_on)
        if mention_id is not None:
            subject = f"hold {hold_id} on mention {mention_id} until {review_on}"
            audit.append(tx, actor=by, action="hold.reviewed", subject=subject, now=now)
        return mention_id is not None


def lift(store: Store, hold_id: int, *, by: str, now: datetime) -> bool:
    """Let retention have it again; False when it was lifted before."""
    with store.begin() as tx:
        mention_id = holds.lift(tx, hold_id, by=by, now=now)
        if mention_id is not None:
            subject = f"hold {hold_id} on mention {mention_id}"
            audit.append(tx, actor=by, action="hold.lifted", subject=subject, now=now)
        return mention_id is not None
