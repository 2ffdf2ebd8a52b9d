"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from connectors.errors import Malformed
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, MAX_TEXT, Feed, Item


def parse_jsonfeed(body: bytes, content_type: str, url: str) -> Feed:
    """The items of a JSON Feed; an item that is none is left out. Raises Malformed."""
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise Malformed("The answer is not JSON.") from None
    version = document.get("version") if isinstance(document, dict) else None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version" not in version:
        raise Malformed("The answer is not a JSON Feed.")
    if not isinstance(items, list):
        raise Malformed("The JSON Feed has no items.")
    read = [_item(item) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    lost = len(items[:MAX_ITEMS]) - len(read)
    return Feed(items=tuple(read), partial=f"{lost} items could not be read." if lost else "")


def _item(item: dict[str, Any]) -> Item:
    plain = _string(item, "content_text")
    return Item(
        id=_string(item, "id") or str(item.get("id") or ""),
        url=_string(item, "url") or _string(item, "external_url"),
        title=html_to_text(_string(item, "title")),
        text=plain or html_to_text(_string(item, "content_html") or _string(item, "summary")),
        author=_author(item),
        published_at=_time(_string(item, "date_published")),
        edited_at=_time(_string(item, "date_modified")),
    )


def _string(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) else None
    return _string(first, "name")[:200] if isinstance(first, dict) else ""


def _time(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
