"""Answers of the Threads API: posts of a search (developers.facebook.com/docs/threads)."""

from __future__ import annotations

from connectors.parse import graph, values
from connectors.parse.items import Feed, Item
from connectors.parse.values import Record

FIELDS = "id,text,media_type,permalink,timestamp,username,is_reply,replied_to"


def parse_posts(body: bytes, content_type: str, url: str) -> Feed:
    """The posts of a search, newest first. Raises Malformed."""
    return graph.feed(body, _item)


def _item(post: Record) -> Item:
    return Item(
        id=values.name(post, "id"),
        url=values.string(post, "permalink"),
        text=values.string(post, "text"),
        handle=values.string(post, "username", values.MAX_NAME),
        published_at=values.moment(values.string(post, "timestamp", values.MAX_NAME)),
        parent=values.name(values.record(post, "replied_to"), "id"),
    )
