"""Answers of Flarum: posts of a discussion (JSON:API; flarum/framework, PostResource)."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import Around, Item
from connectors.parse.values import Record

MOST_AROUND = 100


def parse_posts(body: bytes, content_type: str, url: str) -> Around:
    """Posts near the one that was asked for, in their order; the discussion they stand in comes
    beside them. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Malformed("The answer is no list of posts.")
    beside = values.records(answer, "included")[: MOST_AROUND * 2]
    titles = {
        values.name(one, "id"): values.string(
            values.record(one, "attributes"), "title", values.MAX_NAME * 2
        )
        for one in beside
        if one.get("type") == "discussions"
    }
    site = urlsplit(url)
    base = f"{site.scheme}://{site.netloc}/d"
    found = (_item(one, base, titles) for one in values.records(answer, "data")[:MOST_AROUND])
    return Around(
        after=tuple(sorted((one for one in found if one), key=lambda item: int(item.position)))
    )


def _item(post: Record, base: str, titles: dict[str, str]) -> Item | None:
    """A comment, as people's posts are called there; None for what tells of a change."""
    said = values.record(post, "attributes")
    number = values.name(said, "number")
    related = values.record(values.record(post, "relationships"), "discussion")
    discussion = values.name(values.record(related, "data"), "id")
    if said.get("contentType") != "comment" or not (number.isdecimal() and discussion):
        return None
    return Item(
        id=f"{base}/{discussion}/{number}",
        url=f"{base}/{discussion}/{number}",
        title=titles.get(discussion, ""),
        text=html_to_text(values.string(said, "contentHtml")),
        published_at=values.moment(values.string(said, "createdAt", 40)),
        position=number,
    )
