"""Facebook: what others write on a page of the Trust's own, and where they tag it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.graph import Graph
from connectors.keys import key_of
from connectors.ownpages import OwnPage, View
from connectors.parse.facebook import FEED, TAGGED, parse_posts
from connectors.types import Batch, Coverage, Cursor, Query

PLATFORM = "facebook"
KEY = "meta_token"
VIEWS = (
    View(name="feed", fields=FEED, limit=25, parser=parse_posts),
    View(name="tagged", fields=TAGGED, limit=50, parser=parse_posts),
)


class FacebookPageOptions(BaseModel):
    """`page` is the number of the page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Annotated[str, Field(pattern=r"^[0-9]{1,30}$")]
    address: Address = "https://graph.facebook.com/v26.0"


class FacebookPage:
    kind = "facebook_page"
    searches = False
    coverage = Coverage(
        platforms=("Facebook: your own pages",),
        sees="visitors' posts, comments, replies, posts that tag the page",
        misses="groups, profiles, other pages, stories, reviews of the page",
        delay="the interval",
    )
    key = KEY
    Options: type[BaseModel] = FacebookPageOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: FacebookPageOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """As the page itself: its own token is asked for with the one that stands for all."""
        graph = Graph(options.address, KEY, fetch, key_of(query, KEY))
        token, name = await graph.fields(options.page, "access_token", "name")
        page = OwnPage(
            graph=replace(graph, token=token or graph.token),
            platform=PLATFORM,
            place=options.page,
            own=options.page,
            name=name,
            now=now,
        )
        return await page.poll(VIEWS, cursor)


CONNECTOR = FacebookPage()
