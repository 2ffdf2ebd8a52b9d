"""Mail by SMTP (RFC 5321): one connection, one message, one recipient, one total deadline.

SMTP cannot be exactly-once. Until the message is written to its end it was surely not taken;
once the server has answered, it surely was or was not; in between it is Unknown, and is sent
again with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Literal

import aiosmtplib
from pydantic import SecretStr

from alerts import envelope
from alerts.tokens import Tokens
from alerts.types import Dead, Delivery, Message, Retry, Sent, Unknown
from config.settings import MailSettings
from connectors.errors import ConnectorError

START_INPUT = 354
PARTING_S = 1.0
LONGEST_WAIT_S = 3600.0
"""A server's wish to wait is believed up to here."""
_WAIT = re.compile(r"(\d{1,5})\s*(s|sec|second|m|min|minute)s?\b", re.IGNORECASE)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_ADDRESS = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]+@[^\s@<>\"\x00-\x1f\x7f]+")

SignIn = Tokens | SecretStr | None
"""By token, by password, or with nothing given."""
Stage = Literal["connection", "sign-in", "sender", "recipient", "message", "content"]
"""What is under way; from "content" on the server may have taken the message."""
PERMANENT_STAGES: frozenset[Stage] = frozenset({"sender", "recipient", "message", "content"})
"""Where a 5xx is about this message. Before, it is about the server or our account, which
people mend while the message waits."""


class SmtpChannel:
    """Sends through the operator's mail server.

    `tls` replaces the system's trusted certificates (a private authority). Certificates are
    always verified, and a password or token only ever goes over an encrypted line.
    """

    def __init__(
        self,
        settings: MailSettings,
        password: SecretStr | None,
        *,
        tokens: Tokens | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._sign_in: SignIn = tokens or password
        self._tls = tls

    def send(self, message: Message) -> Delivery:
        """Try once, within the configured deadline for everything together."""
        if not _ADDRESS.fullmatch(message.recipient):
            return Dead("The recipient is not a mail address.")
        return asyncio.run(self._attempt(message))

    async def _attempt(self, message: Message) -> Delivery:
        attempt = _Attempt(self._settings, self._sign_in, self._tls)
        try:
            outcome = await self._outcome(attempt, message)
            if outcome == Sent():
                await attempt.part()
            return outcome
        finally:
            await attempt.hang_up()

    async def _outcome(self, attempt: _Attempt, message: Message) -> Delivery:
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                return await attempt.deliver(message)
        except TimeoutError:
            return attempt.cut_short("did not answer in time")
        except aiosmtplib.SMTPResponseException as error:
            return attempt.answered(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            return attempt.cut_short(_trouble(error))


class _Attempt:
    """One connection, and how far it has come."""

    def __init__(self, settings: MailSettings, sign_in: SignIn, tls: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._means = sign_in
        self._stage: Stage = "connection"
        self._line: asyncio.BaseTransport | None = None
        self._client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=False,
            tls_context=tls,
            local_hostname=_greeting_name(settings.sender),
            timeout=settings.deadline.total_seconds(),
        )

    async def deliver(self, message: Message) -> Delivery:
        await self._client.connect()
        self._line = self._client.transport
        await self._client.ehlo()
        if self._settings.security == "starttls":
            if not self._client.supports_extension("starttls"):
                return Retry("The mail server does not offer encryption (STARTTLS).")
            await self._client.starttls()
            await self._client.ehlo()
        return await self._sign_in() or await self._hand_over(message)

    async def _sign_in(self) -> Delivery | None:
        if not self._settings.username:
            return None
        self._stage = "sign-in"
        if self._settings.security == "none":
            return Retry("The password is not sent over a line without encryption.")
        if isinstance(self._means, Tokens):
            return await self._sign_in_by_token(self._means)
        if not self._client.supported_auth_methods:
            return Retry("The mail server does not offer to sign in.")
        password = self._means.get_secret_value() if self._means else ""
        if "plain" in self._client.supported_auth_methods:
            await self._client.auth_plain(self._settings.username, password)
        else:
            await self._client.login(self._settings.username, password)
        return None

    async def _sign_in_by_token(self, tokens: Tokens) -> Delivery | None:
        """A kept token that is refused is exchanged for a new one, once."""
        if "xoauth2" not in self._client.server_auth_methods:
            return Retry("The mail server does not offer to sign in with a token (XOAUTH2).")
        was_kept = tokens.is_kept
        try:
            await self._client.auth_xoauth2(self._settings.username, await tokens.token())
        except ConnectorError as error:
            return Retry(str(error).replace("source", "token service"), error.retry_after)
        except aiosmtplib.SMTPAuthenticationError:
            tokens.forget()
            if not was_kept:
                raise
            return await self._sign_in_by_token(tokens)
        return None

    async def _hand_over(self, message: Message) -> Delivery:
        sender, recipient = _plain(self._settings.sender), _plain(message.recipient)
        wide = not (sender + recipient).isascii()
        if wide and not self._client.supports_extension("smtputf8"):
            return Dead("The mail server takes no address beyond ASCII (SMTPUTF8).")
        self._stage = "sender"
        options = ["SMTPUTF8"] if wide else []
        await self._client.mail(sender, options=options, encoding="utf-8")
        self._stage = "recipient"
        await self._client.rcpt(recipient, encoding="utf-8")
        self._stage = "message"
        ready = await self._client.execute_command(b"DATA")
        if ready.code != START_INPUT:
            return self.answered(ready.code, ready.message)
        return await self._write(_content(message.mail, wide=wide))

    async def _write(self, content: bytes) -> Delivery:
        line = self._client.protocol
        if line is None:
            return self.cut_short("closed the line")
        line.write(content)
        self._stage = "content"
        answer = await line.read_response(timeout=self._settings.deadline.total_seconds())
        return self.answered(answer.code, answer.message)

    def answered(self, code: int, text: str) -> Delivery:
        """What an answer of the server means at this stage (RFC 5321 4.2.1)."""
        if self._stage == "content" and 200 <= code < 300:
            return Sent()
        said = f"{code} {found[0]}" if (found := _ENHANCED.match(text)) else f"{code}"
        if 400 <= code < 500:
            return Retry(f"The mail server put off the {self._stage} ({said}).", _wait(text))
        if not 500 <= code < 600:
            return self.cut_short("gave an answer that is not SMTP")
        reason = f"The mail server refused the {self._stage} ({said})."
        return Dead(reason) if self._stage in PERMANENT_STAGES else Retry(reason)

    def cut_short(self, trouble: str) -> Delivery:
        if self._stage == "content":
            return Unknown(f"The mail server {trouble} after it had the message.")
        return Retry(f"The mail server {trouble}.")

    async def part(self) -> None:
        """Say QUIT and wait a moment; the answer changes nothing any more."""
        with contextlib.suppress(TimeoutError, OSError, aiosmtplib.SMTPException):
            async with asyncio.timeout(PARTING_S):
                await self._client.quit()

    async def hang_up(self) -> None:
        """Drop the line, whatever state it is in."""
        self._client.close()
        if isinstance(self._line, asyncio.WriteTransport):
            self._line.abort()
        await asyncio.sleep(0)


def _greeting_name(sender: str) -> str:
    """The name for EHLO: our mail domain. Asking the resolver for our own could hang."""
    domain = sender.rpartition("@")[2].strip()
    return domain if re.fullmatch(r"[A-Za-z0-9.-]+", domain) else "localhost"


def _plain(address: str) -> str:
    """The address with its domain in ASCII where only the domain is not (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    if not local.isascii() or domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _content(mail: EmailMessage, *, wide: bool) -> bytes:
    """The mail as bytes for DATA: CRLF lines, leading dots doubled, the closing dot."""
    content = envelope.written(mail, SMTPUTF8 if wide else SMTP)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"


def _wait(text: str) -> float | None:
    """Seconds a server asks to wait ("try again in 5 minutes"), if it says so."""
    if (found := _WAIT.search(text)) is None:
        return None
    unit = 60.0 if found[2].lower().startswith("m") else 1.0
    return min(float(found[1]) * unit, LONGEST_WAIT_S)


def _trouble(error: Exception) -> str:
    """What went wrong on the line, in words without its details."""
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in (error, error.__cause__)):
        return "shows a certificate that cannot be verified"
    if any(isinstance(one, ssl.SSLError) for one in (error, error.__cause__)):
        return "could not agree on encryption"
    if isinstance(error, aiosmtplib.SMTPConnectError) and not isinstance(
        error.__cause__, aiosmtplib.SMTPServerDisconnected
    ):
        return "could not be reached"
    return "closed the line"
