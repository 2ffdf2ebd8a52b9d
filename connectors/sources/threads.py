"""Threads: public posts that name us, by its keyword search and an application of the Trust's own.

Before Meta has approved the application the search answers like any other, with one's own posts
alone; and it answers with nothing where it thinks a word sensitive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from connectors.errors import Blocked, Malformed
from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.graph import Graph
from connectors.keys import key_of
from connectors.parse.items import Feed
from connectors.parse.threads import FIELDS, parse_posts
from connectors.posts import Found, ask_in_turn, each, posted
from connectors.queries import phrase
from connectors.types import Batch, Coverage, Cursor, Query

PLATFORM = "threads"
KEY = "threads_token"
PAGE = 100
PAGES = 3
"""Read of one term at once; more come with the next poll, which is told as a gap."""
FIRST_LOOK = timedelta(days=7)
OVERLAP = timedelta(hours=1)
"""Read again each time: posts come into the search late."""
COMMON_WORD = "school"
"""Somebody has always used it lately."""


class ThreadsOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = "https://graph.threads.net/v1.0"


class Threads:
    kind = "threads"
    searches = True
    coverage = Coverage(
        platforms=("Threads",),
        sees="public posts and replies that name you",
        misses="what Meta thinks a sensitive word; what is not public",
        delay="the interval",
    )
    key = KEY
    Options: type[BaseModel] = ThreadsOptions

    def asks(self, terms: Sequence[str], options: ThreadsOptions) -> tuple[str, ...]:
        """Each term as it stands."""
        return tuple(dict.fromkeys(phrase(term).strip('"') for term in terms))

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: ThreadsOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Each term by itself: what a quote means here is not documented, so none is sent."""
        graph = Graph(options.address, KEY, fetch, key_of(query, KEY))
        (own,) = await graph.fields("me", "username")
        if not own:
            raise Malformed("Threads does not say whose account the token is.")
        search = _Search(graph, now, own)
        questions = each(self.asks(query.terms, options), of=options.address, ask=search.posts)
        return await ask_in_turn(questions, cursor)


@dataclass(slots=True)
class _Search:
    graph: Graph
    now: datetime
    own: str
    """The account's own name, whose posts are no mentions."""
    believed: bool = False
    """Whether nothing by others means nothing."""

    async def posts(self, asked: str, mark: str | None) -> Found:
        """The posts with a term from the newest back to `mark`, the time up to which they were
        read before. Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        pages = [await self._page(asked, since)]
        while pages[-1].next and len(pages) < PAGES:
            pages.append(await self._page(asked, since, pages[-1].next))
        items = [item for page in pages for item in page.items if item.handle != self.own]
        await self._believe(found=bool(items))
        times = [item.published_at for item in items if item.published_at]
        return Found(
            mentions=tuple(posted(one, platform=PLATFORM, now=self.now) for one in items),
            mark=min(max(times), self.now).isoformat() if times else mark,
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and bool(pages[-1].next),
        )

    async def _believe(self, *, found: bool) -> None:
        """An application that is not approved finds nothing by others, whatever is asked."""
        if found or self.believed:
            self.believed = True
            return
        page = await self._page(COMMON_WORD, self.now - FIRST_LOOK)
        if all(item.handle == self.own for item in page.items):
            raise Blocked(
                "The search shows your own posts only: Meta has not approved the permission "
                "threads_keyword_search yet. Ask for it in the application's review."
            )
        self.believed = True

    async def _page(self, asked: str, since: datetime, after: str = "") -> Feed:
        terms = {
            "q": asked,
            "search_type": "RECENT",
            "search_mode": "KEYWORD",
            "since": str(int(since.timestamp())),
            "limit": str(PAGE),
            "fields": FIELDS,
            "after": after,
        }
        return await self.graph.list("keyword_search", terms, parse_posts)


CONNECTOR = Threads()
