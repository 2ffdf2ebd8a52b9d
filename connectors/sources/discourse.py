"""Discourse: a forum's own search, where its owner lets robots use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from connectors import forums
from connectors.errors import Blocked
from connectors.feeds import Address, mention, read
from connectors.fetch.client import Fetcher
from connectors.parse.discourse import parse_search
from connectors.parse.items import Item
from connectors.posts import ACCEPT, Found, ask_in_turn, each
from connectors.queries import phrase
from connectors.types import Batch, Conversation, Coverage, Cursor, Mention, Query

PAGES = 3
"""Of one term at once, 50 posts each; more is told as a gap."""
FIRST_LOOK = timedelta(days=7)
OVERLAP = timedelta(days=1)
"""Read again each time: the search knows days, not hours."""
SHORTEST = 3
"""Letters that a search must have."""


class DiscourseOptions(BaseModel):
    """`site` is the address of the forum's own front page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Address


class Discourse:
    kind = "discourse"
    searches = True
    coverage = Coverage(
        platforms=("Local forums",),
        sees="public posts that name you, by the forum's own search: their beginnings",
        misses="boards for members; forums that keep their search from robots, as Discourse does "
        "unless its owner changes that",
        delay="the interval",
    )
    Options: type[BaseModel] = DiscourseOptions

    def asks(self, terms: Sequence[str], options: DiscourseOptions) -> tuple[str, ...]:
        """Each term as a phrase."""
        return tuple(dict.fromkeys(phrase(one) for one in terms if len(one) >= SHORTEST))

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: DiscourseOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Each term by itself, the newest posts first."""
        search = _Search(options.site.rstrip("/"), fetch, now)
        questions = each(self.asks(query.terms, options), of=options.site, ask=search.posts)
        return await ask_in_turn(questions, cursor)

    async def conversation(
        self,
        post: Mention,
        query: Query,
        *,
        options: DiscourseOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Conversation:
        """The topic's first post and those near this one. Raises ConnectorError."""
        return await forums.discourse(post, options.site.rstrip("/"), fetch, now)


@dataclass(frozen=True, slots=True)
class _Search:
    site: str
    fetch: Fetcher
    now: datetime

    async def posts(self, asked: str, mark: str | None) -> Found:
        """The posts with a phrase since `mark`, the time of the last look. Raises
        ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        host = urlsplit(self.site).hostname or ""
        items: list[Item] = []
        is_cut = False
        for number in range(1, PAGES + 1):
            terms = {"q": f"{asked} order:latest after:{since:%Y-%m-%d}", "page": str(number)}
            address = f"{self.site}/search.json?{urlencode(terms)}"
            try:
                answer = await self.fetch.get(address, accept=ACCEPT, obey_robots=True)
            except Blocked as error:
                raise Blocked(
                    f"{error} Use the kind forum with its feed instead, or ask the forum's owner."
                ) from None
            page = await read(answer, parse_search, self.fetch)
            items += page.items
            is_cut = bool(page.next)
            if not is_cut:
                break
        return Found(
            mentions=tuple(mention(one, site=host, now=self.now, kind="post") for one in items),
            mark=self.now.isoformat(),
            possible_gap=is_cut and mark is not None,
        )


CONNECTOR = Discourse()
