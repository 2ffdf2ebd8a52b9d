"""Digests: who gets which, for which days. What is in one is in `monitor.digest_material`.

A digest's identity is (kind, recipient, last day reported), so a repeated or late run, or a clock
set back, orders nothing twice. After days asleep one digest reports them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import get_args

from alerts.words import LONDON
from config.readiness import may_collect
from config.rota import DigestEvery, Rota, WeekdayName
from config.settings import Settings
from config.trust import Trust
from monitor.context import Context
from monitor.schedule import due_digest_day
from monitor.store import deliveries
from monitor.store.views import DigestOrder, OutboxItem

DAILY, WEEKLY, BRIEF, EXECUTIVE, TERM = "daily", "weekly", "brief", "executive", "term"
KINDS = {
    DAILY: "a headteacher's, of each day",
    WEEKLY: "a headteacher's, of each week",
    BRIEF: "the morning brief of PR",
    EXECUTIVE: "the week for the Executive Team",
    TERM: "the Trust's summary of a term",
}
PREVIEW = "<preview@trust-monitor.localdomain>"
"""The Message-ID of a digest that is only looked at."""
A_DAY = timedelta(days=1)
WEEK = 7
MOST_DAYS = WEEK
"""A digest that comes late reports so many days at most."""
LATE = timedelta(days=3)
"""So long after its day a weekly or termly one is still sent."""
A_TERM_ENDS = 10
"""Days from which a holiday ends a term; shorter ones are half-terms."""
LONGEST_TERM = 140


def order(ctx: Context) -> int:
    """Enqueue the digests whose hour has come; the number newly enqueued."""
    now = ctx.clock()
    day = due_digest_day(now, ctx.settings.clock.digest_at)
    if day is None or not may_collect(ctx.settings):
        return 0
    with ctx.store.read() as tx:
        last = deliveries.last_digests(tx, since=now - A_DAY * (MOST_DAYS + 1))
    due = [outbox_item(one) for one in orders(ctx.settings, day, _reported(last))]
    with ctx.store.begin() as tx:
        return sum(deliveries.enqueue(tx, item, now=now) for item in due)


def _reported(last: Mapping[str, datetime]) -> dict[str, date]:
    """The newest day that each recipient's last digest reported: the one before it was ordered."""
    return {who: at.astimezone(LONDON).date() - A_DAY for who, at in last.items()}


def orders(
    settings: Settings, day: date, reported: Mapping[str, date] | None = None
) -> Iterator[DigestOrder]:
    """What is due on the morning after a day, but for what `reported` says was sent already."""
    trust, rota, sent = settings.trust, settings.rota, reported or {}
    for recipient, schools in heads(trust).items():
        every = choice(rota, recipient)
        if every == DAILY:
            yield from _daily(DAILY, recipient, schools, day, sent)
        if every == WEEKLY:
            yield from _weekly(WEEKLY, recipient, schools, day, rota.digests.weekly_on)
    contacts = trust.contacts
    if contacts.head_of_pr:
        yield from _daily(BRIEF, contacts.head_of_pr, (), day, sent)
    if contacts.executive:
        yield from _weekly(EXECUTIVE, contacts.executive, (), day, "monday")
    for recipient in dict.fromkeys((contacts.executive, contacts.head_of_pr)):
        if recipient and (term := term_ended(rota, day)):
            first, last = term
            yield DigestOrder(
                recipient=recipient, kind=TERM, school_ids=(), local_date=last,
                days=(last - first).days + 1,
            )  # fmt: skip


def heads(trust: Trust) -> dict[str, tuple[str, ...]]:
    """The schools of each headteacher's address: who has two gets one mail."""
    found: dict[str, tuple[str, ...]] = {}
    written: dict[str, str] = {}
    for school in trust.enabled_schools:
        if address := school.contacts.headteacher:
            same = written.setdefault(address.casefold(), address)
            found[same] = (*found.get(same, ()), school.id)
    return found


def choice(rota: Rota, recipient: str) -> DigestEvery:
    """How often somebody has their digest."""
    folded = recipient.casefold()
    own = next((one.digest for one in rota.people if one.who.casefold() == folded), None)
    return own or rota.digests.every


def _daily(
    kind: str, recipient: str, schools: tuple[str, ...], day: date, sent: Mapping[str, date]
) -> Iterator[DigestOrder]:
    missed = (day - sent.get(f"{kind}:{recipient}", day - A_DAY)).days
    if missed > 0:
        days = min(missed, MOST_DAYS)
        yield DigestOrder(
            recipient=recipient, kind=kind, school_ids=schools, local_date=day, days=days
        )


def _weekly(
    kind: str, recipient: str, schools: tuple[str, ...], day: date, weekday: WeekdayName
) -> Iterator[DigestOrder]:
    """The one of the newest such weekday, also some days late."""
    today = day + A_DAY
    late = timedelta(days=(today.weekday() - get_args(WeekdayName).index(weekday)) % WEEK)
    if late <= LATE:
        yield DigestOrder(
            recipient=recipient, kind=kind, school_ids=schools, local_date=day - late, days=WEEK
        )


def term_ended(rota: Rota, day: date) -> tuple[date, date] | None:
    """First and last day of the term after which a holiday has just begun."""
    long_ones = sorted(
        (one for one in rota.holidays if (one.until - one.since).days + 1 >= A_TERM_ENDS),
        key=lambda one: one.since,
    )
    for at, holiday in enumerate(long_ones):
        last = holiday.since - A_DAY
        if timedelta() <= day - last <= LATE:
            begun = long_ones[at - 1].until + A_DAY if at else last - A_DAY * LONGEST_TERM
            return max(begun, last - A_DAY * LONGEST_TERM), last
    return None


def outbox_item(order: DigestOrder) -> OutboxItem:
    """A digest as a message that is due; its key is its identity."""
    return OutboxItem(
        key=f"digest:{order.kind}:{order.recipient}:{order.local_date.isoformat()}",
        channel="smtp",
        recipient=order.recipient,
        digest=order,
    )


def wanted(
    settings: Settings,
    *,
    kind: str | None,
    school: str | None,
    recipient: str | None,
    day: date,
) -> DigestOrder | None:
    """The digest that a person asks to see; None when nobody has such a one."""
    trust = settings.trust
    if school is not None:
        found = trust.school(school)
        address = recipient or (found.contacts.headteacher if found else "")
        return _seen(kind or DAILY, address, (school,), day) if found else None
    if recipient is not None and kind in (None, DAILY, WEEKLY):
        mine = {who.casefold(): ids for who, ids in heads(trust).items()}
        if ids := mine.get(recipient.casefold()):
            chosen = kind or (WEEKLY if choice(settings.rota, recipient) == WEEKLY else DAILY)
            return _seen(chosen, recipient, ids, day)
    usual = {
        trust.contacts.head_of_pr.casefold(): BRIEF,
        trust.contacts.executive.casefold(): EXECUTIVE,
    }
    chosen = kind or (usual.get(recipient.casefold(), "") if recipient else BRIEF)
    if chosen not in (BRIEF, EXECUTIVE, TERM):
        return None
    to = trust.contacts.executive if chosen == EXECUTIVE else trust.contacts.head_of_pr
    return _seen(chosen, recipient or to, (), day)


def _seen(kind: str, recipient: str, schools: tuple[str, ...], day: date) -> DigestOrder:
    days = {WEEKLY: WEEK, EXECUTIVE: WEEK, TERM: 91}.get(kind, 1)
    return DigestOrder(
        recipient=recipient, kind=kind, school_ids=schools, local_date=day, days=days
    )
