"""Forums by their software: an operator names the site, this knows where its feed is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from connectors import forums
from connectors.errors import Forbidden, Gone
from connectors.feeds import Address, place, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Conversation, Coverage, Cursor, Mention, Query

Software = Literal["phpbb", "xenforo", "vbulletin", "flarum", "discourse"]
FEEDS: dict[Software, tuple[str, ...]] = {
    "phpbb": ("/app.php/feed", "/feed", "/feed.php"),
    "xenforo": ("/forums/-/index.rss",),
    "vbulletin": ("/external.php?type=RSS2", "/external?type=RSS2"),
    "flarum": ("/atom", "/atom/discussions"),
    "discourse": ("/posts.rss", "/latest.rss"),
}
"""Feeds of the newest posts, the fullest first. Discourse keeps its search from robots unless its
owner changes that; then the kind `discourse` reads it."""


class ForumOptions(BaseModel):
    """`site` is the address of the forum's own front page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    software: Software
    site: Address


class Forum:
    kind = "forum"
    searches = False
    coverage = Coverage(
        platforms=("Local forums",),
        sees="the newest posts or topics of all its public boards",
        misses="boards for members, older posts, forums that switched their feeds off",
        delay="the interval",
    )
    Options: type[BaseModel] = ForumOptions

    async def poll(
        self, query: Query, cursor: Cursor, *, options: ForumOptions, fetch: Fetcher, now: datetime
    ) -> Batch:
        """The first of its feeds that there is; the one read before is asked first."""
        site = options.site.rstrip("/")
        known = sorted(
            (f"{site}{path}" for path in FEEDS[options.software]),
            key=lambda url: place(url) != cursor.high_water,
        )
        for url in known:
            try:
                return await poll_feed(
                    url, cursor, parser=parse_feed, fetch=fetch, now=now, kind="post"
                )
            except Gone:
                continue
        raise Gone(
            f"There is no feed where {options.software} has one: look whether `site` is the "
            "forum's front page, or ask its owner to switch feeds on."
        )

    async def conversation(
        self, post: Mention, query: Query, *, options: ForumOptions, fetch: Fetcher, now: datetime
    ) -> Conversation:
        """The posts of the topic near this one, where the software tells of them. Raises
        ConnectorError."""
        site = options.site.rstrip("/")
        if options.software == "discourse":
            return await forums.discourse(post, site, fetch, now)
        if options.software == "flarum":
            return await forums.flarum(post, site, fetch, now)
        raise Forbidden(f"{options.software} tells of no conversations: open the page instead.")


CONNECTOR = Forum()
