"""Rights of persons: what is held about them, disclosed without others; erasure; the clocks.

The only place that looks for a person, and only because that person asked: each search names its
request in the record. A month is a calendar month (UK GDPR, Article 12(3)); a complaint is
acknowledged within 30 days (Data Protection Act 2018, section 164A).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.store import audit, mentions, requests, retention, search, subject
from monitor.store.database import Store
from monitor.store.requests import Kind, Request
from monitor.store.scope import EVERYTHING
from monitor.store.subject import Found

ACKNOWLEDGE_WITHIN = timedelta(days=30)
THIRD_PARTY = "[another person]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@/])@[\w.]{2,}(@[\w.-]+)?")
_PHONE = re.compile(r"(?<!\d)(\+44\s?|0)\d[\d\s]{7,12}\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row about the person, as proposed or as decided for disclosure."""

    found: Found
    included: bool
    text: str


def due_on(request: Request) -> date:
    """The last day of the month after it came, or sooner where that month is shorter."""
    came = request.received_on
    year, month = came.year + came.month // 12, came.month % 12 + 1
    return date(year, month, min(came.day, calendar.monthrange(year, month)[1]))


def acknowledge_by(request: Request) -> date | None:
    """For complaints that nobody has acknowledged yet."""
    if request.kind != "complaint" or request.acknowledged_on:
        return None
    return request.received_on + ACKNOWLEDGE_WITHIN


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


def records(store: Store, request: Request, *, by: str, now: datetime) -> list[Record]:
    """All that is held about who asks; the search is on record with its request."""
    with store.begin() as tx:
        found = list(subject.search(tx, request.names))
        _note(tx, by, "subject.searched", f"request {request.request_id}", now)
    return [_record(one, request) for one in found]


def _record(one: Found, request: Request) -> Record:
    decided: dict[str, Any] | None = request.disclosure.get(one.record)
    if decided is not None:
        return Record(found=one, included=bool(decided["included"]), text=str(decided["text"]))
    return Record(found=one, included=True, text=redacted(_said(one), request.names))


def _said(one: Found) -> str:
    return "\n".join(f"{column}: {text}" for column, text in one.texts.items())


def redacted(text: str, names: Sequence[str]) -> str:
    """A proposal: other people's addresses, handles and numbers taken out. Names in running text
    are for a person to find."""
    own = {name.lower().lstrip("@") for name in names}

    def hidden(match: re.Match[str]) -> str:
        return match[0] if match[0].lower().lstrip("@") in own else THIRD_PARTY

    for pattern in (_MAIL, _HANDLE, _PHONE):
        text = pattern.sub(hidden, text)
    return text


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


def close(store: Store, request_id: int, outcome: str, *, by: str, now: datetime) -> bool:
    with store.begin() as tx:
        closed = requests.close(tx, request_id, outcome=outcome, by=by, now=now)
        if closed:
            _note(tx, by, "subject.request_closed", f"request {request_id}", now)
        return closed


def exported(store: Store, request: Request, *, by: str, now: datetime) -> dict[str, Any]:
    """What is given to the person, as plain values; that it was taken out is on record."""
    given = [one for one in records(store, request, by=by, now=now) if one.included]
    with store.begin() as tx:
        _note(tx, by, "subject.exported", f"request {request.request_id}", now)
    return {
        "reference": request.reference,
        "made_at": now.isoformat(),
        "records": [{"record": one.found.record, "text": one.text} for one in given],
    }


def _note(tx: Any, by: str, action: str, said: str, now: datetime) -> None:
    audit.append(tx, actor=by, action=action, subject=said, now=now)
