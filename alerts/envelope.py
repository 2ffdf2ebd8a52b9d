"""A rendered mail: headers that no text of a post can reach, a plain and an HTML body.

Put together by hand where the standard library would parse again for each of thousands of mails
what is the same in all of them.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from alerts.types import Message
from alerts.words import one_line

LONGEST_SUBJECT = 120
BOUNDARY = "=_trust_monitor"
""" "=_" stands in no quoted-printable body (RFC 2045 6.7), so one is enough for all."""
_LINE_END = re.compile(r"\r?\n")


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
    mail["From"] = _known("From", str(_address(one_line(name), address)))
    mail["To"] = _address("", recipient)
    mail["Subject"] = one_line(subject)[:LONGEST_SUBJECT]
    mail["Date"] = _known("Date", format_datetime(now))
    mail["Message-ID"] = f"<{one_line(message_id).strip('<>')}>"
    if thread:
        mail["In-Reply-To"] = mail["References"] = thread
    if reply_to:
        mail["Reply-To"] = _known("Reply-To", str(_address("", reply_to)))
    if reply_to and is_optional:
        wish = f"mailto:{quote(reply_to, safe='@')}?subject=No%20more%20{list_name}"
        mail["List-Unsubscribe"] = _known("List-Unsubscribe", f"<{wish}>")
    mail["Auto-Submitted"] = _known("Auto-Submitted", "auto-generated")
    mail["X-Auto-Response-Suppress"] = _known("X-Auto-Response-Suppress", "All")
    list_id = f"Trust Monitor {list_name} <{list_name}.trust-monitor.{_domain(address)}>"
    mail["List-Id"] = _known("List-Id", list_id)
    mail["MIME-Version"] = _known("MIME-Version", "1.0")
    mail["Content-Type"] = _known("Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"')
    mail.set_payload([_part("plain", text), _part("html", html)])
    return Message(recipient=recipient, message_id=str(mail["Message-ID"]), mail=mail)


@lru_cache(maxsize=256)
def _known(name: str, value: str) -> Any:
    """A header that many mails have, read once."""
    return SMTP.header_factory(name, value)


def _part(subtype: str, text: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = _known("Content-Type", f'text/{subtype}; charset="utf-8"')
    coded = "quoted-printable"
    part["Content-Transfer-Encoding"] = _known("Content-Transfer-Encoding", coded)
    part.set_payload(b2a_qp(text.encode()).decode("ascii"))
    return part


def written(mail: EmailMessage, rules: EmailPolicy[Any]) -> bytes:
    """The mail as it goes over the line: what the standard library's generator writes, without
    writing each line of each part three times."""
    head = b"".join(rules.fold_binary(name, value) for name, value in mail.raw_items())
    parts = mail.get_payload()
    if not isinstance(parts, list):
        return head + b"\r\n" + _LINE_END.sub("\r\n", str(parts)).encode("ascii")
    border = f"--{mail.get_boundary()}".encode("ascii")
    inner = b"".join(border + b"\r\n" + written(one, rules) + b"\r\n" for one in parts)  # type: ignore[arg-type]
    return head + b"\r\n" + inner + border + b"--\r\n"


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    return domain if domain.isascii() and domain else "invalid"
