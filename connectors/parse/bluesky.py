"""Answers of Bluesky: a session and the posts of a search (AT Protocol lexicons
com.atproto.server.createSession and app.bsky.feed.searchPosts)."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Around, Feed, Item
from connectors.parse.values import Record

MOST_AROUND = 100
HIDDEN = frozenset({"!no-unauthenticated", "!hide", "!takedown"})
"""Labels of people who want to be seen by the signed-in only, and of what was taken down."""


def parse_session(body: bytes) -> tuple[str, str]:
    """The token to ask with, and the address of the account's own server ("" when it does not
    say). Raises Malformed."""
    answer = values.document(body)
    token = values.string(answer, "accessJwt", 4096) if isinstance(answer, dict) else ""
    if not token:
        raise Malformed("The answer is no session.")
    services = values.records(values.record(answer, "didDoc"), "service")
    own = (one for one in services if values.string(one, "id").endswith("#atproto_pds"))
    return token, values.string(next(own, {}), "serviceEndpoint", 2048).rstrip("/")


def parse_posts(body: bytes, content_type: str, url: str) -> Feed:
    """The posts of a search, newest first; `position` is the time at which each was indexed.
    Raises Malformed.

    Left out are the words of people who want to be seen by the signed-in only.
    """
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("posts"), list):
        raise Malformed("The answer is no list of posts.")
    given = answer["posts"][:MAX_ITEMS]
    found = [one for one in given if isinstance(one, dict) and values.string(one, "uri")]
    lost = len(given) - len(found)
    return Feed(
        items=tuple(map(_item, found)),
        partial=f"{lost} posts could not be read." if lost else "",
        next=values.string(answer, "cursor", values.MAX_NAME),
    )


def parse_thread(body: bytes, content_type: str, url: str) -> Around:
    """What a post answers, and what answers it (app.bsky.feed.getPostThread). Raises Malformed.

    Posts that were deleted, or whose author has blocked somebody, are withheld.
    """
    answer = values.document(body)
    here = values.record(answer, "thread") if isinstance(answer, dict) else {}
    if not here:
        raise Malformed("The answer is no thread.")
    before: list[Item] = []
    above = values.record(here, "parent")
    while above and len(before) < MOST_AROUND:
        before.insert(0, _item(values.record(above, "post")))
        above = values.record(above, "parent")
    after: list[Item] = []
    below = values.records(here, "replies")[:MOST_AROUND]
    while below and len(after) < MOST_AROUND:
        one = below.pop(0)
        after.append(_item(values.record(one, "post")))
        below = [*values.records(one, "replies")[:MOST_AROUND], *below]
    return Around(
        before=tuple(one for one in before if one.id),
        after=tuple(one for one in after if one.id),
        withheld=sum(not one.id for one in (*before, *after)),
    )


def _item(post: Record) -> Item:
    """A post; of one that is not for us only its address and the time at which it was indexed."""
    indexed = values.string(post, "indexedAt", values.MAX_NAME)
    author, record = values.record(post, "author"), values.record(post, "record")
    uri = values.string(post, "uri", values.MAX_NAME * 2)
    if not _for_us(post, author):
        return Item(url=uri, position=indexed)
    did, _, key = uri.removeprefix("at://").partition("/app.bsky.feed.post/")
    images = values.records(values.record(post, "embed"), "images")[:16]
    languages = record.get("langs")
    return Item(
        id=uri,
        url=f"https://bsky.app/profile/{did}/post/{key}",
        text=values.string(record, "text"),
        author=values.string(author, "displayName", values.MAX_NAME),
        handle=values.string(author, "handle", values.MAX_NAME),
        published_at=values.moment(values.string(record, "createdAt")),
        media=tuple((values.string(one, "fullsize"), "image") for one in images),
        descriptions=tuple(values.string(one, "alt") for one in images),
        parent=values.string(
            values.record(values.record(record, "reply"), "parent"), "uri", values.MAX_NAME * 2
        ),
        language=str(languages[0])[:35] if isinstance(languages, list) and languages else "",
        position=indexed,
    )


def _for_us(post: Record, author: Record) -> bool:
    labels = [*values.records(post, "labels"), *values.records(author, "labels")]
    return HIDDEN.isdisjoint(values.string(one, "val", values.MAX_NAME) for one in labels)
