"""A real SMTP server on loopback that keeps what it takes in a Maildir."""

from __future__ import annotations

import asyncio
import mailbox
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_MAIL_BYTES = 5_000_000
FOR = "Delivered-To"


class MailFolder:
    """Mails on disk: what the server writes and the mailbox page reads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> mailbox.Maildir:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return mailbox.Maildir(self._path, create=True)

    def keep(self, content: bytes, recipients: list[str]) -> None:
        """One copy for each recipient, marked with whom it is for."""
        folder = self.open()
        for recipient in recipients:
            folder.add(f"{FOR}: {recipient}\r\n".encode() + content)

    def mails(self) -> Iterator[Mail]:
        """Newest first."""
        keys = sorted(self.open().keys(), key=_arrival, reverse=True)
        for key in keys:
            if mail := self.mail(key):
                yield mail

    def mail(self, key: str) -> Mail | None:
        try:
            content = self.open().get_bytes(key)
        except KeyError:
            return None
        message = message_from_bytes(content, policy=policy.default)
        return Mail(key=key, message=message, source=content)

    def count(self) -> int:
        return len(self.open())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    key: str
    message: EmailMessage
    source: bytes

    @property
    def recipient(self) -> str:
        return str(self.message.get(FOR, ""))


class Postman:
    """The handler that aiosmtpd calls with each mail."""

    def __init__(self, folder: MailFolder) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self._folder.keep(content, list(envelope.rcpt_tos))
        return "250 Message accepted"


async def serve(listening: socket.socket, folder: MailFolder) -> asyncio.Server:
    """Take mail on this socket until the returned server is closed."""
    loop = asyncio.get_running_loop()
    postman = Postman(folder)

    def connection() -> SMTP:
        return SMTP(
            postman,
            hostname="mail.sample.example",
            ident="Sample mail server",
            data_size_limit=MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        )

    return await loop.create_server(connection, sock=listening)


def _arrival(key: str) -> tuple[float, str]:
    """A Maildir name begins with the time of arrival and the microsecond."""
    seconds, _, rest = key.partition(".")
    micro = rest.partition("M")[2].partition("P")[0]
    return float(f"{seconds}.{micro.zfill(6)}" if micro.isdigit() else seconds), key
