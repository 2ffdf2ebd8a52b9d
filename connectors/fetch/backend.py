"""httpcore's way to the network, through the address check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpcore
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from connectors.errors import Forbidden
from connectors.fetch.addresses import Resolver, checked


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
                return await self._inner.connect_tcp(
                    literal, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError:
                continue
        return await self._inner.connect_tcp(
            literals[-1], port, timeout, local_address, socket_options
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
