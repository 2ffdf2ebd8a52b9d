"""YouTube: new videos of channels that one names, by the feed each channel has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.parse.youtube import WATCH
from connectors.severalfeeds import poll_feeds
from connectors.types import Batch, Coverage, Cursor, Mention, Query

PLATFORM = "youtube"
Channel = Annotated[str, Field(pattern=r"^UC[A-Za-z0-9_-]{1,40}$")]


class YouTubeChannelOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=50)]
    address: Address = "https://www.youtube.com/feeds/videos.xml"


class YouTubeChannel:
    kind = "youtube_channel"
    searches = False
    coverage = Coverage(
        platforms=("YouTube",),
        sees="their newest 15 videos: title and description",
        misses="comments, what is said in a video",
        delay="the interval",
    )
    Options: type[BaseModel] = YouTubeChannelOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: YouTubeChannelOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        feeds = {one: f"{options.address}?channel_id={one}" for one in options.channels}
        batch = await poll_feeds(
            feeds, cursor, fetch=fetch, now=now, kind="post", platform=PLATFORM
        )
        return replace(batch, mentions=tuple(map(_as_found, batch.mentions)))


def _as_found(mention: Mention) -> Mention:
    """Under the id that the search gives the same video."""
    video = parse_qs(urlsplit(mention.url).query).get("v", [""])[0]
    return replace(mention, external_id=f"{WATCH}{video}") if video else mention


CONNECTOR = YouTubeChannel()
