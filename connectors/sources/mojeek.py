"""Mojeek: pages of the open web that name us, by the search interface of a British index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel

from connectors.errors import AuthLost, Blocked, Throttled
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher
from connectors.keys import key_of, secret, until_midnight
from connectors.parse.items import Feed
from connectors.parse.websearch import parse_mojeek
from connectors.types import Batch, Cursor, Query
from connectors.websearch import OPEN_WEB, SearchOptions, WebSearch, phrases

KEY = "mojeek_key"
PAGE = 20
PAGES = 10
BOOST = 10
"""Of 100: by how much pages of one's own country come first, as it recommends."""


class MojeekOptions(SearchOptions):
    """`freshness`: changed within a day, month or year, or at any time."""

    address: Address = "https://api.mojeek.com/search"
    freshness: Literal["day", "month", "year", "any"] = "month"


class Mojeek:
    kind = "mojeek"
    searches = True
    coverage = OPEN_WEB
    key = KEY
    Options: type[BaseModel] = MojeekOptions

    def asks(self, terms: Sequence[str], options: MojeekOptions) -> tuple[str, ...]:
        return phrases(terms)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: MojeekOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """One page of one term to a search, and so many in turn as one poll may make."""
        engine = _Engine(options, fetch, now, key_of(query, KEY))
        search = WebSearch(
            address=options.address,
            options=options,
            ask=engine.page,
            pages=PAGES,
            now=now,
            seen=frozenset(cursor.seen),
        )
        return await search.poll(query, cursor)


@dataclass(frozen=True, slots=True)
class _Engine:
    options: MojeekOptions
    fetch: Fetcher
    now: datetime
    key: str = field(repr=False)

    async def page(self, asked: str, number: int) -> Feed:
        """The key stands in the address: it knows no other way."""
        terms = {
            "q": asked,
            "fmt": "json",
            "t": PAGE,
            "s": number * PAGE + 1,
            "rb": self.options.country,
            "rbb": BOOST,
            "date": 1,
            "safe": 0,
            "api_key": self.key,
        }
        if self.options.freshness != "any":
            terms["since"] = self.options.freshness
        try:
            answer = await self.fetch.ask(f"{self.options.address}?{urlencode(terms)}", {})
            return await read(answer, parse_mojeek, self.fetch)
        except (AuthLost, Blocked):
            raise AuthLost(f"Mojeek does not take the key: set {secret(KEY)} anew.") from None
        except Throttled as refusal:
            wait = refusal.retry_after or until_midnight(self.now, UTC)
            raise Throttled(str(refusal), retry_after=wait) from None


CONNECTOR = Mojeek()
