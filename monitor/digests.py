"""Digests: who gets one, and what the store has for it. `alerts.digest` composes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.settings import Trust
from monitor.store.views import DigestOrder, OutboxItem

DAILY = "daily"


def orders(trust: Trust, day: date) -> Iterator[OutboxItem]:
    """One digest for each enabled school's headteacher and one trust-wide for PR."""
    for school in trust.enabled_schools:
        if school.contacts.headteacher:
            yield order(school.contacts.headteacher, school.id, day)
    if trust.contacts.head_of_pr:
        yield order(trust.contacts.head_of_pr, None, day)


def order(recipient: str, school_id: str | None, day: date) -> OutboxItem:
    """The outbox item of one digest; its key is its identity."""
    return OutboxItem(
        key=f"digest:{DAILY}:{recipient}:{school_id or 'trust'}:{day.isoformat()}",
        channel="smtp",
        recipient=recipient,
        digest=DigestOrder(recipient=recipient, kind=DAILY, school_id=school_id, local_date=day),
    )
