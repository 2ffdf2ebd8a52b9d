"""A read-only mailbox on its own origin, to see what the alerts look like to their readers.

A mail is shown as an inbox would: its HTML in a sandboxed frame that runs nothing and loads
nothing from elsewhere, its text beside it. Nothing here can be changed or sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from config.trust import Trust
from monitor.sample.mailserver import FOR, Mail, MailFolder
from monitor.sample.moments import LONDON

STATIC = Path(__file__).parent / "static"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Importance", "X-Priority", FOR)
LISTED = 200
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A mail as the list shows it."""

    key: str
    subject: str
    sender: str
    reader: str
    recipient: str
    sent: datetime | None
    beginning: str


class Mailbox:
    """The pages over one mail folder. `trust` says whose address is whose."""

    def __init__(self, folder: MailFolder, trust: Trust, console_url: str) -> None:
        self._folder = folder
        self._readers = readers(trust)
        self._console_url = console_url
        self._templates = Environment(loader=PackageLoader("monitor.sample"), autoescape=True)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self.listing),
                Route("/count", self.count),
                Route("/mail/{key}", self.reading),
                Route("/mail/{key}/html", self.html_part),
                Route("/mail/{key}/source", self.source),
                Mount("/static", StaticFiles(directory=STATIC)),
            ]
        )

    async def listing(self, request: Request) -> Response:
        """All mails, newest first, or those for one address (`?for=`)."""
        wanted = request.query_params.get("for", "")
        lines = [self._line(mail) for mail in self._folder.mails()]
        shown = [line for line in lines if not wanted or line.recipient == wanted]
        tally: dict[str, int] = {}
        for line in lines:
            tally[line.recipient] = tally.get(line.recipient, 0) + 1
        return self._page(
            "mailbox_list.html",
            lines=shown[:LISTED],
            hidden=max(0, len(shown) - LISTED),
            total=len(lines),
            tally=[(address, self._reader(address), tally[address]) for address in sorted(tally)],
            wanted=wanted,
            wanted_reader=self._reader(wanted),
        )

    async def count(self, request: Request) -> Response:
        return JSONResponse({"count": self._folder.count()}, headers=_headers(PAGE_POLICY))

    async def reading(self, request: Request) -> Response:
        mail = self._mail(request)
        if mail is None:
            return self._missing()
        html = part(mail.message, "html")
        view = "html" if html and request.query_params.get("view") != "text" else "text"
        return self._page(
            "mailbox_mail.html",
            line=self._line(mail),
            has_html=bool(html),
            view=view,
            text=part(mail.message, "plain"),
            headers=[
                (name, str(mail.message[name])) for name in SHOWN_HEADERS if mail.message[name]
            ],
        )

    async def html_part(self, request: Request) -> Response:
        """The mail's own HTML, for the frame; links open in a new tab."""
        mail = self._mail(request)
        if mail is None:
            return self._missing()
        html = opening_links_outside(part(mail.message, "html"))
        return HTMLResponse(html, headers=_headers(MAIL_POLICY))

    async def source(self, request: Request) -> Response:
        mail = self._mail(request)
        if mail is None:
            return self._missing()
        text = mail.source.decode("utf-8", "replace")
        return PlainTextResponse(text, headers=_headers(PAGE_POLICY))

    def _mail(self, request: Request) -> Mail | None:
        return self._folder.mail(request.path_params["key"])

    def _missing(self) -> Response:
        return self._page("mailbox_missing.html", status=404)

    def _page(self, template: str, *, status: int = 200, **values: object) -> Response:
        html = self._templates.get_template(template).render(
            console_url=self._console_url, count=self._folder.count(), **values
        )
        return HTMLResponse(html, status_code=status, headers=_headers(PAGE_POLICY))

    def _line(self, mail: Mail) -> Line:
        message = mail.message
        return Line(
            key=mail.key,
            subject=str(message["Subject"] or "(no subject)"),
            sender=str(message["From"] or ""),
            reader=self._reader(mail.recipient),
            recipient=mail.recipient,
            sent=sent_at(message),
            beginning=" ".join(part(message, "plain").split())[:160],
        )

    def _reader(self, address: str) -> str:
        return self._readers.get(address.casefold(), address)


def readers(trust: Trust) -> dict[str, str]:
    """Lower-case address -> the role that reads it, in words."""
    contacts = trust.contacts
    named = {
        contacts.head_of_pr: "Head of PR & Communications",
        contacts.executive: "Executive team",
        contacts.chair: "Chair of trustees",
        contacts.it: "IT",
        contacts.safeguarding_lead: "Trust safeguarding lead",
    }
    for school in trust.schools:
        own = school.contacts
        named[own.headteacher] = f"Headteacher, {school.name}"
        named[own.safeguarding_lead] = f"Safeguarding lead, {school.name}"
        named[own.deputy_safeguarding_lead] = f"Deputy safeguarding lead, {school.name}"
    return {address.casefold(): role for address, role in named.items() if address}


def part(message: EmailMessage, subtype: str) -> str:
    """The body's text of this subtype ("plain", "html"); empty where there is none."""
    body = message.get_body(preferencelist=(subtype,))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeDecodeError):  # a charset that Python does not know
        payload = body.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def sent_at(message: EmailMessage) -> datetime | None:
    """The Date header in London time; None where it is missing or unreadable."""
    sent: datetime | None = getattr(message["Date"], "datetime", None)
    return sent.astimezone(LONDON) if sent else None


def opening_links_outside(html: str) -> str:
    """The same page with links that open in a new tab: inside the frame they could not."""
    base = '<base target="_blank">'
    if _HEAD.search(html):
        return _HEAD.sub(lambda head: head[0] + base, html, count=1)
    return base + html


def _headers(policy: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
