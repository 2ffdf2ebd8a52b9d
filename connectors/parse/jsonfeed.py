"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text, tidy
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
    publisher = _authors(document)
    read = [_item(item, publisher) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    lost = len(items[:MAX_ITEMS]) - len(read)
    return Feed(items=tuple(read), partial=f"{lost} items could not be read." if lost else "")


def _item(item: Record, publisher: str) -> Item:
    plain = tidy(values.string(item, "content_text"))
    marked = values.string(item, "content_html") or values.string(item, "summary")
    return Item(
        id=values.string(item, "id") or values.name(item, "id"),
        url=values.string(item, "url") or values.string(item, "external_url"),
        title=html_to_text(values.string(item, "title")),
        text=plain or html_to_text(marked),
        author=_authors(item) or publisher,
        published_at=values.moment(values.string(item, "date_published")),
        edited_at=values.moment(values.string(item, "date_modified")),
        media=_media(item),
    )


def _authors(owner: Record) -> str:
    """The names of version 1.1's authors or 1.0's author; an item without them has the feed's."""
    people = values.records(owner, "authors") or [values.record(owner, "author")]
    names = [values.string(person, "name", values.MAX_NAME) for person in people]
    return ", ".join(filter(None, names))[: values.MAX_NAME]


def _media(item: Record) -> tuple[tuple[str, str], ...]:
    image = values.string(item, "image")
    attached = values.records(item, "attachments")[:10]
    return (
        *([(image, "image")] if image else []),
        *((values.string(one, "url"), values.string(one, "mime_type", 100)) for one in attached),
    )
