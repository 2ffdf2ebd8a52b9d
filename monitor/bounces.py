"""Mails that came back: their deliveries are dead after all, and shown so; who comes next in the
chain of what they told of is told now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connectors.parse.items import Bounce
from monitor.store import alarms, delivered
from monitor.store.database import Tx

WORDS = {
    "5.1.1": "the address does not exist",
    "5.1.2": "the address does not exist",
    "5.1.10": "the address does not exist",
    "5.2.1": "the mailbox is closed",
    "5.2.2": "the mailbox is full",
    "4.2.2": "the mailbox is full",
    "5.7.1": "it is not allowed there",
    "4.4.7": "it could not be handed on in time",
}
"""What the commonest status codes mean (RFC 3463)."""


@dataclass(frozen=True, slots=True)
class Noted:
    """`strange` are about no mail that we sent, or about one that is known to be dead."""

    bounced: int
    strange: int


def note(tx: Tx, bounces: Iterable[Bounce], now: datetime) -> Noted:
    """Mark what came back; taking the same report twice changes nothing."""
    results = [_note(tx, one, now) for one in bounces]
    return Noted(sum(results), len(results) - sum(results))


def _note(tx: Tx, bounce: Bounce, now: datetime) -> bool:
    is_news = delivered.bounced(tx, bounce.message_id, _reason(bounce.status))
    if is_news:
        route_round(tx, bounce.message_id, now)
    return is_news


def route_round(tx: Tx, message_id: str, now: datetime) -> None:
    """Somebody cannot be reached: who would be called later, as nobody answers, is called now."""
    alarms.hurry(tx, delivered.stories_of(tx, message_id), now)


def _reason(status: str) -> str:
    meaning = WORDS.get(status, "it could not be delivered")
    return f"It came back: {meaning}{f' ({status})' if status else ''}."
