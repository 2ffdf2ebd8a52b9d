"""What every feed-like source shares: fetch with validators, parse safely, take what is new."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import Malformed
from connectors.fetch.client import Fetcher, Response
from connectors.parse.child import Limits, parse
from connectors.parse.items import Feed, Item
from connectors.types import (
    Author,
    Batch,
    Cursor,
    Media,
    Mention,
    MentionKind,
    NotModified,
    Ok,
    Partial,
)

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, */*;q=0.1"
)
REMEMBERED = 1_000
PLATFORM = "web"
MAX_TITLE = 500
MAX_ADDRESS = 2_048
LONGEST_ID = 300
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the web; broken dates tend to be of 1970."""
_REDIRECTORS = {"www.google.com": ("/url", "url"), "www.bing.com": ("/news/apiclick.aspx", "url")}
_GLOBAL = re.compile(r"(?:https?://|tag:|urn:)", re.IGNORECASE)
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What a feed may hold and a database or a page may not."""

Parser = Callable[[bytes, str, str], Feed]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]", max_length=MAX_ADDRESS)]


class FeedOptions(BaseModel):
    """`url` of the feed. `posts` says what its items are; `platform` is where they stand
    when the same posts may also be found by another road."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Address
    posts: MentionKind = "article"
    platform: str = PLATFORM


async def poll_feed(
    url: str,
    cursor: Cursor,
    *,
    parser: Parser,
    fetch: Fetcher,
    now: datetime,
    kind: MentionKind = "article",
    platform: str = PLATFORM,
) -> Batch:
    """One feed, read to its end. Raises ConnectorError.

    A feed is a window without a "since": what was seen is remembered by id. When nothing in
    the window is known although a window was read before, items may have been missed. A
    cursor made for another address is not used: its validators would hide this one's posts.
    """
    here = place(url)
    known = cursor if cursor.high_water in (None, here) else Cursor()
    answer = await fetch.get(url, accept=ACCEPT, etag=known.etag, last_modified=known.last_modified)
    if answer.not_modified:
        if not (known.etag or known.last_modified):
            raise Malformed("The source says that nothing changed, though it was never read.")
        return Batch(cursor=known, health=NotModified(), rests_seconds=answer.fresh_seconds)
    feed = await read(answer, parser, fetch)
    site = urlsplit(answer.url).hostname or ""
    window: dict[str, Mention] = {}
    for item in feed.items:
        if item.title or item.text or item.url:
            one = mention(item, site=site, now=now, kind=kind, platform=platform)
            window.setdefault(one.external_id, one)
    seen = set(known.seen)
    fresh = tuple(one for name, one in window.items() if name not in seen)
    whole = not feed.partial
    return Batch(
        mentions=fresh,
        cursor=Cursor(
            # Without validators what could not be read now is asked for again.
            etag=answer.etag if whole else None,
            last_modified=answer.last_modified if whole else None,
            high_water=here,
            seen=remembered(known.seen, list(reversed(window))),  # feeds begin with the newest
        ),
        health=Ok() if whole else Partial(feed.partial),
        possible_gap=bool(seen) and len(fresh) > 1 and len(fresh) == len(window),
        rests_seconds=max(feed.rests_seconds, answer.fresh_seconds),
    )


def place(url: str) -> str:
    """By what a cursor knows the feed that it was made for."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


async def read(answer: Response, parser: Parser, fetch: Fetcher) -> Feed:
    """The answer's records, read where hostile bytes may. Raises ConnectorError."""
    limits = Limits.of(fetch.settings)
    return await asyncio.to_thread(
        parse, parser, answer.body, answer.content_type, answer.url, limits=limits
    )


def remembered(before: tuple[str, ...], window: list[str]) -> tuple[str, ...]:
    """The ids to know again, newest poll last, at most 1,000."""
    current = set(window)
    kept = [one for one in before if one not in current]
    return tuple([*kept, *dict.fromkeys(window)][-REMEMBERED:])


def mention(
    item: Item, *, site: str, now: datetime, kind: MentionKind, platform: str = PLATFORM
) -> Mention:
    """An item as a mention. Its id falls back from the publisher's to the address to a digest
    of title and date; a date in the future becomes now; a missing one too, and says so."""
    published = item.published_at if (item.published_at or now) >= EARLIEST else None
    title = _writable(item.title)[:MAX_TITLE]
    return Mention(
        platform=platform,
        external_id=_identity(item, site),
        url=unwrapped(_writable(item.url)),
        title=title,
        text=_untitled(_writable(item.text), title),
        kind=kind,
        author=Author(name=_writable(item.author) or None),
        published_at=min(published or now, now),
        published_known=published is not None,
        edited_at=_edited(item, now),
        fetched_at=now,
        media=tuple(Media(url=unwrapped(_writable(url)), type=form) for url, form in item.media),
    )


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _edited(item: Item, now: datetime) -> datetime | None:
    """Feeds often give the time of posting as that of the last change too."""
    if item.edited_at is None or item.edited_at == item.published_at or item.edited_at < EARLIEST:
        return None
    return min(item.edited_at, now)


def _untitled(text: str, title: str) -> str:
    """The text without the title, where the feed repeats it as the first line."""
    first, _, rest = text.partition("\n")
    return rest if title and first == title else text


def _identity(item: Item, site: str) -> str:
    """An id that no other site gives: many number their posts from 1."""
    given = _writable(item.id or item.url) or _digest(item)
    if len(given) > LONGEST_ID:
        given = hashlib.sha256(given.encode()).hexdigest()
    return given if _GLOBAL.match(given) else f"{site}:{given}"


def _digest(item: Item) -> str:
    stamp = item.published_at.isoformat() if item.published_at else item.text
    return hashlib.sha256(f"{item.title}\0{stamp}".encode("utf-8", "replace")).hexdigest()


def unwrapped(url: str) -> str:
    """The address behind a search engine's redirect, read out of it; nothing is fetched.
    Empty for what is not a web address of a sane length."""
    try:
        parts = urlsplit(url)
        path, parameter = _REDIRECTORS.get(parts.netloc, ("", ""))
        if path and parts.path == path:
            url = parse_qs(parts.query).get(parameter, [url])[0]
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in ("http", "https") and len(url) <= MAX_ADDRESS else ""
