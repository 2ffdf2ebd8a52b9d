"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record


def parse_jsonfeed(body: bytes, content_type: str, url: str) -> Feed:
    """The items of a JSON Feed; an item that is none is left out. Raises Malformed."""
    document = values.document(body)
    version = document.get("version") if isinstance(document, dict) else None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version" not in version:
        raise Malformed("The answer is not a JSON Feed.")
    if not isinstance(items, list):
        raise Malformed("The JSON Feed has no items.")
    read = [_item(item) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    lost = len(items[:MAX_ITEMS]) - len(read)
    return Feed(items=tuple(read), partial=f"{lost} items could not be read." if lost else "")


def _item(item: Record) -> Item:
    plain = values.string(item, "content_text")
    marked = values.string(item, "content_html") or values.string(item, "summary")
    return Item(
        id=values.string(item, "id") or str(item.get("id") or ""),
        url=values.string(item, "url") or values.string(item, "external_url"),
        title=html_to_text(values.string(item, "title")),
        text=plain or html_to_text(marked),
        author=_author(item),
        published_at=values.moment(values.string(item, "date_published")),
        edited_at=values.moment(values.string(item, "date_modified")),
    )


def _author(item: Record) -> str:
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) else None
    return values.string(first, "name", values.MAX_NAME) if isinstance(first, dict) else ""
