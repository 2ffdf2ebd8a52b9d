"""YouTube: videos whose title or description names us, by the Data API v3 with one's own key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, Blocked, Throttled
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher
from connectors.parse.items import Item
from connectors.parse.youtube import parse_videos
from connectors.posts import ACCEPT, Found, Question, ask_in_turn, posted
from connectors.queries import bundled
from connectors.types import Batch, Cursor, Query

PLATFORM = "youtube"
PAGE = 50
LONGEST_QUERY = 200
FIRST_LOOK = timedelta(days=14)
OVERLAP = timedelta(days=1)
"""Looked at again each time: videos come into the search late."""
KEPT = timedelta(days=30)
"""What the interface gave may be kept for so long (developer policies, III.E.4)."""
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""The day's allowance begins anew at midnight there."""


class YouTubeOptions(BaseModel):
    """`region` is an ISO 3166 code. The allowance is 100 searches a day, so `searches` (at one
    poll) times the polls of a day must stay below."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = "https://www.googleapis.com/youtube/v3"
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "GB"
    searches: Annotated[int, Field(ge=1, le=100)] = 4


class YouTube:
    kind = "youtube"
    searches = True
    key = "youtube_key"
    Options: type[BaseModel] = YouTubeOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: YouTubeOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Several terms to a search, and so many searches in turn as one poll may make."""
        if query.secret is None:
            raise AuthLost("Its key is missing: set the secret TRUST_MONITOR_SECRET_YOUTUBE_KEY.")
        key = {"X-Goog-Api-Key": query.secret.get_secret_value()}
        search = _Search(options, fetch, now, frozenset(cursor.seen), key)
        host = urlsplit(options.address).netloc
        questions = [
            Question(key=asked, host=host, ask=partial(search.videos, asked))
            for asked in bundled(query.terms, longest=LONGEST_QUERY, either="|")
        ]
        return await ask_in_turn(questions, cursor, most=options.searches)


@dataclass(frozen=True, slots=True)
class _Search:
    options: YouTubeOptions
    fetch: Fetcher
    now: datetime
    seen: frozenset[str]
    key: dict[str, str]

    async def videos(self, asked: str, mark: str | None) -> Found:
        """What is new since `mark`, the time of the newest video found before. Raises
        ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        found, trouble = await self._ask("search", self._terms(asked, since))
        fresh = [item for item in found if item.id not in self.seen]
        whole = await self._whole(fresh)
        times = [item.published_at for item in found if item.published_at]
        return Found(
            mentions=tuple(
                replace(posted(item, platform=PLATFORM, now=self.now), expires_at=self.now + KEPT)
                for item in whole
            ),
            mark=min(max(times), self.now).isoformat() if times else mark,
            trouble=trouble,
            possible_gap=mark is not None and len(fresh) == PAGE,
        )

    def _terms(self, asked: str, since: datetime) -> dict[str, str]:
        return {
            "part": "snippet",
            "type": "video",
            "q": asked,
            "order": "date",
            "publishedAfter": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "regionCode": self.options.region,
            "safeSearch": "none",
            "maxResults": str(PAGE),
        }

    async def _whole(self, fresh: list[Item]) -> list[Item]:
        """With the whole description; a video taken down meanwhile is left out."""
        if not fresh:
            return []
        ids = ",".join(item.position for item in fresh)
        found, _ = await self._ask("videos", {"part": "snippet", "id": ids})
        return found

    async def _ask(self, what: str, terms: dict[str, str]) -> tuple[list[Item], str]:
        address = f"{self.options.address}/{what}?{urlencode(terms)}"
        try:
            answer = await self.fetch.get(address, accept=ACCEPT, headers=self.key)
        except Blocked:
            reason = "The day's searches are used up, or the key may not search (403)."
            raise Throttled(reason, retry_after=self._until_the_next_day()) from None
        page = await read(answer, parse_videos, self.fetch)
        return list(page.items), page.partial

    def _until_the_next_day(self) -> float:
        there = self.now.astimezone(QUOTA_ZONE)
        midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - there).total_seconds()


CONNECTOR = YouTube()
