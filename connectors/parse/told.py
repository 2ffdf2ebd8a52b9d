"""What a mail provider tells by webhook of mails of ours that failed for good, as records.

Known are the forms of Amazon SES (bare, or in an SNS notification, with the original headers),
Mailgun and SendGrid, and one of our own: {"message_id": "<...>", "status": "5.1.1"}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.parse import values
from connectors.parse.items import Bounce
from connectors.parse.values import Record

MOST = 1_000
"""Failures taken from one call."""
_BARE = re.compile(r"[!-;=?-~]{1,250}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def parse_told(body: bytes) -> tuple[Bounce, ...]:
    """The failures that a call tells of; empty for anything else that is JSON. Raises Malformed."""
    document = values.document(body)
    events = document if isinstance(document, list) else [document]
    told = [one for event in events[:MOST] if isinstance(event, dict) for one in _failures(event)]
    return tuple(told[:MOST])


def _failures(event: Record) -> Iterator[Bounce]:
    if values.string(event, "Type", 40) == "Notification":
        inner = values.document(values.string(event, "Message").encode())
        event = inner if isinstance(inner, dict) else {}
    for read in (_ours, _ses, _mailgun, _sendgrid):
        if (found := read(event)) and (message_id := _bracketed(found[0])):
            yield Bounce(message_id=message_id, status=_status(found[1]))
            return


def _ours(event: Record) -> tuple[str, str] | None:
    given = values.string(event, "message_id", 300)
    return (given, values.string(event, "status", 40)) if given else None


def _ses(event: Record) -> tuple[str, str] | None:
    kind = values.string(event, "notificationType", 40) or values.string(event, "eventType", 40)
    bounce, mail = values.record(event, "bounce"), values.record(event, "mail")
    if kind != "Bounce" or values.string(bounce, "bounceType", 40) == "Transient":
        return None
    named = [
        values.string(one, "value", 300)
        for one in values.records(mail, "headers")
        if values.string(one, "name", 40).lower() == "message-id"
    ]
    given = named or [values.string(values.record(mail, "commonHeaders"), "messageId", 300)]
    states = [
        values.string(one, "status", 40) for one in values.records(bounce, "bouncedRecipients")
    ]
    return given[0], next(iter(states), "")


def _mailgun(event: Record) -> tuple[str, str] | None:
    data = values.record(event, "event-data")
    is_final = values.string(data, "severity", 40) == "permanent"
    if values.string(data, "event", 40) != "failed" or not is_final:
        return None
    headers = values.record(values.record(data, "message"), "headers")
    status = values.record(data, "delivery-status")
    return values.string(headers, "message-id", 300), values.string(status, "enhanced-code", 40)


def _sendgrid(event: Record) -> tuple[str, str] | None:
    """A mail that bounced or was blocked, or that was never tried as an earlier one had come back.
    A block may be for a time, but that mail is given up (Twilio, "Event Webhook Reference"). The
    status is missing where no server was reached; then the reason may tell it."""
    if values.string(event, "event", 40) not in ("bounce", "dropped"):
        return None
    told = (values.string(event, name, 300) for name in ("status", "reason"))
    return values.string(event, "smtp-id", 300), " ".join(told)


def _bracketed(given: str) -> str:
    """With its angle brackets, as we write it; empty when it is no Message-ID."""
    bare = given.strip().removeprefix("<").removesuffix(">")
    return f"<{bare}>" if _BARE.fullmatch(bare) else ""


def _status(given: str) -> str:
    found = _STATUS.search(given)
    return found[0] if found else ""
