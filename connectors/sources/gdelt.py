"""GDELT: online news of the whole world, searched by phrase (DOC 2.0, gdeltproject.org)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import ConnectorError, Throttled, Unreachable
from connectors.feeds import PLATFORM, Address, read, unwrapped
from connectors.fetch.client import Fetcher
from connectors.parse.child import Limits, parse
from connectors.parse.gdelt import PENALTY_SECONDS, parse_articles
from connectors.parse.items import Item
from connectors.parse.page import parse_page
from connectors.posts import ACCEPT, Found, ask_in_turn, each, posted
from connectors.queries import bundled
from connectors.types import Batch, Coverage, Cursor, Query

LONGEST_QUERY = 250
"""Characters; longer ones are refused (seen in 2026)."""
PAUSE = timedelta(seconds=6)
"""Between two requests; its limit is one in five seconds."""
MOST_ARTICLES = 250
FIRST_LOOK = timedelta(days=3)
FURTHEST_BACK = timedelta(days=85)
"""It searches the last three months."""
OVERLAP = timedelta(hours=2)
"""Looked at again each time: articles are sorted in late."""
POLL = timedelta(seconds=28)
OPENING = timedelta(seconds=5)
"""Articles are opened for so long; the others at the next poll."""
PAGE_PATIENCE = timedelta(seconds=8)
OUT_OF_REACH = timedelta(hours=6)
"""For so long an article is tried again whose site does not answer just now."""
Filter = Annotated[str, Field(pattern=r"^[A-Za-z]{0,30}$")]


class GdeltOptions(BaseModel):
    """`country` of the newspapers by the two letters that GDELT uses (UK, not GB) and their
    `language`; either may be empty for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = "https://api.gdeltproject.org/api/v2/doc/doc"
    country: Filter = "UK"
    language: Filter = "english"


class Gdelt:
    kind = "gdelt"
    searches = True
    coverage = Coverage(
        platforms=("News",),
        sees="news articles whose text names you, in the newspapers of one country",
        misses="papers it does not index, articles behind a paywall (their headline only), "
        "anything older than three months",
        delay="about 15 minutes, and the interval",
    )
    Options: type[BaseModel] = GdeltOptions

    def asks(self, terms: Sequence[str], options: GdeltOptions) -> tuple[str, ...]:
        """Several terms to a question."""
        filters = {"sourcecountry": options.country, "sourcelang": options.language}
        around = " ".join(["{}", *(f"{name}:{value}" for name, value in filters.items() if value)])
        return bundled(terms, longest=LONGEST_QUERY, around=around)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: GdeltOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """One query at each poll, in turn: asked more often, it refuses for a long time."""
        reader = _Reader(options.address, fetch, now, frozenset(cursor.seen))
        questions = each(self.asks(query.terms, options), of=options.address, ask=reader.articles)
        return await ask_in_turn(questions, cursor, most=1, poll=POLL, patience=POLL)


@dataclass(frozen=True, slots=True)
class _Reader:
    address: str
    fetch: Fetcher
    now: datetime
    seen: frozenset[str]

    async def articles(self, asked: str, mark: str | None) -> Found:
        """What is new since `mark`, the time up to which everything was opened, oldest first.
        Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        found = await self._search(asked, max(since, self.now - FURTHEST_BACK))
        fresh = [item for item in found if item.id not in self.seen]
        opened = await self._open(fresh)
        reached, outrun = self._reached(found, fresh, opened, mark)
        return Found(
            mentions=tuple(
                posted(one, platform=PLATFORM, now=self.now, kind="article") for one in opened
            ),
            mark=reached.isoformat(),
            trouble=_missing(opened, len(fresh) - len(opened)),
            possible_gap=outrun,
        )

    def _reached(
        self, found: list[Item], fresh: list[Item], opened: list[Item], mark: str | None
    ) -> tuple[datetime, bool]:
        """The time up to which everything was opened, and whether some was left out for good:
        an answer that is full tells nothing of what comes after its last article."""
        done = {item.id for item in opened}
        if left := [item for item in fresh if item.id not in done]:
            return min(self._seen_at(item) for item in left), False
        if len(found) < MOST_ARTICLES:
            return self.now, False
        newest = max(self._seen_at(item) for item in found)
        stuck = not fresh and mark is not None and newest <= datetime.fromisoformat(mark)
        return (self.now, True) if stuck else (newest, False)

    def _seen_at(self, item: Item) -> datetime:
        return item.published_at or self.now

    async def _open(self, items: list[Item]) -> list[Item]:
        """As many as fit, site beside site but one at a time of each."""
        sites: dict[str, list[Item]] = {}
        for item in items:
            sites.setdefault(urlsplit(item.url).netloc, []).append(item)
        until = asyncio.get_running_loop().time() + OPENING.total_seconds()
        rows = await asyncio.gather(*(self._open_site(site, until) for site in sites.values()))
        return [item for row in rows for item in row]

    async def _open_site(self, items: list[Item], until: float) -> list[Item]:
        opened: list[Item] = []
        for item in items:
            if opened and asyncio.get_running_loop().time() >= until:
                break
            found = await self._opened(item)
            if found is None:
                break
            opened.append(found)
        return opened

    async def _search(self, asked: str, since: datetime) -> list[Item]:
        query = urlencode(
            {
                "query": asked,
                "mode": "artlist",
                "format": "json",
                "sort": "dateasc",
                "maxrecords": str(MOST_ARTICLES),
                "startdatetime": _stamp(since),
                "enddatetime": _stamp(self.now),
            }
        )
        try:
            answer = await self.fetch.get(f"{self.address}?{query}", accept=ACCEPT, pause=PAUSE)
        except Throttled as refusal:
            wait = max(refusal.retry_after or 0.0, PENALTY_SECONDS)
            raise Throttled(str(refusal), retry_after=wait) from None
        articles = await read(answer, parse_articles, self.fetch)
        return [item for item in articles.items if unwrapped(item.url)]

    async def _opened(self, item: Item) -> Item | None:
        """With the article's text, which alone can tell that it names us, where its site lets
        it be read; None while that is worth another try."""
        try:
            async with asyncio.timeout(PAGE_PATIENCE.total_seconds()):
                answer = await self.fetch.get(item.url, accept="text/html", obey_robots=True)
                limits = Limits.of(self.fetch.settings)
                page = await asyncio.to_thread(parse, parse_page, answer.body, limits=limits)
        except (Unreachable, Throttled, TimeoutError):
            return item if self._seen_at(item) < self.now - OUT_OF_REACH else None
        except ConnectorError:
            return item
        return replace(item, text=page.text, title=item.title or page.title)


def _missing(opened: Sequence[Item], waiting: int) -> str:
    headlines = sum(1 for item in opened if not item.text)
    parts = [f"{headlines} articles gave their headline only."] if headlines else []
    if waiting:
        parts.append(f"{waiting} articles are opened at a later poll.")
    return " ".join(parts)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


CONNECTOR = Gdelt()
