"""Delivery reports in the forms that mail servers write them, and what is none."""

from __future__ import annotations

import pytest

from connectors.errors import ConnectorError, Malformed
from connectors.parse.bounce import is_report, parse_bounce
from connectors.parse.child import parse
from connectors.parse.items import Bounce

OURS = "<5d1c4f@harrowmere.example>"


def report(
    *,
    fields: str = "Final-Recipient: rfc822; gone@ferncliffe.example\nAction: failed\nStatus: 5.1.1",
    original: str = f"message/rfc822\n\nMessage-ID: {OURS}\nSubject: High\n\nText.",
    kind: str = 'multipart/report; report-type=delivery-status;\n boundary="b"',
) -> bytes:
    return (
        "From MAILER-DAEMON Mon Nov 23 21:20:00 2026\n"
        "From: Mail Delivery System <MAILER-DAEMON@mail.example>\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}\n\n"
        "--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you ...\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mail.example\nArrival-Date: Mon, 23 Nov 2026 21:20:00 +0000\n\n"
        f"{fields}\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        f"--b\nContent-Type: {original}\n--b--\n"
    ).encode()


HEAD_ONLY = f"text/rfc822-headers\n\nReceived: from x\nMessage-ID:\n {OURS}\nSubject: High\n"


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (report(), (Bounce(message_id=OURS, status="5.1.1"),)),
        (report(original=HEAD_ONLY), (Bounce(message_id=OURS, status="5.1.1"),)),
        (
            report(fields="Final-Recipient: rfc822; a@b.example\nAction: Failed\nStatus: 5.0 odd"),
            (Bounce(message_id=OURS),),
        ),
        (
            report(
                fields="Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.7\n\n"
                "Final-Recipient: rfc822; c@b.example\nAction: failed\nStatus: 5.2.2 (full)"
            ),
            (Bounce(message_id=OURS, status="5.2.2"),),
        ),
        (report(fields="Action: delayed\nStatus: 4.4.1"), ()),
        (report(fields="Action: delivered\nStatus: 2.0.0"), ()),
    ],
    ids=["whole", "head alone", "odd status", "two recipients", "delay", "success"],
)
def test_a_report_says_which_mail_failed_and_how(mail: bytes, expected: object) -> None:
    assert is_report(mail)
    assert parse(parse_bounce, mail) == expected


@pytest.mark.parametrize(
    "mail",
    [
        report(original="message/rfc822\n\nSubject: High\n\nText."),
        report(original="message/rfc822\n\nMessage-ID: none of ours\n\nText."),
        report(original=f"message/rfc822\n\nMessage-ID: <{'x' * 400}@y>\n\nText."),
        report(original="text/plain\n\nText."),
        report().replace(b"message/delivery-status", b"text/plain"),
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b--",
        b"Content-Type: multipart/report; report-type=delivery-status\n\n\x00\xff\xfe",
        b"",
    ],
)
def test_what_does_not_say_so_is_malformed(mail: bytes) -> None:
    with pytest.raises(Malformed):
        parse(parse_bounce, mail)


def test_parts_within_parts_without_end_cost_the_child_alone() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)
    )
    with pytest.raises(ConnectorError):
        parse(parse_bounce, deep)


@pytest.mark.parametrize(
    "mail",
    [
        b"Subject: multipart/report delivery-status\n\nText",
        b"Content-Type: text/plain\n\nContent-Type: multipart/report; delivery-status",
        report(kind='multipart/report; report-type=disposition-notification; boundary="b"'),
        b"",
    ],
)
def test_another_mail_is_no_report(mail: bytes) -> None:
    assert not is_report(mail)
