"""Brave: pages of the open web that name us, by its search interface and one's own key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel

from connectors.errors import AuthLost, ConnectorError, Malformed
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher
from connectors.keys import key_of, reason, secret
from connectors.parse.items import Feed
from connectors.parse.websearch import parse_brave, parse_brave_refusal
from connectors.types import Batch, Cursor, Query
from connectors.websearch import OPEN_WEB, SearchOptions, WebSearch, phrases

KEY = "brave_key"
PAGE = 20
PAGES = 10


class BraveOptions(SearchOptions):
    """`freshness` in the engine's words: seen first within a day, week, month or year, or "any".
    `look` at pages with the discussions among them, at news, or at the titles of pictures."""

    address: Address = "https://api.search.brave.com/res/v1/web/search"
    freshness: Literal["pd", "pw", "pm", "py", "any"] = "pw"
    look: Literal["web", "news", "images"] = "web"

    @property
    def place(self) -> str:
        return self.address.replace("/web/", f"/{self.look}/")


class Brave:
    kind = "brave"
    searches = True
    coverage = OPEN_WEB
    key = KEY
    Options: type[BaseModel] = BraveOptions

    def asks(self, terms: Sequence[str], options: BraveOptions) -> tuple[str, ...]:
        return phrases(terms)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: BraveOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """One page of one term to a search, and so many in turn as one poll may make."""
        engine = _Engine(options, fetch, {"X-Subscription-Token": key_of(query, KEY)})
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
    options: BraveOptions
    fetch: Fetcher
    key: dict[str, str]

    async def page(self, asked: str, number: int) -> Feed:
        terms: dict[str, str | int] = {
            "q": asked,
            "count": PAGE,
            "country": self.options.country,
            "search_lang": "en",
            "safesearch": "off",
        }
        if self.options.look != "images":
            terms |= {"offset": number, "extra_snippets": "true"}
            if self.options.freshness != "any":
                terms["freshness"] = self.options.freshness
        if self.options.look == "web":
            terms |= {"text_decorations": "false", "result_filter": "web,discussions"}
        try:
            answer = await self.fetch.ask(f"{self.options.place}?{urlencode(terms)}", self.key)
        except Malformed as refusal:
            raise await self._meant(refusal) from None
        return await read(answer, parse_brave, self.fetch)

    async def _meant(self, refusal: ConnectorError) -> ConnectorError:
        """A key that it does not know is told by the status of a wrong question (422)."""
        if await reason(refusal, parse_brave_refusal, self.fetch) != "key":
            return refusal
        return AuthLost(f"Brave does not take the key for its plan Search: set {secret(KEY)} anew.")


CONNECTOR = Brave()
