"""JSON Feed, which some blogs offer beside or instead of RSS."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from connectors.feeds import PLATFORM, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.jsonfeed import parse_jsonfeed
from connectors.types import Batch, Cursor, MentionKind, Query


class JsonFeedOptions(BaseModel):
    """`url` of the feed. `posts` says what its items are; `platform` is where they stand
    when the same posts may also be found by another road."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    posts: MentionKind = "post"
    platform: str = PLATFORM


class JsonFeed:
    kind = "jsonfeed"
    searches = False
    Options: type[BaseModel] = JsonFeedOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: JsonFeedOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        return await poll_feed(
            options.url,
            cursor,
            parser=parse_jsonfeed,
            fetch=fetch,
            now=now,
            kind=options.posts,
            platform=options.platform,
        )


CONNECTOR = JsonFeed()
