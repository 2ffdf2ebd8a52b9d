"""YouTube: videos whose title or description names us, by the Data API v3 with one's own key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.keys import key_of
from connectors.parse.items import Item
from connectors.parse.youtube import parse_videos
from connectors.posts import Found, ask_in_turn, each
from connectors.queries import bundled
from connectors.types import Batch, Coverage, Cursor, Mention, Query, Rechecks, Standing
from connectors.youtube import KEY, LONGEST_QUERY, DataApi

PAGE = 50
FIRST_LOOK = timedelta(days=14)
OVERLAP = timedelta(days=1)
"""Looked at again each time: videos come into the search late."""


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
    coverage = Coverage(
        platforms=("YouTube",),
        sees="videos whose title or description names you",
        misses="what is said in a video, videos that are not public",
        delay="hours until a video comes into the search, then the interval",
    )
    key = KEY
    rechecks = Rechecks(every=timedelta(days=7), most=50, strict=True)
    Options: type[BaseModel] = YouTubeOptions

    def asks(self, terms: Sequence[str], options: YouTubeOptions) -> tuple[str, ...]:
        """Several terms to a search."""
        return bundled(terms, longest=LONGEST_QUERY, either="|")

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
        api = DataApi(options.address, fetch, now, key_of(query, KEY))
        search = _Search(api, options.region, frozenset(cursor.seen))
        questions = each(self.asks(query.terms, options), of=options.address, ask=search.videos)
        return await ask_in_turn(questions, cursor, most=options.searches)

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: YouTubeOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        """What is missing of the answer was taken down or is no longer public. Raises
        ConnectorError."""
        api = DataApi(options.address, fetch, now, key_of(query, KEY))
        ids = {one.external_id: one.external_id.rpartition("v=")[2] for one in posts}
        asked = {"part": "snippet", "id": ",".join(ids.values())}
        page = await api.get("videos", asked, parse_videos)
        if page.partial:
            return {}
        there = {api.told(item).external_id: api.told(item).text for item in page.items}
        return {one: there.get(one) for one in ids}


@dataclass(frozen=True, slots=True)
class _Search:
    api: DataApi
    region: str
    seen: frozenset[str]

    async def videos(self, asked: str, mark: str | None) -> Found:
        """What is new since `mark`, the time of the newest video found before. Raises
        ConnectorError."""
        now = self.api.now
        since = datetime.fromisoformat(mark) - OVERLAP if mark else now - FIRST_LOOK
        found = await self.api.get("search", self._terms(asked, since), parse_videos)
        fresh = [item for item in found.items if item.id not in self.seen]
        whole = await self._whole(fresh)
        times = [item.published_at for item in found.items if item.published_at]
        return Found(
            mentions=tuple(map(self.api.told, whole)),
            mark=min(max(times), now).isoformat() if times else mark,
            trouble=found.partial,
            possible_gap=mark is not None and len(fresh) == PAGE,
        )

    def _terms(self, asked: str, since: datetime) -> dict[str, str]:
        return {
            "part": "snippet",
            "type": "video",
            "q": asked,
            "order": "date",
            "publishedAfter": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "regionCode": self.region,
            "safeSearch": "none",
            "maxResults": str(PAGE),
        }

    async def _whole(self, fresh: list[Item]) -> list[Item]:
        """With the whole description; a video taken down meanwhile is left out."""
        if not fresh:
            return []
        ids = ",".join(item.position for item in fresh)
        found = await self.api.get("videos", {"part": "snippet", "id": ids}, parse_videos)
        return list(found.items)


CONNECTOR = YouTube()
