"""Answers of the Instagram Graph API: pictures that tag an account, comments below its own."""

from __future__ import annotations

from dataclasses import replace

from connectors.parse import graph, values
from connectors.parse.items import Feed, Item
from connectors.parse.values import Record

COMMENTS = 50
"""Shown below each picture, the newest first."""
_COMMENT = "id,text,timestamp,username"
TAGS = "id,caption,media_type,permalink,timestamp,username"
MEDIA = f"{TAGS},comments.limit({COMMENTS}){{{_COMMENT},replies{{{_COMMENT}}}}}"


def parse_media(body: bytes, content_type: str, url: str) -> Feed:
    """Pictures, each followed by its comments and their replies. `position` of one with more
    comments than are shown is the time of the oldest that is. Raises Malformed."""
    found, lost, following = graph.listed(body)
    return Feed(
        items=tuple(item for one in found for item in _with_comments(one)),
        partial=f"{lost} pictures could not be read." if lost else "",
        next=following,
    )


def _with_comments(picture: Record) -> list[Item]:
    under = values.record(picture, "comments")
    given = [one for one in values.records(under, "data") if values.name(one, "id")]
    address, below = values.string(picture, "permalink"), values.name(picture, "id")
    items: list[Item] = []
    for comment in given:
        items.append(_item(comment, "text", address, below))
        replies = values.records(values.record(comment, "replies"), "data")
        items += [_item(one, "text", address, values.name(comment, "id")) for one in replies]
    oldest = values.string(given[-1], "timestamp", values.MAX_NAME) if given else ""
    cut = oldest if graph.following(under) else ""
    return [replace(_item(picture, "caption", address, ""), position=cut), *items]


def _item(said: Record, words: str, address: str, parent: str) -> Item:
    return Item(
        id=values.name(said, "id"),
        url=address,
        text=values.string(said, words),
        author=values.string(said, "username", values.MAX_NAME),
        handle=values.string(said, "username", values.MAX_NAME),
        published_at=values.moment(values.string(said, "timestamp", values.MAX_NAME)),
        parent=parent,
    )
