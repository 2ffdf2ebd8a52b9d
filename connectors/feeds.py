"""What every feed-like source shares: fetch with validators, parse safely, take what is new."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from connectors.fetch.client import Fetcher
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
_REDIRECTORS = {"www.google.com": ("/url", "url"), "www.bing.com": ("/news/apiclick.aspx", "url")}

_GLOBAL = re.compile(r"(?:https?://|tag:|urn:)", re.IGNORECASE)

Parser = Callable[[bytes, str, str], Feed]


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
    the window is known although a window was read before, items may have been missed.
    """
    answer = await fetch.get(
        url, accept=ACCEPT, etag=cursor.etag, last_modified=cursor.last_modified
    )
    if answer.not_modified:
        return Batch(cursor=cursor, health=NotModified())
    feed = await asyncio.to_thread(
        parse,
        parser,
        answer.body,
        answer.content_type,
        answer.url,
        limits=Limits.of(fetch.settings),
    )
    site = urlsplit(answer.url).hostname or ""
    mentions = [
        mention(item, site=site, now=now, kind=kind, platform=platform) for item in feed.items
    ]
    seen = set(cursor.seen)
    fresh = tuple(one for one in mentions if one.external_id not in seen)
    return Batch(
        mentions=fresh,
        cursor=Cursor(
            etag=answer.etag,
            last_modified=answer.last_modified,
            seen=remembered(cursor.seen, [one.external_id for one in mentions]),
        ),
        health=Partial(feed.partial) if feed.partial else Ok(),
        possible_gap=bool(seen) and len(fresh) > 1 and len(fresh) == len(mentions),
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
    published = item.published_at
    return Mention(
        platform=platform,
        external_id=_identity(item, site),
        url=unwrapped(item.url),
        title=item.title[:500],
        text=_text(item),
        kind=kind,
        author=Author(name=item.author or None),
        published_at=min(published or now, now),
        published_known=published is not None,
        edited_at=_edited(item, now),
        fetched_at=now,
        media=tuple(Media(url=url, type=form) for url, form in item.media),
    )


def _edited(item: Item, now: datetime) -> datetime | None:
    """Feeds often give the time of posting as that of the last change too."""
    if item.edited_at is None or item.edited_at == item.published_at:
        return None
    return min(item.edited_at, now)


def _text(item: Item) -> str:
    """The text without the title, where the feed repeats it as the first line."""
    first, _, rest = item.text.partition("\n")
    return rest if item.title and first == item.title else item.text


def _identity(item: Item, site: str) -> str:
    """An id that no other site gives: many number their posts from 1."""
    given = item.id or item.url or _digest(item)
    return given if _GLOBAL.match(given) else f"{site}:{given}"


def _digest(item: Item) -> str:
    stamp = item.published_at.isoformat() if item.published_at else item.text
    return hashlib.sha256(f"{item.title}\0{stamp}".encode("utf-8", "replace")).hexdigest()


def unwrapped(url: str) -> str:
    """The address behind a search engine's redirect, read out of it; nothing is fetched."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path, parameter = _REDIRECTORS.get(parts.netloc, ("", ""))
    if path and parts.path == path:
        return parse_qs(parts.query).get(parameter, [url])[0]
    return url if parts.scheme in ("http", "https") else ""
