"""What mail providers tell of mails that failed, in their forms, and what is none of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.errors import Malformed
from connectors.parse.child import parse
from connectors.parse.items import Bounce
from connectors.parse.told import parse_told

OURS = "<5d1c4f@harrowmere.example>"
BARE = OURS.strip("<>")
SES: dict[str, Any] = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": "gone@ferncliffe.example", "status": "5.1.1"}],
    },
    "mail": {
        "messageId": "0102-of-the-provider",
        "headers": [{"name": "From", "value": "x"}, {"name": "Message-ID", "value": OURS}],
    },
}
COMMON = {**SES, "mail": {"commonHeaders": {"messageId": OURS}}}
MAILGUN: dict[str, Any] = {
    "signature": {"token": "t"},
    "event-data": {
        "event": "failed", "severity": "permanent",
        "message": {"headers": {"message-id": BARE}},
        "delivery-status": {"code": 550, "enhanced-code": "5.1.1"},
    },
}  # fmt: skip
SENDGRID = [
    {"event": "processed", "smtp-id": OURS},
    {"event": "bounce", "smtp-id": OURS, "status": "5.1.1", "email": "gone@ferncliffe.example"},
]
UNREACHED = {
    "event": "bounce", "type": "blocked", "smtp-id": OURS, "tls": 0,
    "sg_message_id": "euo2.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0",
    "bounce_classification": "Unclassified", "reason": "unable to get mx info",
}  # fmt: skip
TOLD_IN_WORDS = [{**UNREACHED, "type": "bounce", "reason": "550 5.1.1 The account does not exist"}]
NOT_TRIED = {"event": "dropped", "smtp-id": OURS, "reason": "Bounced Address", "status": "5.0.0"}
TRANSIENT = {**SES, "bounce": {"bounceType": "Transient"}}
FOR_A_WHILE = {"event-data": {**MAILGUN["event-data"], "severity": "temporary"}}


@pytest.mark.parametrize(
    "said",
    [
        {"message_id": BARE, "status": "5.1.1"}, SES, COMMON, MAILGUN, SENDGRID, TOLD_IN_WORDS,
        {"Type": "Notification", "Message": json.dumps(SES)},
    ],
    ids=["ours", "ses", "common headers", "mailgun", "sendgrid", "in words", "in sns"],
)  # fmt: skip
def test_a_failure_for_good_is_known_in_every_form(said: object) -> None:
    expected = (Bounce(message_id=OURS, status="5.1.1"),)
    assert parse(parse_told, json.dumps(said).encode()) == expected


@pytest.mark.parametrize(("said", "status"), [(UNREACHED, ""), (NOT_TRIED, "5.0.0")])
def test_a_mail_that_was_never_tried_failed_too(said: object, status: str) -> None:
    assert parse_told(json.dumps(said).encode()) == (Bounce(message_id=OURS, status=status),)


@pytest.mark.parametrize(
    "said",
    [
        TRANSIENT, FOR_A_WHILE, {}, [], 7, None, [None, [], "x"], {"message_id": "a b"},
        {"message_id": 5}, {"notificationType": "Bounce"}, {"Type": "Notification", "Message": "7"},
        [{"event": "delivered", "smtp-id": OURS}], {"event": "deferred", "smtp-id": OURS},
        {"message_id": f"<{'x' * 900}>"},
    ],
)  # fmt: skip
def test_what_is_no_failure_for_good_is_passed_over(said: object) -> None:
    assert parse_told(json.dumps(said).encode()) == ()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_told(body)
