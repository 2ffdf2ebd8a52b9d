"""RSS and Atom feeds: blogs, news, forums, search alerts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from connectors.feeds import PLATFORM, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Cursor, MentionKind, Query


class RssOptions(BaseModel):
    """`url` of the feed. `posts` says what its items are; `platform` is where they stand
    when the same posts may also be found by another road."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    posts: MentionKind = "article"
    platform: str = PLATFORM


class Rss:
    kind = "rss"
    searches = False
    Options: type[BaseModel] = RssOptions

    async def poll(
        self, query: Query, cursor: Cursor, *, options: RssOptions, fetch: Fetcher, now: datetime
    ) -> Batch:
        return await poll_feed(
            options.url,
            cursor,
            parser=parse_feed,
            fetch=fetch,
            now=now,
            kind=options.posts,
            platform=options.platform,
        )


CONNECTOR = Rss()
