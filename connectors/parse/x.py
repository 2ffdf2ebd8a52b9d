"""Answers of X: posts of its recent search (API v2)."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record

POST = "https://x.com/i/web/status/"


def parse_posts(body: bytes, content_type: str, url: str) -> Feed:
    """The posts, newest first; `position` is the number of each. An answer without any has no
    list of them. Raises Malformed."""
    answer = values.document(body)
    meta = values.record(answer, "meta") if isinstance(answer, dict) else {}
    if not isinstance(meta.get("result_count"), int):
        raise Malformed("The answer is none of a search.")
    given = values.records(answer, "data")[:MAX_ITEMS]
    found = tuple(_item(one) for one in given if values.string(one, "id").isdecimal())
    lost = len(given) - len(found)
    return Feed(
        items=found,
        partial=f"{lost} posts could not be read." if lost else "",
        next=values.string(meta, "next_token", values.MAX_NAME),
    )


def parse_problem(body: bytes) -> str:
    """The last word of the problem's type, such as "usage-capped"; empty when there is none.
    Raises Malformed."""
    answer = values.document(body)
    kind = values.string(answer, "type", values.MAX_NAME) if isinstance(answer, dict) else ""
    return kind.rstrip("/").rpartition("/")[2]


def _item(post: Record) -> Item:
    number = values.string(post, "id", 30)
    whole = values.string(values.record(post, "note_tweet"), "text")
    answered = values.records(post, "referenced_tweets")
    parents = [one for one in answered if one.get("type") == "replied_to"]
    return Item(
        id=number,
        url=f"{POST}{number}",
        text=whole or values.string(post, "text"),
        published_at=values.moment(values.string(post, "created_at", values.MAX_NAME)),
        parent=f"{POST}{values.string(parents[0], 'id', 30)}" if parents else "",
        language=values.string(post, "lang", 35),
        position=number,
    )
