"""The SMTP channel against a real mail server, and against ones that misbehave."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from alerts.channels import CHANNELS
from alerts.channels.smtp import SmtpChannel
from alerts.types import Dead, Message, Retry, Sent, Unknown
from tests.doubles.mailservers import Inbox, answering, scripted, served, settings, silent

RECIPIENT = "pr@harrowmere.example"
SHORT = timedelta(milliseconds=400)

Make = Callable[..., Message]


def test_a_mail_arrives_whole_at_a_real_server(message: Make) -> None:
    inbox = Inbox()
    with served(inbox) as port:
        assert SmtpChannel(settings(port), None).send(message()) == Sent()
    (taken,) = inbox.taken
    assert taken.rcpt_tos == [RECIPIENT]
    assert taken.mail_from == "monitor@harrowmere.example"
    assert isinstance(taken.content, bytes)
    assert b"Message-ID: <1@harrowmere.example>\r\n" in taken.content
    assert b"\r\n.A line that begins with a dot.\r\n" in taken.content
    assert max(len(line) for line in taken.content.split(b"\r\n")) < 998
    assert b"\n" not in taken.content.replace(b"\r\n", b"")


def test_every_channel_named_in_the_registry_can_be_loaded() -> None:
    assert CHANNELS["smtp"] == f"{SmtpChannel.__module__}:{SmtpChannel.__name__}"


def test_one_refused_recipient_does_not_keep_another_from_theirs(message: Make) -> None:
    inbox = Inbox(rcpt={"gone@harrowmere.example": "550 5.1.1 no such user gone@x"})
    with served(inbox) as port:
        channel = SmtpChannel(settings(port), None)
        refused = channel.send(message("gone@harrowmere.example"))
        assert channel.send(message()) == Sent()
    assert refused == Dead("The mail server refused the recipient (550 5.1.1).")
    assert len(inbox.taken) == 1


def test_a_greylisted_mail_waits_as_long_as_the_server_asks(message: Make) -> None:
    inbox = Inbox(rcpt={RECIPIENT: "451 4.7.1 Greylisted, try again in 5 minutes"})
    with served(inbox) as port:
        outcome = SmtpChannel(settings(port), None).send(message())
    assert outcome == Retry("The mail server put off the recipient (451 4.7.1).", 300.0)


def test_a_server_s_absurd_wish_to_wait_is_bounded(message: Make) -> None:
    with served(Inbox(rcpt={RECIPIENT: "450 wait 99999 seconds"})) as port:
        outcome = SmtpChannel(settings(port), None).send(message())
    assert outcome == Retry("The mail server put off the recipient (450).", 3600.0)


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (
            answering(greeting="421 too busy"),
            Retry("The mail server put off the connection (421)."),
        ),
        (answering(greeting="554 no"), Retry("The mail server refused the connection (554).")),
        (answering(mail="421 closing"), Retry("The mail server put off the sender (421).")),
        (answering(mail="550 5.7.1 no"), Dead("The mail server refused the sender (550 5.7.1).")),
        (answering(rcpt="421 closing"), Retry("The mail server put off the recipient (421).")),
        (answering(rcpt="452 full"), Retry("The mail server put off the recipient (452).")),
        (answering(data="451 later"), Retry("The mail server put off the message (451).")),
        (answering(data="554 no"), Dead("The mail server refused the message (554).")),
        (answering(content="452 full"), Retry("The mail server put off the content (452).")),
        (
            answering(content="552 5.3.4 big"),
            Dead("The mail server refused the content (552 5.3.4)."),
        ),
        (answering(greeting="nonsense"), Retry("The mail server gave an answer that is not SMTP.")),
        (answering(ehlo=None), Retry("The mail server closed the line.")),
        (answering(rcpt=None), Retry("The mail server closed the line.")),
        (answering(data=None), Retry("The mail server closed the line.")),
        (
            answering(content=None),
            Unknown("The mail server closed the line after it had the message."),
        ),
        (
            answering(content="nonsense"),
            Unknown("The mail server gave an answer that is not SMTP after it had the message."),
        ),
    ],
)
def test_what_a_server_does_decides_what_becomes_of_the_mail(
    talk: Callable[[socket.socket], None], expected: object, message: Make
) -> None:
    with scripted(talk) as port:
        assert SmtpChannel(settings(port), None).send(message()) == expected


def test_a_server_that_is_not_there_is_tried_again(message: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = SmtpChannel(settings(port), None).send(message())
    assert outcome == Retry("The mail server could not be reached.")


@pytest.mark.parametrize("after", [b"", b"EHLO", b"RCPT", b"DATA"])
def test_a_server_that_hangs_before_the_message_is_tried_again(after: bytes, message: Make) -> None:
    over = threading.Event()
    with scripted(silent(after, until=over)) as port:
        outcome = SmtpChannel(settings(port, deadline=SHORT), None).send(message())
        over.set()
    assert outcome == Retry("The mail server did not answer in time.")


def test_a_server_that_hangs_with_the_message_leaves_it_unknown(message: Make) -> None:
    over = threading.Event()

    def talk(visitor: socket.socket) -> None:
        lines = visitor.makefile("rb")
        visitor.sendall(b"220 ready\r\n")
        while not (line := lines.readline()).startswith(b"DATA"):
            assert line
            visitor.sendall(b"250 OK\r\n")
        visitor.sendall(b"354 go on\r\n")
        over.wait(10)

    with scripted(talk) as port:
        outcome = SmtpChannel(settings(port, deadline=SHORT), None).send(message())
        over.set()
    assert outcome == Unknown("The mail server did not answer in time after it had the message.")


def test_a_server_that_drips_is_held_to_the_total_deadline(message: Make) -> None:
    over = threading.Event()

    def talk(visitor: socket.socket) -> None:
        while not over.wait(0.05):
            try:
                visitor.sendall(b"2")
            except OSError:
                return

    with scripted(talk) as port:
        started = time.monotonic()
        outcome = SmtpChannel(settings(port, deadline=SHORT), None).send(message())
        took = time.monotonic() - started
        over.set()
    assert outcome == Retry("The mail server did not answer in time.")
    assert took < 2.0


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(message: Make) -> None:
    able, unable = Inbox(), Inbox()
    with served(able, enable_SMTPUTF8=True) as port:
        assert SmtpChannel(settings(port), None).send(message("zoë@harrowmere.example")) == Sent()
    with served(unable, enable_SMTPUTF8=False) as port:
        outcome = SmtpChannel(settings(port), None).send(message("zoë@harrowmere.example"))
        assert SmtpChannel(settings(port), None).send(message("pr@bücher.example")) == Sent()
    assert outcome == Dead("The mail server takes no address beyond ASCII (SMTPUTF8).")
    assert unable.taken[0].rcpt_tos == ["pr@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "recipient", ["", "nobody", "a@b\r\nRCPT TO:<c@d>", "a b@c", "<a@b>", "a@b>,<c@d"]
)
def test_what_is_no_mail_address_reaches_no_server(recipient: str, message: Make) -> None:
    good = message()
    broken = Message(recipient=recipient, message_id=good.message_id, mail=good.mail)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        channel = SmtpChannel(settings(listener.getsockname()[1]), None)
        assert channel.send(broken) == Dead("The recipient is not a mail address.")


def test_no_reason_holds_an_address_or_the_server_s_words(message: Make) -> None:
    rude = "550 5.1.1 pr@harrowmere.example said: High: possible threat"
    with scripted(answering(rcpt=rude)) as port:
        outcome = SmtpChannel(settings(port), None).send(message())
    assert isinstance(outcome, Dead)
    assert "@" not in outcome.reason
    assert "threat" not in outcome.reason


def test_a_mail_that_is_taken_is_sent_however_the_server_parts(message: Make) -> None:
    with scripted(answering(quit=None)) as port:
        assert SmtpChannel(settings(port), None).send(message()) == Sent()


def test_a_mail_without_a_last_line_end_is_ended_properly(message: Make) -> None:
    inbox = Inbox()
    mail = EmailMessage()
    mail["Subject"] = "Bare"
    mail.set_payload("no line end")
    bare = Message(recipient=RECIPIENT, message_id="<1@x.example>", mail=mail)
    with served(inbox) as port:
        assert SmtpChannel(settings(port), None).send(bare) == Sent()
    assert isinstance(inbox.taken[0].content, bytes)
    assert inbox.taken[0].content.endswith(b"no line end\r\n")


def test_an_address_whose_domain_has_no_ascii_form_is_refused_by_us(message: Make) -> None:
    with served(Inbox(), enable_SMTPUTF8=False) as port:
        good = message()
        odd = Message(recipient="pr@bü..x.example", message_id=good.message_id, mail=good.mail)
        outcome = SmtpChannel(settings(port), None).send(odd)
    assert outcome == Dead("The mail server takes no address beyond ASCII (SMTPUTF8).")
