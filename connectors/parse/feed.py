"""RSS and Atom by feedparser, on bytes that were fetched already.

feedparser never fetches anything here: it is given bytes only, and none that are monstrous.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser

from connectors.errors import Malformed, TooLarge
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, MAX_TEXT, Feed, Item
from connectors.parse.markup import is_monstrous


def parse_feed(body: bytes, content_type: str, url: str) -> Feed:
    """The items of an RSS or Atom document.

    Raises Malformed when it is neither (a login page, say), TooLarge for monstrous markup.
    """
    if is_monstrous(body):
        raise TooLarge("The feed holds a tag longer, or nests deeper, than any honest one.")
    parsed: Any = feedparser.parse(
        BytesIO(body),
        response_headers={"content-type": content_type},
        sanitize_html=False,
        # It would resolve guids too, and a feed that moves would bring every post again.
        resolve_relative_uris=False,
    )
    if not parsed.version:
        raise Malformed("The answer is not a feed; it may be a login or consent page.")
    items = tuple(_item(entry, url) for entry in parsed.entries[:MAX_ITEMS])
    broken = bool(parsed.bozo) and not isinstance(
        parsed.get("bozo_exception"),
        feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType,
    )
    return Feed(items=items, partial="The feed is broken; what could be read was." * broken)


def _item(entry: Any, base: str) -> Item:
    return Item(
        id=str(entry.get("id", "")),
        url=_resolved(base, str(entry.get("link", ""))),
        title=html_to_text(str(entry.get("title", ""))),
        text=html_to_text(_content(entry)),
        author=str(entry.get("author", ""))[:200],
        published_at=_time(entry.get("published_parsed")) or _time(entry.get("updated_parsed")),
        edited_at=_time(entry.get("updated_parsed")),
        media=tuple(
            (str(link.get("href", "")), str(link.get("type", "")))
            for link in entry.get("enclosures", [])[:10]
        ),
    )


def _content(entry: Any) -> str:
    """The longest of what the feed gives: a summary is often the beginning of the content."""
    parts = [str(part.get("value", "")) for part in entry.get("content", [])]
    return max([*parts, str(entry.get("summary", ""))], key=len)[: MAX_TEXT * 2]


def _time(parsed: struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _resolved(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""
