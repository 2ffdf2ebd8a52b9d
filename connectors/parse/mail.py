"""One mail to a record, and one file of it to a picture. For the killable child."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import default as modern
from email.utils import parsedate_to_datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.errors import Malformed
from connectors.parse.html import MAX_MARKUP, html_to_text, tidy
from connectors.parse.items import MAX_TEXT, Enclosed, Item, MailItem, Picture
from connectors.parse.markup import is_monstrous
from connectors.parse.picture import parse_picture

MAX_PARTS = 200
MAX_FILES = 20
LONGEST_SUBJECT = 500
ALERT_LINK = "//www.google.com/url?"
MAX_RESULTS = 50
LONGEST_RESULT = 1_000
OUR_LISTS = ".trust-monitor."
"""Stands in the List-Id of every mail that this service sends."""
_METHOD = re.compile(r"\b(spf|dkim|dmarc|arc)\s*=\s*(\w+)", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list"})


def parse_mail(raw: bytes, authserv: str = "") -> MailItem:
    """The mail; of `Authentication-Results` only what the server `authserv` wrote counts.

    Raises Malformed when it has neither subject nor text nor file, or cannot be read.
    """
    mail = _read(raw)
    title = " ".join(str(mail.get("Subject", "")).split())[:LONGEST_SUBJECT]
    text = "\n\n".join(part for part in _texts(mail) if part)[:MAX_TEXT]
    files = tuple(_enclosed(mail))
    if not (title or text or files):
        raise Malformed("The mail has neither subject nor text.")
    return MailItem(
        message_id=_identity(mail, raw),
        title=title,
        text=text,
        sent_at=_sent_at(mail),
        authentication=_authentication(mail, authserv),
        is_automatic=_is_automatic(mail),
        is_ours=OUR_LISTS in str(mail.get("List-Id", "")),
        files=files,
        results=tuple(_results(mail)),
    )


def parse_enclosed_picture(raw: bytes, number: int) -> Picture:
    """The file of that number as a picture. Raises Malformed when it is none."""
    return parse_picture(enclosed_body(raw, number))


def enclosed_body(raw: bytes, number: int) -> bytes:
    """The bytes of the file of that number."""
    for at, part in enumerate(_files(_read(raw)), start=1):
        if at == number:
            return _body(part)
    raise Malformed("The mail has no such file.")


def _read(raw: bytes) -> EmailMessage:
    try:
        return message_from_bytes(raw, EmailMessage, policy=modern)
    except (MessageError, ValueError, LookupError):
        raise Malformed("The mail cannot be read.") from None


def _texts(mail: EmailMessage) -> Iterator[str]:
    """The mail's own words, then those of mails forwarded in it."""
    yield _text(mail)
    for part in _parts(mail):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            if isinstance(inner, EmailMessage):
                yield " ".join(str(inner.get("Subject", "")).split())[:LONGEST_SUBJECT]
                yield _text(inner)


def _text(mail: EmailMessage) -> str:
    """The plain part; where there is none, the HTML part as text."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = _content(part)
    return html_to_text(content) if part.get_content_type() == "text/html" else content.strip()


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a character set that nobody knows
        return _body(part).decode("utf-8", "replace")


def _results(mail: EmailMessage) -> Iterator[Item]:
    """The results of an alert, also of one that was forwarded: links that lead through the search
    engine, each with the words around it. The layout is the sender's and may change; a mail in
    which none is found is taken as a mail."""
    part = mail.get_body(preferencelist=("html",))
    markup = _content(part) if part is not None else ""
    if ALERT_LINK not in markup or is_monstrous(markup.encode("utf-8", "replace")):
        return
    found: dict[str, Item] = {}
    for link in LexborHTMLParser(markup[:MAX_MARKUP]).css(f'a[href*="{ALERT_LINK}"]'):
        url, title = link.attributes.get("href") or "", tidy(link.text())
        if title and len(found) < MAX_RESULTS:
            found.setdefault(url, Item(url=url, title=title, text=_around(link, title)))
    yield from found.values()


def _around(link: LexborNode, title: str) -> str:
    """The words of the smallest row or block that says more than the title."""
    node = link.parent
    while node is not None and node.tag != "body":
        words = tidy(node.text(separator=" "))
        if len(words) > len(title) + 20:
            return words[:LONGEST_RESULT]
        node = node.parent
    return title


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for at, part in enumerate(mail.walk()):
        if at >= MAX_PARTS:
            raise Malformed("The mail has too many parts.")
        if isinstance(part, EmailMessage):
            yield part


def _files(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Whatever is no text of the mail itself, and no mail in it."""
    for part in _parts(mail):
        if part.is_multipart():
            continue
        is_text = part.get_content_maintype() == "text" and not part.get_filename()
        if not is_text:
            yield part


def _enclosed(mail: EmailMessage) -> Iterator[Enclosed]:
    for number, part in enumerate(_files(mail), start=1):
        if number > MAX_FILES:
            return
        name = re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]+", " ",
                      part.get_filename() or "")  # fmt: skip
        yield Enclosed(
            number=number,
            name=" ".join(name.split())[:120],
            media_type=part.get_content_type(),
            size=len(_body(part)),
        )


def _body(part: MIMEPart) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _identity(mail: EmailMessage, raw: bytes) -> str:
    given = "".join(str(mail.get("Message-ID", "")).split())
    return given[:500] or hashlib.sha256(raw).hexdigest()


def _sent_at(mail: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(mail.get("Date", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _authentication(mail: EmailMessage, authserv: str) -> str:
    """ "spf=pass dkim=fail": what our own server found, in the order in which it says so."""
    found: dict[str, str] = {}
    for header in mail.get_all("Authentication-Results", []) if authserv else []:
        server, _, results = str(header).partition(";")
        if (server.split() or [""])[0].casefold() == authserv.casefold():
            for method, result in _METHOD.findall(results):
                found.setdefault(method.lower(), result.lower())
    return " ".join(f"{method}={result}" for method, result in found.items())


def _is_automatic(mail: EmailMessage) -> bool:
    """A list, an alert, a bounce or a machine's reply (RFC 3834, 2919, 3464)."""
    said = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return (
        said != "no"
        or str(mail.get("Precedence", "")).strip().lower() in _BULK
        or any(name in mail for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Loop"))
        or mail.get_content_type() == "multipart/report"
        or str(mail.get("Return-Path", "")).strip() == "<>"
    )
