"""WordPress sites: posts, comments and search, all as the feeds that WordPress offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote_plus

from pydantic import BaseModel, ConfigDict

from connectors.feeds import poll_feed, remembered
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Cursor, Mention, MentionKind, NotModified, Ok, Partial, Query

MAX_TERMS = 40
"""Searches in one poll; more schools need another source."""
_PATHS = {"posts": "/feed/", "comments": "/comments/feed/"}
_KINDS: dict[str, MentionKind] = {"posts": "article", "comments": "comment", "search": "article"}


class WordPressOptions(BaseModel):
    """`site` is the address of the front page; `view` what to read of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: str
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
        site, kind = options.site.rstrip("/"), _KINDS[options.view]
        if options.view != "search":
            address = site + _PATHS[options.view]
            batch = await poll_feed(
                address, cursor, parser=parse_feed, fetch=fetch, now=now, kind=kind
            )
            return replace(batch, mentions=tuple(map(_without_author, batch.mentions)))
        batches = [
            await poll_feed(
                f"{site}/?s={quote_plus(term)}&feed=rss2",
                # WordPress gives one validator for all its feeds, so none is sent here.
                Cursor(seen=cursor.seen),
                parser=parse_feed,
                fetch=fetch,
                now=now,
                kind=kind,
            )
            for term in query.terms[:MAX_TERMS]
        ]
        return _joined(batches, cursor)


def _without_author(mention: Mention) -> Mention:
    """WordPress names a comment "Comment on TITLE by NAME"; authors are not shown."""
    title = mention.title.removesuffix(f" by {mention.author.name}")
    return replace(mention, title=title) if title else mention


def _joined(batches: list[Batch], cursor: Cursor) -> Batch:
    """The answers to several terms as one; a post that several found counts once."""
    found = {one.external_id: one for batch in batches for one in batch.mentions}
    partial = next((b.health for b in batches if isinstance(b.health, Partial)), None)
    return Batch(
        mentions=tuple(found.values()),
        cursor=Cursor(seen=remembered(cursor.seen, list(found))),
        health=partial or (Ok() if batches else NotModified()),
    )


CONNECTOR = WordPress()
