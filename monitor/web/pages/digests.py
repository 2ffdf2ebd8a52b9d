"""Digests as they would be sent now: on a desk, on a phone, and as text.

The mail is shown in frames that run nothing and load nothing. Its styles are inside it, so its
frame alone may hold such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import HTMLResponse

from alerts import words
from alerts.words import LONDON
from monitor import digests, messages
from monitor.access import conflict
from monitor.digests import BRIEF, DAILY, EXECUTIVE, KINDS, TERM, WEEKLY
from monitor.store.views import DigestOrder
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.security import HEADERS
from monitor.web.viewer import Looking, Viewer, room

router = room("pr", "executive", "headteacher")
A_DAY = timedelta(days=1)
OF_THE_TRUST = (BRIEF, EXECUTIVE, TERM)
FRAMES = "frame-src 'self'"
FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""For the frame of a mail. It is sandboxed, and no link in it leads anywhere from there."""


class Choice(BaseModel):
    """Which digest is looked at: a kind, and for a head's the mail address."""

    kind: Annotated[str, Field(max_length=16)] = ""
    to: Annotated[str, Field(max_length=254)] = ""
    day: Annotated[date | None, BeforeValidator(lambda given: given or None)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who gets a digest."""

    kind: str
    address: str
    what: str

    @property
    def query(self) -> str:
        return urlencode({"kind": self.kind, "to": self.address})


Chosen = Annotated[Choice, Depends()]


@router.get("/digests")
def show(request: Request, console: Current, viewer: Looking, choice: Chosen) -> HTMLResponse:
    readers = _readers(console, viewer)
    reader = _reader(readers, choice)
    order = _order(console, reader, choice) if reader else None
    mail = _mail(console, viewer, order) if order else None
    shown = page(
        request,
        "digests.html",
        counts=badges(request),
        readers=readers,
        reader=reader,
        day=order.local_date if order else None,
        subject=str(mail["Subject"]) if mail else "",
        text=_part(mail, "plain") if mail else "",
        address=f"/digests/mail?{reader.query}&day={order.local_date}" if reader and order else "",
    )
    shown.headers["Content-Security-Policy"] = f"{HEADERS['Content-Security-Policy']}; {FRAMES}"
    return shown


@router.get("/digests/mail")
def mail(console: Current, viewer: Looking, choice: Chosen) -> HTMLResponse:
    """The HTML of the mail, for a frame of this page."""
    reader = _reader(_readers(console, viewer), choice)
    if reader is None:
        raise HTTPException(404)
    message = _mail(console, viewer, _order(console, reader, choice))
    return HTMLResponse(_part(message, "html"), headers=FRAMED)


def _readers(console: Console, viewer: Viewer) -> list[Reader]:
    """Whose digests this person may see: PR and the executive everybody's, a head those of
    their own schools and no other."""
    trust, rota = console.trust, console.whole.rota
    is_trusts = viewer.may(("pr", "executive"))
    own = viewer.schools or frozenset()
    found = []
    for address, schools in digests.heads(trust).items():
        if is_trusts or own.issuperset(schools):
            kind = WEEKLY if digests.choice(rota, address) == WEEKLY else DAILY
            names = words.listed([words.school_name(one, trust) for one in schools])
            found.append(Reader(kind=kind, address=address, what=names))
    if is_trusts:
        to = {BRIEF: trust.contacts.head_of_pr, EXECUTIVE: trust.contacts.executive}
        to[TERM] = to[EXECUTIVE] or to[BRIEF]
        found = [
            *(
                Reader(kind=kind, address=to[kind], what=words.capital(KINDS[kind]))
                for kind in OF_THE_TRUST
                if to[kind]
            ),
            *found,
        ]
    return found


def _reader(readers: list[Reader], choice: Choice) -> Reader | None:
    """The chosen one; the first where none is chosen; None where it is not theirs to see."""
    if not choice.kind:
        return readers[0] if readers else None
    wanted = (choice.kind, choice.to.casefold())
    return next((one for one in readers if (one.kind, one.address.casefold()) == wanted), None)


def _order(console: Console, reader: Reader, choice: Choice) -> DigestOrder:
    today = console.clock().astimezone(LONDON).date()
    day = min(choice.day or today, today)
    order = digests.wanted(
        console.whole, kind=reader.kind, school=None, recipient=reader.address, day=day
    )
    if order is None:
        raise HTTPException(404)
    return order


def _mail(console: Console, viewer: Viewer, order: DigestOrder) -> EmailMessage:
    """As its reader gets it, less what names who is looking."""
    readers = conflict.at(console.people(), order.recipient, console.trust)
    return messages.digest_of(
        console.store,
        console.whole,
        order,
        apart=readers | {viewer.subject},
        message_id=digests.PREVIEW,
        now=console.clock(),
    ).mail


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
