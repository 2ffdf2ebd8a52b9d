"""WordPress sites: posts, comments and search, all as the feeds that WordPress offers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote_plus

from pydantic import BaseModel, ConfigDict

from connectors.errors import ConnectorError, Forbidden, Throttled, Unreachable
from connectors.feeds import Address, poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.types import Batch, Coverage, Cursor, Mention, MentionKind, Ok, Partial, Query

SEARCH_SECONDS = 15.0
"""No new search begins after this; the next poll goes on with the next term."""
TERM_SECONDS = 10.0
"""What one search may take of it, so that a slow one leaves time for another."""
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
    coverage = Coverage(
        platforms=("Blogs and websites", "News"),
        sees="its posts, its readers' comments or its own search, one `view` a source",
        misses="posts behind a password, comments awaiting approval, sites that switched their "
        "feeds off",
        delay="the interval",
    )
    Options: type[BaseModel] = WordPressOptions

    def asks(self, terms: Sequence[str], options: WordPressOptions) -> tuple[str, ...]:
        """Each term by itself, where the site's own search is asked."""
        return tuple(terms) if options.view == "search" else ()

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
    """WordPress titles a comment with its author's name, which belongs with the author, and
    makes its id of the post's."""
    author, title = mention.author.name, mention.title
    post, mark, _ = mention.external_id.partition("#comment-")
    return replace(
        mention,
        title=title.removesuffix(f" by {author}") if author else title.rpartition(" by ")[0],
        parent_id=post if mark else mention.url.partition("#")[0] or None,
    )


async def _search(
    site: str, terms: tuple[str, ...], cursor: Cursor, fetch: Fetcher, now: datetime
) -> Batch:
    """One search for each term, as many as fit; `high_water` is the term to go on with.

    A term that fails is passed over until its next turn, unless the site wants a pause; a
    second one ends the poll. Raises ConnectorError when none was answered.
    """
    if not terms:
        raise Forbidden("There is no term to search for.")
    clock = asyncio.get_running_loop().time
    until, following = clock() + SEARCH_SECONDS, _position(cursor, terms)
    found: list[Batch] = []
    failed: list[ConnectorError] = []
    seen = cursor.seen
    for at in [*range(following, len(terms)), *range(following)]:
        if (found and clock() > until) or len(failed) > 1:
            break
        following = (at + 1) % len(terms)
        try:
            found.append(await _results(site, terms[at], seen, fetch, now))
        except ConnectorError as error:
            failed.append(error)
            if isinstance(error, Throttled):
                following = at
                break
        else:
            seen = found[-1].cursor.seen
    if not found:
        raise failed[0]
    return _together(found, failed, cursor, Cursor(high_water=str(following), seen=seen))


def _together(
    found: list[Batch], failed: list[ConnectorError], before: Cursor, after: Cursor
) -> Batch:
    """The searches of one poll as one. The first ever may find full pages and miss nothing."""
    reasons = [str(error) for error in failed]
    reasons += [one.health.reason for one in found if isinstance(one.health, Partial)]
    outrun = any(one.possible_gap and len(one.mentions) >= PAGE for one in found)
    return Batch(
        mentions=tuple(mention for batch in found for mention in batch.mentions),
        cursor=after,
        health=Partial(reasons[0]) if reasons else Ok(),
        possible_gap=bool(before.seen) and outrun,
        rests_seconds=max(one.rests_seconds for one in found),
    )


async def _results(
    site: str, term: str, seen: tuple[str, ...], fetch: Fetcher, now: datetime
) -> Batch:
    """What one search brings that is new. Raises ConnectorError."""
    address = f"{site}/?s={quote_plus(term)}&feed=rss2"
    try:
        async with asyncio.timeout(TERM_SECONDS):
            # WordPress gives one validator for all its feeds, so none is sent here.
            known = Cursor(seen=seen)
            return await poll_feed(address, known, parser=parse_feed, fetch=fetch, now=now)
    except TimeoutError:
        raise Unreachable from None


def _position(cursor: Cursor, terms: tuple[str, ...]) -> int:
    written = cursor.high_water or ""
    return int(written) % len(terms) if written.isdecimal() else 0


CONNECTOR = WordPress()
