"""Reports of mail servers that a mail could not be delivered (RFC 3464), as records."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from connectors.errors import Malformed
from connectors.parse.items import Bounce

MAX_PARTS = 200
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_REPORT = re.compile(rb"(?im)^content-type:\s*multipart/report\b.*\bdelivery-status\b")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_HEAD_BYTES = 64 * 1024


def is_report(mail: bytes) -> bool:
    """Whether a mail's head calls it a delivery report. Cheap, and parses no more than that."""
    head = re.split(rb"\r?\n\r?\n", mail[:_HEAD_BYTES], maxsplit=1)[0]
    return _REPORT.search(_FOLD.sub(b" ", head)) is not None


def parse_bounce(mail: bytes) -> tuple[Bounce, ...]:
    """The failure that a report tells of; empty for one of a delay or a success.

    Raises Malformed when it is no delivery report or does not say of which mail.
    """
    try:
        report = message_from_bytes(mail, policy=compat32)
        parts = [part for part, _ in zip(report.walk(), range(MAX_PARTS), strict=False)]
    except (MessageError, ValueError, LookupError, RecursionError):
        raise Malformed("The report cannot be read.") from None
    status = _first(parts, "message/delivery-status")
    original = _first(parts, "message/rfc822") or _first(parts, "text/rfc822-headers")
    if status is None or original is None:
        raise Malformed("It is no report of a mail server about a mail.")
    codes = [code for fields in _blocks(status) if (code := _failure(fields)) is not None]
    named = _MESSAGE_ID.search(_original_id(original))
    if named is None:
        raise Malformed("The report does not say which mail it is about.")
    return (Bounce(message_id=named[0], status=codes[0]),) if codes else ()


def _first(parts: list[Message], kind: str) -> Message | None:
    return next((part for part in parts if part.get_content_type() == kind), None)


def _blocks(status: Message) -> list[Message]:
    """One for the mail, one for each recipient."""
    payload = status.get_payload()
    return [part for part in payload if isinstance(part, Message)] if payload else []


def _failure(fields: Message) -> str | None:
    """The status of a recipient who did not get it for good; None for any other."""
    if str(fields.get("Action", "")).strip().lower() != "failed":
        return None
    found = _STATUS.search(str(fields.get("Status", "")))
    return found[0] if found else ""


def _original_id(original: Message) -> str:
    """The Message-ID of the returned mail, whole or only its head."""
    if original.get_content_type() == "message/rfc822":
        inner = original.get_payload()
        head = inner[0] if isinstance(inner, list) and inner else original
        return str(head.get("Message-ID", "")) if isinstance(head, Message) else ""
    text = original.get_payload(decode=True)
    head = message_from_bytes(text if isinstance(text, bytes) else b"", policy=compat32)
    return str(head.get("Message-ID", ""))
