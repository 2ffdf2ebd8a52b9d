"""Real mail servers for the tests: one that behaves, and scripts for those that do not."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.settings import MailSettings


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
        "token_url": "",
        "client_id": "",
        "scope": "",
        "sender": "monitor@harrowmere.example",
        "sender_name": "Trust Monitor",
        "deadline": timedelta(seconds=5),
        "max_attempts": 8,
        "max_per_minute": 1_000,
        "self_test_at": "07:30",
        "alarm_after": timedelta(minutes=30),
    }
    return MailSettings.model_validate(values | changes)


@contextmanager
def unreliable(talks: Sequence[Callable[[socket.socket], None]], behind: int) -> Iterator[int]:
    """A server that treats its first visitors as `talks` say, one each, and lets all later ones
    through to the real server on the port `behind`."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    waiting = list(talks)

    def serve() -> None:
        while not over.is_set():
            visitor, _ = listener.accept()
            if over.is_set():
                visitor.close()
                return
            talk = waiting.pop(0) if waiting else None
            threading.Thread(target=_receive, args=(visitor, talk, behind), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        with suppress(OSError):
            socket.create_connection(listener.getsockname(), 1).close()
        thread.join(10)
        listener.close()


def _receive(
    visitor: socket.socket, talk: Callable[[socket.socket], None] | None, behind: int
) -> None:
    with visitor, suppress(OSError):
        visitor.settimeout(10)
        if talk is not None:
            talk(visitor)
            return
        with socket.create_connection(("127.0.0.1", behind), 5) as real:
            back = threading.Thread(target=_pour, args=(real, visitor), daemon=True)
            back.start()
            _pour(visitor, real)
            back.join(10)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
