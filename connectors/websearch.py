"""What every search engine of the web shares: ask by phrase, a page at a time, within a budget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import PLATFORM, unwrapped
from connectors.parse.items import Feed, Item
from connectors.posts import Found, Question, ask_in_turn, posted
from connectors.queries import phrase
from connectors.types import Batch, Coverage, Cursor, Mention, Query

Ask = Callable[[str, int], Awaitable[Feed]]
"""A phrase and the number of a page, from 0, for what the engine found; its `next` is not empty
when there are more. Raises ConnectorError."""
OPEN_WEB = Coverage(
    platforms=(
        "Blogs and websites",
        "Local forums",
        "Netmums, Mumsnet, The Student Room",
        "Reviews and petitions",
        "X (Twitter)",
        "Reddit",
    ),
    sees="public pages whose title or text names you: title and snippet",
    misses="what the engine has not indexed, the page beyond its snippet",
    delay="hours to weeks until a page is indexed, then until the turn of its term",
)
"""What an engine with an index of its own covers."""


class SearchOptions(BaseModel):
    """`country` is an ISO 3166 code. `searches` at one poll times the polls of a month is what
    one pays for. `kept_hours` is for how long the plan lets results be kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "GB"
    searches: Annotated[int, Field(ge=1, le=100)] = 4
    kept_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSearch:
    """One poll of one engine, which shows `pages` pages of what it found at most."""

    address: str
    options: SearchOptions
    ask: Ask
    pages: int
    now: datetime
    seen: frozenset[str]

    async def poll(self, query: Query, cursor: Cursor) -> Batch:
        """Each term by itself: results come by weight, not by time, so that a large school
        would hide a small one. Raises ConnectorError."""
        host = urlsplit(self.address).netloc
        questions = [
            Question(key=asked, host=host, ask=partial(self._found, asked, query.own_sites))
            for asked in _asked(query)
        ]
        return await ask_in_turn(questions, cursor, most=self.options.searches)

    async def _found(self, asked: str, own: tuple[str, ...], mark: str | None) -> Found:
        """One page, without what stands on our own sites. While all of it is new, the one after
        it comes with the next asking; the mark is its number."""
        number = int(mark or 0)
        page = await self.ask(asked, number)
        mentions = tuple(self._mention(one) for one in page.items if not _stands_on(one, own))
        is_new = not any(one.external_id in self.seen for one in mentions)
        goes_on = is_new and bool(page.next)
        is_last = number + 1 >= self.pages
        return Found(
            mentions=mentions,
            mark=str(number + 1 if goes_on and not is_last else 0),
            trouble=page.partial,
            possible_gap=goes_on and is_last,
        )

    def _mention(self, item: Item) -> Mention:
        expires_at = self.now + timedelta(hours=self.options.kept_hours)
        plain = posted(item, platform=PLATFORM, now=self.now, kind="page")
        return replace(plain, expires_at=expires_at)


def _asked(query: Query) -> tuple[str, ...]:
    together = (" ".join(map(phrase, one)) for one in query.together)
    return tuple(dict.fromkeys(together)) or phrases(query.terms)


def phrases(terms: Sequence[str]) -> tuple[str, ...]:
    """Each term in a search of its own."""
    return tuple(dict.fromkeys(map(phrase, terms)))


def _stands_on(item: Item, sites: tuple[str, ...]) -> bool:
    host = urlsplit(unwrapped(item.url)).hostname or ""
    return any(host == site or host.endswith(f".{site}") for site in sites)
