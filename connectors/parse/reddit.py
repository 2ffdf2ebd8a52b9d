"""Answers of Reddit: a token and a listing of posts (Data API, "Listings")."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record

NOBODY = frozenset(("", "[deleted]", "[removed]"))


def parse_token(body: bytes) -> str:
    """The token to ask with. Raises Malformed."""
    answer = values.document(body)
    token = values.string(answer, "access_token", 4096) if isinstance(answer, dict) else ""
    if not token or not token.isascii() or not token.isprintable():
        raise Malformed("The answer is no token.")
    return token


def parse_posts(body: bytes, content_type: str, url: str) -> Feed:
    """The posts of a listing, newest first, without those that their author or a moderator took
    away. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or answer.get("kind") != "Listing":
        raise Malformed("The answer is no listing of posts.")
    listing = values.record(answer, "data")
    given = values.records(listing, "children")[:MAX_ITEMS]
    posts = [values.record(one, "data") for one in given if one.get("kind") == "t3"]
    found = [one for one in posts if values.string(one, "name")]
    lost = len(given) - len(found)
    return Feed(
        items=tuple(_item(one) for one in found if _is_there(one)),
        partial=f"{lost} posts could not be read." if lost else "",
        next=values.string(listing, "after", values.MAX_NAME),
    )


def _is_there(post: Record) -> bool:
    return not post.get("removed_by_category") and post.get("selftext") not in (
        "[deleted]",
        "[removed]",
    )


def _item(post: Record) -> Item:
    author = values.string(post, "author", values.MAX_NAME)
    path = values.string(post, "permalink", 1024)
    edited = None if isinstance(post.get("edited"), bool) else values.instant(post, "edited")
    return Item(
        id=values.string(post, "name", values.MAX_NAME),
        url=f"https://www.reddit.com{path}" if path.startswith("/") else "",
        title=values.string(post, "title"),
        text=values.string(post, "selftext"),
        handle="" if author in NOBODY else author,
        published_at=values.instant(post, "created_utc"),
        edited_at=edited,
    )
