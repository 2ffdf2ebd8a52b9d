"""Instagram: comments below the pictures of an own account, and where it is tagged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import Malformed
from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.graph import Graph
from connectors.keys import key_of
from connectors.ownpages import OwnPage, View
from connectors.parse.instagram import MEDIA, TAGS, parse_media
from connectors.types import Batch, Coverage, Cursor, Query

PLATFORM = "instagram"
KEY = "meta_token"
VIEWS = (
    View(name="media", fields=MEDIA, limit=25, parser=parse_media),
    View(name="tags", fields=TAGS, limit=50, parser=parse_media),
)


class InstagramOptions(BaseModel):
    """`account` is the number of the professional account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: Annotated[str, Field(pattern=r"^[0-9]{1,30}$")]
    address: Address = "https://graph.facebook.com/v26.0"


class Instagram:
    kind = "instagram"
    searches = False
    coverage = Coverage(
        platforms=("Instagram: your own accounts",),
        sees="comments and replies below your pictures, pictures that tag you",
        misses="other people's comments elsewhere, @names in captions, stories, private accounts",
        delay="the interval",
    )
    key = KEY
    Options: type[BaseModel] = InstagramOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: InstagramOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """By the name of the account, which tells its own answers from what others write."""
        graph = Graph(options.address, KEY, fetch, key_of(query, KEY))
        own, name = await graph.fields(options.account, "username", "name")
        if not own:
            raise Malformed("Instagram does not say what the account is called.")
        page = OwnPage(
            graph=graph, platform=PLATFORM, place=options.account, own=own, name=name, now=now
        )
        return await page.poll(VIEWS, cursor)


CONNECTOR = Instagram()
