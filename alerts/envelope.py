"""A rendered mail: headers that no text of a post can reach, a plain and an HTML body."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from alerts.types import Message
from alerts.words import one_line

LONGEST_SUBJECT = 120


def seal(
    *,
    subject: str,
    text: str,
    html: str,
    recipient: str,
    sender: str,
    message_id: str,
    list_name: str,
    now: datetime,
    thread: str | None = None,
    reply_to: str = "",
    is_optional: bool = False,
) -> Message:
    """The message for one recipient; `sender` is "address" or "Name <address>".

    `message_id` stays the same over retries (with or without its angle brackets). Replies by
    machines are turned off (RFC 3834), and the bodies are quoted-printable, so that no line
    is too long and no relay changes them. `thread` is the Message-ID of the mail that this
    one follows (RFC 5322 3.6.4). A reply reaches `reply_to`, and so does, of what is optional,
    the wish not to have it any more (RFC 2369).
    """
    mail = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    mail["From"] = _address(one_line(name), address)
    mail["To"] = _address("", recipient)
    mail["Subject"] = one_line(subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{one_line(message_id).strip('<>')}>"
    if thread:
        mail["In-Reply-To"] = mail["References"] = thread
    if reply_to:
        mail["Reply-To"] = _address("", reply_to)
    if reply_to and is_optional:
        wish = f"mailto:{quote(reply_to, safe='@')}?subject=No%20more%20{list_name}"
        mail["List-Unsubscribe"] = f"<{wish}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"Trust Monitor {list_name} <{list_name}.trust-monitor.{_domain(address)}>"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return Message(recipient=recipient, message_id=str(mail["Message-ID"]), mail=mail)


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    return domain if domain.isascii() and domain else "invalid"
