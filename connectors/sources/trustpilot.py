"""Trustpilot: reviews of a business unit of one's own, by its public interface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, Blocked, Gone
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher, Response
from connectors.keys import key_of, secret
from connectors.parse.child import Limits, parse
from connectors.parse.items import Feed, Item
from connectors.parse.trustpilot import PAGE, parse_name, parse_reviews
from connectors.posts import Found, Question, ask_in_turn, posted
from connectors.types import Batch, Coverage, Cursor, Query

PLATFORM = "trustpilot"
KEY = "trustpilot_key"
PAGES = 3
FIRST_LOOK = timedelta(days=90)
OVERLAP = timedelta(days=2)
"""Looked at again each time: reviews are held back while they are checked."""


class TrustpilotOptions(BaseModel):
    """`unit` is the id of the business unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    address: Address = "https://api.trustpilot.com"


class Trustpilot:
    kind = "trustpilot"
    searches = False
    coverage = Coverage(
        platforms=("Trustpilot",),
        sees="title and text of each review",
        misses="stars, changes after the first reading, reviews of other units",
        delay="the interval",
    )
    key = KEY
    Options: type[BaseModel] = TrustpilotOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: TrustpilotOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """One question, of one unit."""
        reader = _Reader(options, fetch, now, key_of(query, KEY))
        host = urlsplit(options.address).netloc
        question = Question(key=options.unit, host=host, ask=reader.reviews)
        return await ask_in_turn([question], cursor)


@dataclass(frozen=True, slots=True)
class _Reader:
    options: TrustpilotOptions
    fetch: Fetcher
    now: datetime
    key: str = field(repr=False)

    async def reviews(self, mark: str | None) -> Found:
        """The reviews from the newest back to `mark`, the time of the newest read before.
        Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        pages = [await self._page(1)]
        while len(pages) < PAGES and _goes_on(pages[-1], since):
            pages.append(await self._page(len(pages) + 1))
        items = [item for page in pages for item in page.items]
        name = await self._name() if items else ""
        times = [item.published_at for item in items if item.published_at]
        return Found(
            mentions=tuple(
                posted(
                    replace(one, title=f"{name}: {one.title}"),
                    platform=PLATFORM,
                    now=self.now,
                    kind="review",
                )
                for one in items
                if _is_new(one, since)
            ),
            mark=min(max(times), self.now).isoformat() if times else mark,
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and _goes_on(pages[-1], since),
        )

    async def _name(self) -> str:
        """Stands over each review, which seldom says of whom it is."""
        answer = await self._get("")
        limits = Limits.of(self.fetch.settings)
        return await asyncio.to_thread(parse, parse_name, answer.body, limits=limits)

    async def _page(self, number: int) -> Feed:
        terms = {"perPage": PAGE, "page": number, "orderBy": "createdat.desc"}
        answer = await self._get(f"/reviews?{urlencode(terms)}")
        return await read(answer, parse_reviews, self.fetch)

    async def _get(self, path: str) -> Response:
        unit = f"{self.options.address}/v1/business-units/{self.options.unit}"
        try:
            return await self.fetch.ask(f"{unit}{path}", {"apikey": self.key})
        except (AuthLost, Blocked):
            raise AuthLost(f"Trustpilot does not take the key: set {secret(KEY)} anew.") from None
        except Gone:
            raise Gone("Trustpilot knows no business unit of this id: see `unit`.") from None


def _is_new(item: Item, since: datetime) -> bool:
    """A review whose time cannot be read may be."""
    return item.published_at is None or item.published_at >= since


def _goes_on(page: Feed, since: datetime) -> bool:
    return bool(page.next) and all(_is_new(item, since) for item in page.items)


CONNECTOR = Trustpilot()
