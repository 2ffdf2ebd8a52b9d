"""RSS and Atom feeds: blogs, news, forums, search alerts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from connectors.feeds import FeedOptions, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Coverage, Cursor, Query


class Rss:
    kind = "rss"
    searches = False
    coverage = Coverage(
        platforms=("Blogs and websites", "News", "Local forums", "Reviews and petitions"),
        sees="what the site puts into its feed: usually the newest 10 to 50 articles or posts",
        misses="older items, comments, whatever needs a sign-in",
        delay="the interval",
    )
    Options: type[BaseModel] = FeedOptions

    async def poll(
        self, query: Query, cursor: Cursor, *, options: FeedOptions, fetch: Fetcher, now: datetime
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
