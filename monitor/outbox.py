"""What a person does with a message that did not arrive: have it sent again, or take that back."""

from __future__ import annotations

from datetime import datetime

from monitor.store import audit, delivered
from monitor.store.database import Store


def resend(store: Store, delivery_id: int, *, by: str, now: datetime) -> bool:
    """Make a message due again that is dead or perhaps arrived; False for any other. On record."""
    with store.begin() as tx:
        due = delivered.resend(tx, delivery_id, now=now)
        if due:
            subject = f"delivery {delivery_id}"
            audit.append(tx, actor=by, action="delivery.resent", subject=subject, now=now)
        return due


def take_back(store: Store, delivery_id: int, *, by: str, now: datetime) -> bool:
    """Undo a resend; False once the message is under way or sent. On record."""
    with store.begin() as tx:
        undone = delivered.take_back(tx, delivery_id)
        if undone:
            subject = f"delivery {delivery_id}"
            audit.append(tx, actor=by, action="delivery.taken_back", subject=subject, now=now)
        return undone
