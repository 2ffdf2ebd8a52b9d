"""WordPress sites: posts, comments and search, all as the feeds that WordPress offers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote_plus

from pydantic import BaseModel, ConfigDict

from connectors.errors import ConnectorError
from connectors.feeds import Address, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Cursor, Mention, MentionKind, NotModified, Ok, Partial, Query

SEARCH_SECONDS = 15.0
"""No new search begins after this; the next poll goes on with the next term."""
PAGE = 10
"""Posts that WordPress puts in a feed unless told otherwise."""
_PATHS = {"posts": "/feed/", "comments": "/comments/feed/"}
_KINDS: dict[str, MentionKind] = {"posts": "article", "comments": "comment"}


class WordPressOptions(BaseModel):
    """`site` is the address of the front page; `view` what to read of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Address
    view: Literal["posts", "comments", "search"] = "posts"


class WordPress:
    kind = "wordpress"
    searches = True
    Options: type[BaseModel] = WordPressOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: WordPressOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        site = options.site.rstrip("/")
        if options.view == "search":
            return await _search(site, query.terms, cursor, fetch, now)
        batch = await poll_feed(
            site + _PATHS[options.view],
            cursor,
            parser=parse_feed,
            fetch=fetch,
            now=now,
            kind=_KINDS[options.view],
        )
        if options.view == "comments":
            return replace(batch, mentions=tuple(_comment(one) for one in batch.mentions))
        return batch


def _comment(mention: Mention) -> Mention:
    """WordPress titles a comment with its author's name, which belongs with the author."""
    author = mention.author.name or ""
    title = mention.title.removesuffix(f" by {author}")
    return replace(
        mention,
        title="" if title == f"By: {author}" else title,
        parent_id=mention.url.partition("#")[0] or None,
    )


async def _search(
    site: str, terms: tuple[str, ...], cursor: Cursor, fetch: Fetcher, now: datetime
) -> Batch:
    """One search for each term, as many as fit; `high_water` is the term to go on with.

    Raises ConnectorError when not even the first is answered.
    """
    clock = asyncio.get_running_loop().time
    began, first = clock(), _position(cursor, terms)
    found: list[Batch] = []
    seen, trouble = cursor.seen, ""
    for at in range(len(terms)):
        if clock() - began > SEARCH_SECONDS:
            break
        address = f"{site}/?s={quote_plus(terms[(first + at) % len(terms)])}&feed=rss2"
        try:
            # WordPress gives one validator for all its feeds, so none is sent here.
            asked = Cursor(seen=seen)
            batch = await poll_feed(address, asked, parser=parse_feed, fetch=fetch, now=now)
        except ConnectorError as error:
            if not found:
                raise
            trouble = str(error)
            break
        found.append(batch)
        seen = batch.cursor.seen
        if isinstance(batch.health, Partial):
            trouble = batch.health.reason
    following = str((first + len(found)) % max(len(terms), 1))
    return Batch(
        mentions=tuple(mention for batch in found for mention in batch.mentions),
        cursor=Cursor(high_water=following, seen=seen),
        health=Partial(trouble) if trouble else (Ok() if found else NotModified()),
        possible_gap=any(one.possible_gap and len(one.mentions) >= PAGE for one in found),
    )


def _position(cursor: Cursor, terms: tuple[str, ...]) -> int:
    written = cursor.high_water or ""
    return int(written) % len(terms) if terms and written.isdecimal() else 0


CONNECTOR = WordPress()
