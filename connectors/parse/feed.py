"""RSS and Atom by feedparser, on bytes that were fetched already.

feedparser never fetches anything here: it is given bytes only, and none that are monstrous.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz
from io import BytesIO
from time import gmtime, struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser

from connectors.errors import Malformed, TooLarge
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, MAX_TEXT, Feed, Item
from connectors.parse.markup import is_monstrous
from connectors.parse.values import MAX_NAME

PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
"""Seconds (RDF Site Summary 1.0, module Syndication)."""
_MAIL_ADDRESS = re.compile(r"[(<]?(?<![\w@])[^\s()<>@]+@[^\s()<>@]+[)>]?")
_FOOTER = re.compile(r"\n?(?:Statistics: Posted by |The post [^\n]* appeared first on )[^\n]*\Z")
"""What phpBB and WordPress put below a post: its author or title again, which are told once."""
_SUMMER_TIME = re.compile(r"\bBST\s*$")
"""British papers' name of it, which RFC 822 does not know; it would be taken for UTC."""


def _british(written: str) -> struct_time | None:
    """A date of British Summer Time, in UTC; None for any other, which feedparser reads."""
    found, summer = _SUMMER_TIME.subn("+0100", written)
    parsed = parsedate_tz(found) if summer else None
    return gmtime(mktime_tz(parsed)) if parsed else None


feedparser.registerDateHandler(_british)


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
    return Feed(
        items=items,
        partial="The feed is broken; what could be read was." * broken,
        rests_seconds=_rests(parsed.feed),
    )


def _rests(feed: Any) -> float:
    """By RSS's `ttl` in minutes, or the syndication module's period and frequency."""
    minutes = str(feed.get("ttl", "")).strip()[:8]
    if minutes.isdecimal():
        return float(minutes) * 60
    period = PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0.0)
    times = str(feed.get("sy_updatefrequency", "")).strip()[:8]
    return period / max(int(times), 1) if times.isdecimal() else period


def _item(entry: Any, base: str) -> Item:
    return Item(
        id=str(entry.get("id", "")),
        url=_resolved(base, str(entry.get("link", ""))),
        title=html_to_text(str(entry.get("title", ""))),
        text=_FOOTER.sub("", html_to_text(_content(entry))),
        author=_author(str(entry.get("author", ""))[:MAX_NAME]),
        published_at=_time(entry.get("published_parsed")) or _time(entry.get("updated_parsed")),
        edited_at=_time(entry.get("updated_parsed")),
        media=tuple(
            (str(link.get("href", "")), str(link.get("type", "")))
            for link in entry.get("enclosures", [])[:10]
        ),
    )


def _author(written: str) -> str:
    """The name alone, without the mail address that RSS 2.0 asks for and Blogger adds."""
    name = _MAIL_ADDRESS.sub("", html_to_text(written)).strip()
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name


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
