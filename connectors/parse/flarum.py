"""Answers of Flarum: a discussion with its posts (docs.flarum.org, JSON:API)."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import Around, Item

MOST_AROUND = 100


def parse_discussion(body: bytes, content_type: str, url: str) -> Around:
    """The posts near the one that was asked for, in their order. Raises Malformed."""
    answer = values.document(body)
    here = values.record(answer, "data") if isinstance(answer, dict) else {}
    if here.get("type") != "discussions":
        raise Malformed("The answer is no discussion.")
    number, site = values.name(here, "id"), urlsplit(url)
    base = f"{site.scheme}://{site.netloc}/d/{number}"
    title = values.string(values.record(here, "attributes"), "title", values.MAX_NAME * 2)
    found = []
    for one in values.records(answer, "included")[: MOST_AROUND * 2]:
        said = values.record(one, "attributes")
        position = values.name(said, "number")
        if one.get("type") == "posts" and said.get("contentType") == "comment" and position:
            found.append(
                Item(
                    id=f"{base}/{position}",
                    url=f"{base}/{position}",
                    title=title,
                    text=html_to_text(values.string(said, "contentHtml")),
                    published_at=values.moment(values.string(said, "createdAt", 40)),
                    position=position,
                )
            )
    return Around(after=tuple(sorted(found, key=lambda item: int(item.position)))[:MOST_AROUND])
