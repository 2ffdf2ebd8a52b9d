"""News that name us, by the feeds that Google News and Bing News give of a search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.queries import bundled
from connectors.severalfeeds import poll_feeds
from connectors.types import Batch, Coverage, Cursor, Query, Terms

Engine = Literal["google", "bing"]
LONGEST_QUERY = 200
LATELY = "when:7d"
"""Google's words for the last week."""


class NewsSearchOptions(BaseModel):
    """`engines` that are asked; `country` is an ISO 3166 code; `searches` are made at one poll."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: Annotated[tuple[Engine, ...], Field(min_length=1, max_length=2)] = ("google", "bing")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "GB"
    searches: Annotated[int, Field(ge=1, le=20)] = 4
    google: Address = "https://news.google.com/rss/search"
    bing: Address = "https://www.bing.com/news/search"


class NewsSearch:
    kind = "news_search"
    searches = True
    coverage = Coverage(
        platforms=("News",),
        sees="headlines, publishers and beginnings of articles that name you",
        misses="the article itself; with Google its own address too",
        delay="minutes to hours at the engine, then until the turn of the search",
    )
    terms = Terms(
        say="Google offers its news feeds to single people's feed readers, Bing its own for "
        "private use; neither licenses an organisation to watch by them.",
        risk="They may refuse your server or stop the feeds without a word.",
    )
    Options: type[BaseModel] = NewsSearchOptions

    def asks(self, terms: Sequence[str], options: NewsSearchOptions) -> tuple[str, ...]:
        """Several terms to a search."""
        return bundled(terms, longest=LONGEST_QUERY)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: NewsSearchOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Several terms to a search, each search at each engine."""
        asked = self.asks(query.terms, options)
        feeds = {
            f"{engine} {one}": _address(engine, one, options)
            for one in asked
            for engine in options.engines
        }
        return await poll_feeds(feeds, cursor, fetch=fetch, now=now, most=options.searches)


def _address(engine: Engine, asked: str, options: NewsSearchOptions) -> str:
    country = options.country
    if engine == "bing":
        return f"{options.bing}?{urlencode({'q': asked, 'format': 'rss', 'cc': country})}"
    place = {"hl": f"en-{country}", "gl": country, "ceid": f"{country}:en"}
    return f"{options.google}?{urlencode({'q': f'{asked} {LATELY}', **place})}"


CONNECTOR = NewsSearch()
