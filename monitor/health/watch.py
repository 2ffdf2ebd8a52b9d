"""Whether alerts can leave: a mail to IT each day by their own way, and an alarm by another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Literal

import structlog

from alerts import briefs, words
from alerts.channels import MAIL
from config.readiness import may_collect
from config.settings import Settings
from connectors.errors import ConnectorError
from monitor.context import Context
from monitor.health import standing
from monitor.schedule import due_digest_day
from monitor.store import delivered, deliveries, queue, returns
from monitor.store.scope import EVERYTHING
from monitor.store.views import OutboxItem, ServiceNote

COMES_BACK_WITHIN = timedelta(hours=2)
"""A self-test that has left is in our own mailbox by then, whatever greylisting does."""

log = structlog.get_logger()


def order_self_test(ctx: Context) -> int:
    """Enqueue the day's self-test once its hour has come, to IT and, where we read a mailbox, to
    that, so that it is seen to arrive; the number newly enqueued.

    Its identity is the local day, so a repeated or late run orders nothing twice, and after
    days asleep there is one.
    """
    now, recipient = ctx.clock(), ctx.settings.trust.contacts.it
    day = due_digest_day(now, ctx.settings.mail.self_test_at)
    if day is None or not recipient or not may_collect(ctx.settings):
        return 0
    items = [_self_test(f"self_test:{day.isoformat()}", recipient)]
    if back := own_mailbox(ctx.settings):
        items.append(_self_test(f"{returns.KEY}{day.isoformat()}", back))
    with ctx.store.begin() as tx:
        return sum(deliveries.enqueue(tx, item, now=now) for item in items)


def _self_test(key: str, recipient: str) -> OutboxItem:
    note = ServiceNote(kind="self_test")
    return OutboxItem(key=key, channel=MAIL, recipient=recipient, service=note)


def own_mailbox(settings: Settings) -> str:
    """The address of the mailbox that we read, to which a self-test comes back; empty where there
    is none, or its account does not say its address."""
    box = settings.mailbox
    return box.username if box.host and "@" in box.username else ""


def facts(ctx: Context) -> tuple[str, ...]:
    """What IT should see to, in sentences; empty when nothing."""
    with ctx.store.read() as tx:
        counted = queue.counts(tx, EVERYTHING)
    found = (
        (counted.deliveries_dead, "message", "could not be sent."),
        (counted.sources_not_measured, "source", "could not be read."),
        (counted.set_aside, "post", "could not be assessed."),
    )
    return tuple(f"{words.count(number, thing)} {what}" for number, thing, what in found if number)


def tell_overdue(ctx: Context) -> int:
    """Tell IT by mail what should have been done long ago, once a day for each kind; the number of
    messages newly due. That mail itself is stuck is told by another way: `Watch`."""
    recipient = ctx.settings.trust.contacts.it
    now = ctx.clock()
    found = standing.look(ctx.store, ctx.settings, now).overdue if recipient else ()
    day = now.astimezone(words.LONDON).date().isoformat()
    items = [
        OutboxItem(
            key=f"overdue:{day}:{one.kind}",
            channel=MAIL,
            recipient=recipient,
            service=ServiceNote(kind="overdue", about=(one.words,)),
        )
        for one in found
    ]
    if not items:
        return 0
    with ctx.store.begin() as tx:
        return sum(deliveries.enqueue(tx, item, now=now) for item in items)


def ping(ctx: Context) -> int:
    """Tell whoever watches from outside that work goes on; silence is the alarm. 1 when told."""
    address = ctx.settings.watching.ping_url
    if not address or standing.look(ctx.store, ctx.settings, ctx.clock()).overdue:
        return 0
    try:
        asyncio.run(ctx.fetcher.get(address))
    except ConnectorError as error:
        log.warning("the ping did not arrive", error=type(error).__name__)
        return 0
    return 1


class Watch:
    """Looks again and again whether mail can leave. It must be found stuck twice, as a machine
    that was asleep finds old mails due before it has sent them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._was_stuck = False

    def look(self) -> int:
        """Tell IT by every other channel that is theirs, once for the mail that is stuck, and once
        for a self-test that has left and not come back; the number of messages newly due."""
        if not may_collect(self._ctx.settings):
            return 0
        now = self._ctx.clock()
        with self._ctx.store.read() as tx:
            health = delivered.mail_health(tx, now)
            lost = returns.lost(tx, now, after=COMES_BACK_WITHIN)
        is_stuck = health.is_stuck(now, self._ctx.settings.mail.alarm_after)
        is_sure, self._was_stuck = is_stuck and self._was_stuck, is_stuck
        stuck = self._raise("mail_stuck", health.oldest_id) if is_sure else 0
        return stuck + (self._raise("mail_lost", lost.delivery_id) if lost else 0)

    def _raise(self, kind: Literal["mail_stuck", "mail_lost"], about: int | None) -> int:
        settings, now = self._ctx.settings, self._ctx.clock()
        items = [
            OutboxItem(
                key=f"{kind}:{about}:@{channel.id}",
                channel=channel.id,
                recipient=channel.id,
                service=ServiceNote(kind=kind),
            )
            for channel in briefs.of_it(settings.channels, settings.trust)
        ]
        with self._ctx.store.begin() as tx:
            return sum(deliveries.enqueue(tx, item, now=now) for item in items)
