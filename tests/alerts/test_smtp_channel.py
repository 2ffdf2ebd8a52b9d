"""The SMTP channel against a real mail server, and against ones that misbehave."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from alerts import envelope
from alerts.channels import CHANNELS
from alerts.channels.smtp import SmtpChannel
from alerts.types import Dead, Message, Retry, Sent, Unknown
from config.settings import MailSettings

TLS = Path(__file__).parent / "tls"
RECIPIENT = "pr@harrowmere.example"
SHORT = timedelta(milliseconds=400)
BODY = "First line.\n.A line that begins with a dot.\n" + "long " * 400 + "\nLast line."


class Inbox:
    """Keeps what is delivered; answers RCPT and DATA as told."""

    def __init__(self, *, rcpt: dict[str, str] | None = None, data: str = "250 Taken") -> None:
        self.rcpt = rcpt or {}
        self.data = data
        self.taken: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data


class AnyPort(Controller):
    """A mail server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's is untyped


@contextmanager
def served(inbox: Inbox, **options: Any) -> Iterator[int]:
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def scripted(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says to its one visitor what `talk` says, then closes the line."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        visitor, _ = listener.accept()
        with visitor:
            visitor.settimeout(5)
            talk(visitor)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()
        assert not thread.is_alive()


def answering(**answers: str | None) -> Callable[[socket.socket], None]:
    """Answers each command by its name, 250 to those not named; None closes the line there.

    `greeting` is said first, `content` after the message's end.
    """

    def talk(visitor: socket.socket) -> None:
        lines = visitor.makefile("rb")
        visitor.sendall((answers.get("greeting") or "220 ready").encode() + b"\r\n")
        while line := lines.readline():
            command = line.split()[0].decode().lower().partition(":")[0]
            if not _say(visitor, answers.get(command, DEFAULTS.get(command, "250 OK"))):
                return
            if command == "data" and "data" not in answers:
                while lines.readline() not in (b".\r\n", b""):
                    pass
                if not _say(visitor, answers.get("content", "250 taken")):
                    return

    return talk


DEFAULTS = {"data": "354 go on", "quit": "221 bye"}


def _say(visitor: socket.socket, answer: str | None) -> bool:
    if answer is None:
        return False
    visitor.sendall(answer.encode() + b"\r\n")
    return True


def silent(after: bytes, *, until: threading.Event) -> Callable[[socket.socket], None]:
    """Talks properly until a line begins with `after`, then says nothing more."""

    def talk(visitor: socket.socket) -> None:
        lines = visitor.makefile("rb")
        if after:
            visitor.sendall(b"220 ready\r\n")
            while line := lines.readline():
                if line.upper().startswith(after):
                    break
                visitor.sendall(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
                if line.startswith(b"DATA"):
                    while after != b"." and lines.readline() not in (b".\r\n", b""):
                        pass
        until.wait(10)

    return talk


def settings(port: int, **changes: Any) -> MailSettings:
    values = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": "",
        "sender": "monitor@harrowmere.example",
        "sender_name": "Trust Monitor",
        "deadline": timedelta(seconds=5),
        "max_attempts": 8,
    }
    return MailSettings.model_validate(values | changes)


def trusting(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=TLS / certificate)


def serving(certificate: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / certificate)
    return context


@pytest.fixture
def message(now: datetime) -> Callable[..., Message]:
    def make(recipient: str = RECIPIENT) -> Message:
        return envelope.seal(
            subject="High: possible threat - Ferncliffe School",
            text=BODY,
            html=f"<p>{BODY}</p>",
            recipient=recipient,
            sender="Trust Monitor <monitor@harrowmere.example>",
            message_id="1@harrowmere.example",
            list_name="alerts",
            now=now,
        )

    return make


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


def test_nothing_is_sent_where_encryption_is_asked_for_and_not_offered(message: Make) -> None:
    inbox = Inbox()
    with served(inbox) as port:
        outcome = SmtpChannel(settings(port, security="starttls"), None).send(message())
    assert outcome == Retry("The mail server does not offer encryption (STARTTLS).")
    assert inbox.taken == []


def test_a_mail_goes_over_starttls_with_a_verified_certificate_and_sign_in(message: Make) -> None:
    inbox = Inbox()
    seen: list[LoginPassword] = []

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        seen.append(data)
        known = data.password == b"correct horse"
        return AuthResult(success=known, handled=known)

    options = {"tls_context": serving("good.pem"), "require_starttls": True}
    with served(inbox, **options, authenticator=authenticate, auth_required=True) as port:
        mail = settings(port, security="starttls", username="monitor")
        tls = trusting("good.pem")
        good = SmtpChannel(mail, SecretStr("correct horse"), tls=tls).send(message())
        bad = SmtpChannel(mail, SecretStr("battery staple"), tls=tls).send(message())
    assert good == Sent()
    assert seen[0].login == b"monitor"
    assert isinstance(bad, Retry)
    assert bad.reason.startswith("The mail server refused the sign-in (535")


def test_a_mail_goes_over_tls_from_the_start(message: Make) -> None:
    inbox = Inbox()
    with served(inbox, ssl_context=serving("good.pem")) as port:
        channel = SmtpChannel(settings(port, security="tls"), None, tls=trusting("good.pem"))
        assert channel.send(message()) == Sent()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("certificate", "trusted"),
    [("good.pem", None), ("expired.pem", "expired.pem")],
    ids=["a stranger's", "an expired one"],
)
def test_a_certificate_that_cannot_be_verified_stops_the_mail(
    security: str, certificate: str, trusted: str | None, message: Make
) -> None:
    inbox = Inbox()
    key = "ssl_context" if security == "tls" else "tls_context"
    tls = trusting(trusted) if trusted else None
    with served(inbox, **{key: serving(certificate)}) as port:
        outcome = SmtpChannel(settings(port, security=security), None, tls=tls).send(message())
    assert outcome == Retry("The mail server shows a certificate that cannot be verified.")
    assert inbox.taken == []


def test_a_password_never_goes_over_an_open_line(message: Make) -> None:
    with served(Inbox()) as port:
        channel = SmtpChannel(settings(port, username="monitor"), SecretStr("correct horse"))
        outcome = channel.send(message())
    assert outcome == Retry("The password is not sent over a line without encryption.")


def test_a_server_without_sign_in_is_told_apart(message: Make) -> None:
    with served(
        Inbox(), tls_context=serving("good.pem"), auth_exclude_mechanism=["LOGIN", "PLAIN"]
    ) as port:
        mail = settings(port, security="starttls", username="monitor")
        outcome = SmtpChannel(mail, None, tls=trusting("good.pem")).send(message())
    assert outcome == Retry("The mail server does not offer to sign in.")


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
