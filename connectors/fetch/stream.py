"""A line that stays open: the frames of a WebSocket (RFC 6455), through the one door.

The address is resolved, checked and connected by its literal, as every other; nothing is
redirected or compressed, a frame is bounded, and at most a few wait unread: a server that sends
faster than we read is slowed by its own line.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    ConnectionClosedError,
    InvalidHandshake,
    InvalidStatus,
)
from websockets.typing import Subprotocol

from connectors.errors import ConnectorError, Malformed, TooLarge, Unreachable
from connectors.fetch import statuses
from connectors.fetch.addresses import Resolver, Target, checked

MAX_FRAME_BYTES = 256 * 1024
WAITING_FRAMES = 16
"""Unread at most, before the line itself is left unread."""
CONNECT_SECONDS = 10.0
A_PAUSE_SECONDS = 0.1
CLOSE_SECONDS = 2.0
TOO_BIG = 1009


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a line is opened: where to, past which check, and under which name. `private` are
    headers with a key."""

    target: Target
    url: httpx.URL
    allow: frozenset[str]
    resolve: Resolver
    tls: ssl.SSLContext
    agent: str
    private: Mapping[str, str] = field(default_factory=dict, repr=False)
    dialect: str = ""
    """The subprotocol that is spoken; empty for none."""


class Line:
    """An open line. What it brings ends when the server closes it."""

    def __init__(self, inner: ClientConnection) -> None:
        self._inner = inner
        self.is_open = True

    async def say(self, text: str) -> None:
        """Send a frame. Raises Unreachable."""
        try:
            await self._inner.send(text)
        except ConnectionClosed:
            raise Unreachable("The server closed the stream.") from None

    async def several(self, most: int, *, within: float) -> Sequence[bytes]:
        """The frames that come: at most so many, within so many seconds, and no longer than until
        a pause; none when nothing came. Raises TooLarge."""
        frames: list[bytes] = []
        clock = asyncio.get_running_loop().time
        last = clock() + within
        looked = 0.0
        try:
            async with asyncio.timeout_at(last) as patience:
                while len(frames) < most:
                    frame = await self._inner.recv(decode=False)
                    frames.append(frame if isinstance(frame, bytes) else frame.encode())
                    if (now := clock()) >= last:
                        break
                    if now > looked + A_PAUSE_SECONDS / 4:  # seldom: a clock for each is dear
                        patience.reschedule(min(last, now + A_PAUSE_SECONDS))
                        looked = now
        except TimeoutError:
            pass
        except ConnectionClosed as error:
            self.is_open = False
            if _was_too_big(error):
                raise TooLarge("The stream sends a frame that is too large.") from None
        return frames


def _was_too_big(error: ConnectionClosed) -> bool:
    return isinstance(error, ConnectionClosedError) and bool(
        error.sent and error.sent.code == TOO_BIG
    )


@asynccontextmanager
async def opened(way: Way) -> AsyncIterator[Line]:
    """The line, closed in the end. Raises ConnectorError, for a refusal the same as for any
    other question; what the server says of its reason is in `said`."""
    ours = await _connected(way)
    is_safe = way.url.scheme == "https"
    address = str(way.url.copy_with(scheme="wss" if is_safe else "ws"))
    dialects = [Subprotocol(way.dialect)] if way.dialect else None
    try:
        line = await connect(
            address,
            sock=ours,
            ssl=way.tls if is_safe else None,
            server_hostname=way.target.host if is_safe else None,
            additional_headers=dict(way.private),
            user_agent_header=way.agent,
            subprotocols=dialects,
            compression=None,
            proxy=None,
            max_size=MAX_FRAME_BYTES,
            max_queue=WAITING_FRAMES,
            open_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
        )
    except (OSError, TimeoutError, InvalidHandshake, EOFError, ValueError) as error:
        ours.close()
        raise _translated(error) from None
    try:
        yield Line(line)
    finally:
        await line.close()


async def _connected(way: Way) -> socket.socket:
    """A socket to the first literal that answers. Raises Forbidden or Unreachable."""
    host, port = way.target.host, way.target.port
    literals = await asyncio.to_thread(checked, host, port, allow=way.allow, resolve=way.resolve)
    loop = asyncio.get_running_loop()
    for literal in literals:
        family = socket.AF_INET6 if ":" in literal else socket.AF_INET
        ours = socket.socket(family, socket.SOCK_STREAM)
        ours.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await loop.sock_connect(ours, (literal, port))
        except (OSError, TimeoutError):
            ours.close()
            continue
        return ours
    raise Unreachable("No connection to the source.")


def _translated(error: Exception) -> ConnectorError:
    """The one place where the library's errors become ours; addresses stay out of it."""
    if isinstance(error, InvalidStatus):
        answer = error.response
        wait = statuses.asked_to_wait(answer.status_code, answer.headers, datetime.now(UTC))
        refusal = statuses.refusal(answer.status_code, wait, answer.headers)
        refusal.said = bytes(answer.body or b"")[: 64 * 1024]
        return refusal
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable("The certificate of the source cannot be verified.")
    if isinstance(error, InvalidHandshake | EOFError | ValueError):
        return Malformed("The source does not open a stream.")
    return Unreachable("No connection to the source.")
