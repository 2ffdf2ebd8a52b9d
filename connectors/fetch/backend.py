"""httpcore's way to the network, through the address check and with little patience."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from connectors.errors import Forbidden, Unreachable
from connectors.fetch.addresses import Resolver, checked

PATIENCE_SECONDS = 4.0
SLOWEST_BYTES_PER_SECOND = 1024
HONEST_PIECES = 3
"""A server may think between the head and the body of its answer; a drip has many pieces."""


class CheckedBackend(AsyncNetworkBackend):
    """Connects only to addresses that pass; the name stays for Host and certificate."""

    def __init__(self, *, allow: frozenset[str], resolve: Resolver) -> None:
        self._allow = allow
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        literals = await asyncio.to_thread(
            checked, host, port, allow=self._allow, resolve=self._resolve
        )
        for literal in literals[:-1]:
            try:
                return Hurried(
                    await self._inner.connect_tcp(
                        literal, port, timeout, local_address, socket_options
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return Hurried(
            await self._inner.connect_tcp(
                literals[-1], port, timeout, local_address, socket_options
            )
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        raise Forbidden("Sockets of this machine are not fetched.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Hurried(AsyncNetworkStream):
    """A stream that ends an answer, head or body, that only drips to hold us."""

    def __init__(self, inner: AsyncNetworkStream) -> None:
        self._inner = inner
        self._forget()

    def _forget(self) -> None:
        self._began, self._arrived, self._pieces = 0.0, 0, 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Raises Unreachable when bytes come, but too slowly to be meant."""
        data = await self._inner.read(max_bytes, timeout)
        self._began = self._began or time.monotonic()
        self._arrived += len(data)
        self._pieces += 1
        waited = time.monotonic() - self._began
        dripping = self._arrived < waited * SLOWEST_BYTES_PER_SECOND
        if data and waited > PATIENCE_SECONDS and self._pieces > HONEST_PIECES and dripping:
            raise Unreachable("The answer comes too slowly.")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._forget()  # the next answer on this connection starts anew
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncNetworkStream:
        return Hurried(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
