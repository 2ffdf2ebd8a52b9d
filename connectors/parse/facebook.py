"""Answers of Facebook's Graph API: posts on a page, with their newest comments."""

from __future__ import annotations

from dataclasses import replace

from connectors.parse import graph, values
from connectors.parse.items import Feed, Item
from connectors.parse.values import Record

COMMENTS = 50
"""Shown below each post, the newest first."""
TAGGED = "id,message,created_time,permalink_url,from,attachments{media_type,url}"
FEED = (
    f"{TAGGED},comments.filter(stream).order(reverse_chronological).limit({COMMENTS})"
    "{id,message,created_time,permalink_url,from,parent{id}}"
)


def parse_posts(body: bytes, content_type: str, url: str) -> Feed:
    """Posts, each followed by its comments. `handle` is the number of the author, which is
    often withheld; `position` of a post with more comments than are shown is the time of the
    oldest that is. Raises Malformed."""
    found, lost, following = graph.listed(body)
    return Feed(
        items=tuple(item for post in found for item in _with_comments(post)),
        partial=f"{lost} posts could not be read." if lost else "",
        next=following,
    )


def _with_comments(post: Record) -> list[Item]:
    under = values.record(post, "comments")
    below = values.name(post, "id")
    given = [one for one in values.records(under, "data") if values.name(one, "id")]
    comments = [
        _item(one, values.name(values.record(one, "parent"), "id") or below) for one in given
    ]
    oldest = values.string(given[-1], "created_time", values.MAX_NAME) if given else ""
    cut = oldest if graph.following(under) else ""
    return [replace(_item(post), position=cut), *comments]


def _item(said: Record, parent: str = "") -> Item:
    author = values.record(said, "from")
    attached = values.records(values.record(said, "attachments"), "data")[:16]
    return Item(
        id=values.name(said, "id"),
        url=values.string(said, "permalink_url"),
        text=values.string(said, "message"),
        author=values.string(author, "name", values.MAX_NAME),
        handle=values.name(author, "id"),
        published_at=values.moment(values.string(said, "created_time", values.MAX_NAME)),
        media=tuple(
            (values.string(one, "url"), values.string(one, "media_type", 40)) for one in attached
        ),
        parent=parent,
    )
