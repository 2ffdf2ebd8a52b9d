"""Meta's Graph API, as Threads, Facebook and Instagram are asked: with a token of the Trust's own.

Its refusals come under any status; their codes say what is to be done ("Handling Errors").
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connectors.errors import AuthLost, Blocked, ConnectorError, Gone, Throttled, Unreachable
from connectors.feeds import Parser, read
from connectors.fetch.client import Fetcher, Response
from connectors.fetch.usage import HOUR_SECONDS
from connectors.keys import reason, secret
from connectors.parse.child import Limits, parse
from connectors.parse.graph import parse_fields, parse_refusal
from connectors.parse.items import Feed

TOKEN = {102, 190}
PERMISSION = {3, 10, *range(200, 300)}
TOO_MANY = {4, 17, 32, 341, 613, *range(80000, 80015)}
FAULT = {1, 2}
BLOCKED = 368
UNKNOWN_OBJECT = (100, 33)


@dataclass(frozen=True, slots=True)
class Graph:
    """`name` is that of the token among the secrets."""

    address: str
    name: str
    fetch: Fetcher
    token: str = field(repr=False)

    async def list(self, path: str, terms: dict[str, str], parser: Parser) -> Feed:
        """One page of a list. Raises ConnectorError."""
        return await read(await self._get(path, terms), parser, self.fetch)

    async def fields(self, path: str, *names: str) -> tuple[str, ...]:
        """Fields of an object, each empty when it is not given. Raises ConnectorError."""
        answer = await self._get(path, {"fields": ",".join(names)})
        limits = Limits.of(self.fetch.settings)
        return await asyncio.to_thread(parse, parse_fields, answer.body, names, limits=limits)

    async def _get(self, path: str, terms: dict[str, str]) -> Response:
        query = urlencode({name: value for name, value in terms.items() if value})
        bearer = {"Authorization": f"Bearer {self.token}"}
        try:
            return await self.fetch.ask(f"{self.address}/{path}?{query}", bearer)
        except ConnectorError as refusal:
            raise await self._meant(refusal) from None

    async def _meant(self, refusal: ConnectorError) -> ConnectorError:
        code, part = await reason(refusal, parse_refusal, self.fetch) or (0, 0)
        if code in TOKEN:
            return AuthLost(
                f"The token has run out or was withdrawn ({code}): make a new one and set the "
                f"secret {secret(self.name)}."
            )
        if code in PERMISSION:
            return AuthLost(
                f"The token lacks a permission ({code}): see the handbook's page of sources, "
                f"then set the secret {secret(self.name)} anew."
            )
        if code in TOO_MANY:
            wait = refusal.retry_after or HOUR_SECONDS
            return Throttled(f"The allowance is used up ({code}).", retry_after=wait)
        if (code, part) == UNKNOWN_OBJECT:
            return Gone("There is none of this id, or the token may not see it (100).")
        if code in FAULT:
            return Unreachable(f"Meta has a fault of its own ({code}).")
        if code == BLOCKED:
            return Blocked("Meta has stopped the application (368): see its page of developers.")
        return refusal
