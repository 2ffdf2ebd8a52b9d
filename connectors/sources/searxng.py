"""SearXNG: pages of the open web that name us, by a search instance of the operator's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from connectors.errors import Blocked
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher
from connectors.parse.items import Feed
from connectors.parse.websearch import parse_searxng
from connectors.types import Batch, Coverage, Cursor, Query, Terms
from connectors.websearch import SearchOptions, WebSearch, phrases

PAGES = 5


class SearxngOptions(SearchOptions):
    """`address` of one's own instance; `freshness`: of a day, month or year, or of any time."""

    address: Address
    category: Literal["general", "news", "images", "social media"] = "general"
    freshness: Literal["day", "month", "year", "any"] = "month"
    kept_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 24 * 30


class Searxng:
    kind = "searxng"
    searches = True
    coverage = Coverage(
        platforms=("Blogs and websites", "Local forums"),
        sees="public pages that the engines behind it find: title and snippet",
        misses="what no engine has indexed, engines that refuse the instance",
        delay="hours to weeks until a page is indexed, then until the turn of its term",
    )
    terms = Terms(
        say="SearXNG asks search engines as if it were a person, which most of them forbid.",
        risk="They may refuse your server for hours, or block it for good.",
    )
    Options: type[BaseModel] = SearxngOptions

    def asks(self, terms: Sequence[str], options: SearxngOptions) -> tuple[str, ...]:
        return phrases(terms)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: SearxngOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """One page of one term to a search, and so many in turn as one poll may make."""
        instance = _Instance(options, fetch)
        search = WebSearch(
            address=options.address,
            options=options,
            ask=instance.page,
            pages=PAGES,
            now=now,
            seen=frozenset(cursor.seen),
        )
        return await search.poll(query, cursor)


@dataclass(frozen=True, slots=True)
class _Instance:
    options: SearxngOptions
    fetch: Fetcher

    async def page(self, asked: str, number: int) -> Feed:
        """It tells no total: where a page is empty, there are no more."""
        terms = {
            "q": asked,
            "format": "json",
            "categories": self.options.category,
            "language": f"en-{self.options.country}",
            "safesearch": 0,
            "pageno": number + 1,
        }
        if self.options.freshness != "any":
            terms["time_range"] = self.options.freshness
        address = f"{self.options.address.rstrip('/')}/search?{urlencode(terms)}"
        try:
            answer = await self.fetch.ask(address, {})
        except Blocked:
            raise Blocked(
                "The instance does not answer in JSON: add json to search.formats in its "
                "settings.yml, and let this server pass its limiter."
            ) from None
        return await read(answer, parse_searxng, self.fetch)


CONNECTOR = Searxng()
