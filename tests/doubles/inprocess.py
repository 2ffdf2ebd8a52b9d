"""A client of the console without a server between: what is asked goes straight into the app."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response


class Asker:
    """As `httpx.Client`, of one app in this process; redirects are looked at."""

    def __init__(self, runner: asyncio.Runner, client: AsyncClient) -> None:
        self._runner, self._client = runner, client

    def get(self, path: str, **more: Any) -> Response:
        return self._runner.run(self._client.get(path, **more))

    def post(self, path: str, **more: Any) -> Response:
        return self._runner.run(self._client.post(path, **more))

    def request(self, method: str, path: str, **more: Any) -> Response:
        return self._runner.run(self._client.request(method, path, **more))


@contextmanager
def asking(app: FastAPI, **cookies: str) -> Iterator[Asker]:
    transport = ASGITransport(app)
    with asyncio.Runner() as runner:
        client = AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=cookies)
        try:
            yield Asker(runner, client)
        finally:
            runner.run(client.aclose())
