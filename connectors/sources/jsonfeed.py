"""JSON Feed, which some blogs offer beside or instead of RSS."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from connectors.feeds import FeedOptions, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.jsonfeed import parse_jsonfeed
from connectors.types import Batch, Coverage, Cursor, MentionKind, Query


class JsonFeedOptions(FeedOptions):
    """As for a feed; what stands in a JSON Feed is mostly short posts."""

    posts: MentionKind = "post"


class JsonFeed:
    kind = "jsonfeed"
    searches = False
    coverage = Coverage(
        platforms=("Blogs and websites",),
        sees="what the site puts into its feed: usually the newest 10 to 50 articles or posts",
        misses="older items, comments, whatever needs a sign-in",
        delay="the interval",
    )
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
