"""Rights of persons: what is held about them, disclosed without others; erasure; the clocks.

The only place that looks for a person, and only because that person asked: each search names its
request in the record. A month is a calendar month, and two further ones may be taken where a
request is complex, if who asks is told so and why within the first (UK GDPR, Article 12(3)); a
complaint is acknowledged within 30 days (Data Protection Act 2018, section 164A).
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from alerts import words
from config.trust import Trust
from monitor.rights import redaction
from monitor.store import audit, mentions, requests, retention, search, subject
from monitor.store.database import Store, Tx
from monitor.store.requests import Kind, Request
from monitor.store.scope import EVERYTHING
from monitor.store.subject import Found

MONTHS, MONTHS_EXTENDED = 1, 3
ACKNOWLEDGE_WITHIN = timedelta(days=30)
SOON = timedelta(days=10)


class Unread(Exception):
    """Nothing is given to the person before somebody has read every record; says how many are
    left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row about the person, as proposed or as decided for disclosure."""

    found: Found
    included: bool
    text: str
    taken_out: tuple[str, ...] = ()
    """Of other people, as the machine proposes ..."""
    is_read: bool = False
    """... until somebody has read it."""


def due_on(request: Request) -> date:
    """The day of its month on which it came, a month later or three where that was extended; sooner
    where that month is shorter."""
    return _months_after(request.received_on, MONTHS_EXTENDED if request.extended_on else MONTHS)


def may_extend(request: Request, today: date) -> bool:
    """Once, within the month; a complaint has a clock of its own."""
    is_first = request.extended_on is None and request.closed_at is None
    in_time = today <= _months_after(request.received_on, MONTHS)
    return is_first and in_time and request.kind != "complaint"


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def acknowledge_by(request: Request) -> date | None:
    """For complaints that nobody has acknowledged yet."""
    if request.kind != "complaint" or request.acknowledged_on:
        return None
    return request.received_on + ACKNOWLEDGE_WITHIN


def clocks(tx: Tx, today: date) -> tuple[str, ...]:
    """What of requests is due, in sentences that name nobody: overdue ones and those of the next
    ten days."""
    said = []
    for one in requests.listing(tx):
        if one.closed_at is not None:
            continue
        days = (
            ("acknowledged", acknowledge_by(one)),
            ("answered", due_on(one)),
        )
        for what, day in days:
            if day is not None and day <= today + SOON:
                when = f"was to be {what} by" if day < today else f"is to be {what} by"
                said.append(f"Request {one.request_id} ({one.kind}) {when} {words.day(day)}.")
    return tuple(said)


def take(
    store: Store, kind: Kind, *, reference: str, names: Sequence[str], received_on: date,
    by: str, now: datetime,
) -> int:  # fmt: skip
    """Put a request on record; its number. The record holds no name."""
    with store.begin() as tx:
        request_id = requests.take(
            tx, kind, reference=reference, names=names, received_on=received_on, by=by
        )
        _note(tx, by, "subject.request_taken", f"request {request_id}, {kind}, {reference}", now)
        return request_id


def records(
    store: Store, request: Request, *, by: str, now: datetime, ours: Sequence[str] = ()
) -> list[Record]:
    """All that is held about who asks; the search is on record with its request. `ours` are the
    names of the Trust and its schools, which are left in."""
    with store.begin() as tx:
        found = list(subject.search(tx, request.names))
        _note(tx, by, "subject.searched", f"request {request.request_id}", now)
    return [_record(one, request, ours) for one in found]


def _record(one: Found, request: Request, ours: Sequence[str]) -> Record:
    proposal = redaction.proposed(one.texts, request.names, ours)
    decided: dict[str, Any] | None = request.disclosure.get(one.record)
    return Record(
        found=one,
        included=bool(decided["included"]) if decided else True,
        text=str(decided["text"]) if decided else proposal.text,
        taken_out=proposal.taken_out,
        is_read=decided is not None,
    )


def names_of(trust: Trust) -> tuple[str, ...]:
    """By what the Trust and its schools are called: no name of a person although it may be one."""
    schools = (
        name for one in trust.schools for name in (one.name, *one.aliases, *one.former_names)
    )
    return (trust.name, *trust.aliases, *schools)


def decide(
    store: Store, request: Request, record: str, *, included: bool, text: str, by: str,
    now: datetime,
) -> None:  # fmt: skip
    """What of a record is disclosed."""
    with store.begin() as tx:
        requests.disclose(tx, request, record, included=included, text=text)
        state = "disclosed" if included else "withheld"
        _note(tx, by, f"subject.{state}", f"request {request.request_id}, {record}", now)


def erase(store: Store, request: Request, mention_id: int, *, by: str, now: datetime) -> bool:
    """Forget a mention and all that hangs on it now; False when it is on hold, or gone.

    The record still verifies: it never held a word of it. Copies expire by their own date.
    """
    with store.begin() as tx:
        if mentions.detail(tx, EVERYTHING, mention_id) is None or not retention.forget_one(
            tx, mention_id, now
        ):
            return False
        said = f"request {request.request_id}, mention {mention_id}"
        _note(tx, by, "subject.erased", said, now)
    search.purge(store)
    store.settle()
    return True


def acknowledge(store: Store, request_id: int, on: date, *, by: str, now: datetime) -> None:
    with store.begin() as tx:
        requests.acknowledge(tx, request_id, on)
        _note(tx, by, "subject.acknowledged", f"request {request_id}", now)


def extend(store: Store, request: Request, why: str, on: date, *, by: str, now: datetime) -> bool:
    """Who asks was told on that day that it takes up to two further months, and why; False where it
    is too late for that, or was done before. Why stands with the request, not in the record."""
    if not may_extend(request, on):
        return False
    with store.begin() as tx:
        extended = requests.extend(tx, request.request_id, on, why)
        if extended:
            _note(tx, by, "subject.extended", f"request {request.request_id}", now)
        return extended


def close(store: Store, request_id: int, outcome: str, *, by: str, now: datetime) -> bool:
    with store.begin() as tx:
        closed = requests.close(tx, request_id, outcome=outcome, by=by, now=now)
        if closed:
            _note(tx, by, "subject.request_closed", f"request {request_id}", now)
        return closed


def read_plain(
    store: Store, request: Request, *, by: str, now: datetime, ours: Sequence[str] = ()
) -> int:
    """Let those records be given as they are in which nothing about others was found; the number.
    Somebody says that they have looked through them."""
    plain = [
        one
        for one in records(store, request, by=by, now=now, ours=ours)
        if not one.is_read and not one.taken_out
    ]
    with store.begin() as tx:
        for one in plain:
            current = requests.find(tx, request.request_id)
            if current is not None:
                requests.disclose(tx, current, one.found.record, included=True, text=one.text)
        said = f"request {request.request_id}, {len(plain)} records without others"
        _note(tx, by, "subject.disclosed", said, now)
    return len(plain)


def exported(
    store: Store, request: Request, *, by: str, now: datetime, ours: Sequence[str] = (),
    is_draft: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """What is given to the person, as plain values; that it was taken out is on record. A draft
    may hold what nobody has read yet, and says so. Raises Unread."""
    held = records(store, request, by=by, now=now, ours=ours)
    unread = sum(not one.is_read for one in held)
    if unread and not is_draft:
        raise Unread(unread)
    given = [one for one in held if one.included]
    with store.begin() as tx:
        _note(tx, by, "subject.exported", f"request {request.request_id}", now)
    return {
        "reference": request.reference,
        "made_at": now.isoformat(),
        "draft": bool(unread),
        "records": [{"record": one.found.record, "text": one.text} for one in given],
    }


def _note(tx: Any, by: str, action: str, said: str, now: datetime) -> None:
    audit.append(tx, actor=by, action=action, subject=said, now=now)
