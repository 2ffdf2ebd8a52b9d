"""Whatever a mail server does first, in the end each mail is sent, none is lost, and only what
SMTP itself leaves unknown comes twice, with the same Message-ID."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import count

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.channels.smtp import SmtpChannel
from alerts.types import Delivery, Message
from monitor import tasks
from monitor.context import Context
from monitor.store import sending
from monitor.store.database import Store
from tests.doubles.certificates import serving_tls, trusting
from tests.doubles.mailservers import Inbox, answering, served, settings, silent, unreliable
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.conftest import classifiers as classifiers
from tests.monitor.conftest import clock as clock
from tests.monitor.conftest import opened as opened
from tests.monitor.test_alarms import Day

Talk = Callable[[socket.socket], None]
DEADLINE = timedelta(seconds=1)
LONG = threading.Event()
"""Never set: who waits for it waits for its visitor to go."""


def closing(visitor: socket.socket) -> None:
    """Says nothing and closes the line."""


def slow(visitor: socket.socket) -> None:
    """Drips its greeting, a letter at a time."""
    for letter in b"220 a slow server is ready\r\n" * 20:
        visitor.sendall(bytes([letter]))
        time.sleep(0.1)


def expired(visitor: socket.socket) -> None:
    serving_tls("expired.pem").wrap_socket(visitor, server_side=True).close()


@dataclass(frozen=True)
class Fault:
    name: str
    talk: Talk
    security: str = "none"


FAULTS = [
    Fault("closes", closing),
    Fault("421 at once", answering(greeting="421 too busy")),
    Fault("451 greylisting", answering(rcpt="451 4.7.1 Greylisted, try again in 5 minutes")),
    Fault("451 after the message", answering(content="451 4.3.0 later")),
    Fault("452 full", answering(mail="452 4.3.1 full")),
    Fault("554 for all", answering(greeting="554 no service")),
    Fault("drop before DATA", answering(data=None)),
    Fault("drop after DATA", answering(content=None)),
    Fault("hang at once", silent(b"", until=LONG)),
    Fault("hang at RCPT", silent(b"RCPT", until=LONG)),
    Fault("slow", slow),
    Fault("no SMTP", answering(greeting="HTTP/1.1 400 Bad Request")),
    Fault("expired certificate", expired, security="tls"),
]


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        mail = ctx.settings.mail.model_copy(update={"max_per_minute": 1_000})
        changed = ctx.settings.model_copy(update={"mail": mail})
        yield Day(replace(ctx, settings=changed), clock, count(1))


def way(port: int, security: str) -> SmtpChannel:
    mail = settings(port, security=security, deadline=DEADLINE)
    return SmtpChannel(mail, None, tls=trusting("good.pem"))


def arrived(inbox: Inbox) -> Counter[str]:
    """How often each Message-ID was taken."""
    contents = [one.content for one in inbox.taken]
    return Counter(
        str(message_from_bytes(content, policy=policy.default)["Message-ID"])
        for content in contents
        if isinstance(content, bytes)
    )


def work_off(day: Day, ctx: Context) -> None:
    """Send for days, as the clock of the service would."""
    for _ in range(6):
        while tasks.send(ctx):
            pass
        day.later(hours=7)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_a_server_does_to_the_first_two_tries_loses_and_doubles_nothing(
    fault: Fault, day: Day
) -> None:
    day.post(severity="critical", label="threat")
    number = len(day.told())
    assert number >= 3
    inbox = Inbox()
    tls: ssl.SSLContext | None = serving_tls("good.pem") if fault.security == "tls" else None
    with (
        served(inbox, ssl_context=tls) as behind,
        unreliable([fault.talk] * 2, behind) as port,
    ):
        work_off(day, replace(day.ctx, channels={"smtp": way(port, fault.security)}))
    told = day.told()
    assert {one.state for one in told} == {"sent"}
    assert sorted(one.attempts for one in told) == [*[1] * (number - 2), 2, 2]
    assert sorted(arrived(inbox).values()) == [1] * number


class Forgetful(Inbox):
    """Takes a mail and drops the line before it says so, for the first ones."""

    def __init__(self, drops: int) -> None:
        super().__init__()
        self.drops = drops

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await super().handle_DATA(server, session, envelope)
        if self.drops:
            self.drops -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return said


def test_what_smtp_leaves_unknown_comes_twice_with_the_same_id(day: Day) -> None:
    day.post(severity="critical", label="threat")
    inbox = Forgetful(drops=2)
    with served(inbox) as port:
        work_off(day, replace(day.ctx, channels={"smtp": way(port, "none")}))
    assert {one.state for one in day.told()} == {"sent"}
    times = arrived(inbox)
    assert sorted(times.values()) == [*[1] * (len(day.told()) - 2), 2, 2]


def test_a_server_that_never_says_yes_leaves_it_unknown_in_plain_sight(day: Day) -> None:
    day.post()
    inbox = Forgetful(drops=99)
    with served(inbox) as port:
        work_off(day, replace(day.ctx, channels={"smtp": way(port, "none")}))
    (told,) = day.told()
    assert (told.state, told.attempts) == ("unknown", sending.UNKNOWN_SENDS)
    assert list(arrived(inbox).values()) == [sending.UNKNOWN_SENDS]


def test_one_recipient_who_is_refused_keeps_no_other_from_theirs(
    day: Day, surroundings: Surroundings
) -> None:
    surroundings.inbox.rcpt = {"pr@larkmere.example": "550 5.1.1 no such user"}
    day.post(severity="critical", label="threat")
    work_off(day, day.ctx)
    states = Counter(one.state for one in day.told())
    assert states == {"dead": 1, "sent": len(day.told()) - 1}
    assert len(arrived(surroundings.inbox)) == len(day.told()) - 1


def test_a_server_that_is_away_for_a_day_loses_nothing(
    day: Day, surroundings: Surroundings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    day.post(severity="critical", label="threat")
    away = replace(day.ctx, channels={"smtp": way(port, "none")})
    for _ in range(24):
        while tasks.send(away):
            pass
        day.later(hours=1)
    assert {one.state for one in day.told()} == {"due"}
    work_off(day, day.ctx)
    assert {one.state for one in day.told()} == {"sent"}
    assert set(arrived(surroundings.inbox).values()) == {1}


def test_two_instances_send_each_mail_once(day: Day, surroundings: Surroundings) -> None:
    for number in range(4):
        day.post(f"Larkmere Hill School, matter {number} of quite another kind {number}" * 3)
        day.post(f"Fight number {number}0{number} at Larkmere Hill School", "critical", "threat")
    database = day.ctx.settings.database
    other = Store(database.url, busy_timeout=database.busy_timeout)

    def drain(ctx: Context) -> None:
        while tasks.send(ctx):
            pass

    contexts = [day.ctx, replace(day.ctx, store=other)] * 2
    with ThreadPoolExecutor(len(contexts)) as instances:
        list(instances.map(drain, contexts, timeout=60))
    other.close()
    told = day.told()
    assert {one.state for one in told} == {"sent"}
    times = arrived(surroundings.inbox)
    assert set(times.values()) == {1}
    assert len(times) == len(told)


class Stalled:
    """An instance that stands still with a mail in hand until another has taken it over."""

    def __init__(self, channel: SmtpChannel, meanwhile: Callable[[], None]) -> None:
        self._channel = channel
        self._meanwhile = meanwhile

    def send(self, message: Message) -> Delivery:
        self._meanwhile()
        return self._channel.send(message)


def test_an_instance_that_comes_back_too_late_changes_nothing_of_what_another_did(
    day: Day, surroundings: Surroundings
) -> None:
    day.post()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nowhere = way(listener.getsockname()[1], "none")

    def meanwhile() -> None:
        day.later(minutes=5)  # its lease is over
        assert tasks.send(day.ctx) == 1

    late = replace(day.ctx, channels={"smtp": Stalled(nowhere, meanwhile)})
    assert tasks.send(late) == 1
    (told,) = day.told()
    assert (told.state, told.attempts, told.last_error) == ("sent", 1, None)
    assert list(arrived(surroundings.inbox).values()) == [1]
