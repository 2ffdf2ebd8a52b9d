"""Answers of YouTube's Data API v3 (developers.google.com/youtube/v3/docs)."""

from __future__ import annotations

import html

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record

WATCH = "https://www.youtube.com/watch?v="


def parse_videos(body: bytes, content_type: str, url: str) -> Feed:
    """The videos of a search or of a list by id; both give titles, a search the beginning of
    each description only. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise Malformed("The answer is no list of videos.")
    listed = values.records(answer, "items")[:MAX_ITEMS]
    found = tuple(item for item in map(_item, listed) if item.position)
    lost = len(answer["items"][:MAX_ITEMS]) - len(found)
    return Feed(items=found, partial=f"{lost} videos could not be read." if lost else "")


def _item(video: Record) -> Item:
    """A search gives the id within a record that says of what kind it is."""
    number = values.string(values.record(video, "id"), "videoId") or values.string(video, "id")
    said = values.record(video, "snippet")
    return Item(
        id=f"{WATCH}{number}",
        url=f"{WATCH}{number}",
        title=html.unescape(values.string(said, "title")),
        text=html.unescape(values.string(said, "description")),
        author=html.unescape(values.string(said, "channelTitle", values.MAX_NAME)),
        handle=values.string(said, "channelId", values.MAX_NAME),
        published_at=values.moment(values.string(said, "publishedAt")),
        position=number,
    )
