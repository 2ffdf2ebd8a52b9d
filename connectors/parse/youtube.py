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


def parse_comments(body: bytes, content_type: str, url: str) -> Feed:
    """Comments, each followed by those of its replies that come with it; `position` is the
    video's id. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise Malformed("The answer is no list of comments.")
    items: list[Item] = []
    for thread in values.records(answer, "items")[:MAX_ITEMS]:
        said = values.record(thread, "snippet")
        top = values.record(said, "topLevelComment")
        video = values.string(said, "videoId", values.MAX_NAME)
        items.append(_comment(top, video, f"{WATCH}{video}"))
        replies = values.records(values.record(thread, "replies"), "comments")
        items += [_comment(one, video, items[-1].id) for one in replies]
    found = tuple(item for item in items if item.id)
    lost = len(items) - len(found)
    return Feed(
        items=found,
        partial=f"{lost} comments could not be read." if lost else "",
        next=values.string(answer, "nextPageToken", 1024),
    )


def parse_replies(body: bytes, content_type: str, url: str) -> Feed:
    """Single comments; `position` is the comment's own id. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise Malformed("The answer is no list of comments.")
    given = values.records(answer, "items")[:MAX_ITEMS]
    items = (
        Item(
            position=values.string(one, "id", values.MAX_NAME),
            text=values.string(values.record(one, "snippet"), "textDisplay"),
        )
        for one in given
    )
    found = tuple(item for item in items if item.position)
    lost = len(answer["items"]) - len(found)
    return Feed(items=found, partial=f"{lost} comments could not be read." if lost else "")


def parse_refusal(body: bytes) -> str:
    """The reason of the first error, or the closer one that is given beside it; empty when
    there is none. Raises Malformed."""
    answer = values.document(body)
    error = values.record(answer, "error") if isinstance(answer, dict) else {}
    reasons = [*values.records(error, "details"), *values.records(error, "errors")]
    return next((said for one in reasons if (said := values.name(one, "reason"))), "")


def _comment(comment: Record, video: str, parent: str) -> Item:
    said = values.record(comment, "snippet")
    number = values.string(comment, "id", values.MAX_NAME)
    address = f"{WATCH}{video}&lc={number}" if number and video else ""
    return Item(
        id=address,
        url=address,
        text=values.string(said, "textDisplay"),
        author=values.string(said, "authorDisplayName", values.MAX_NAME),
        handle=values.string(values.record(said, "authorChannelId"), "value", values.MAX_NAME),
        published_at=values.moment(values.string(said, "publishedAt")),
        edited_at=values.moment(values.string(said, "updatedAt")),
        parent=parent,
        position=video,
    )


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
