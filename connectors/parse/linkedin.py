"""Answers of LinkedIn's REST interface: what happened on a page, and the words of it
(learn.microsoft.com/linkedin/marketing/community-management)."""

from __future__ import annotations

import re
from urllib.parse import quote

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record

SHOWN = "https://www.linkedin.com/feed/update/"
_POST = re.compile(r"urn:li:(?:share|ugcPost|activity):[0-9]{1,30}")
_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?([a-zA-Z]+:[0-9]{1,30}),([0-9]{1,30})\)")
_NAMED = re.compile(r"@\[([^\]]*)\]\([^)]*\)|\{hashtag\|\\?#\|([^}]*)\}")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#*_~\\])")


def parse_notifications(body: bytes, content_type: str, url: str) -> Feed:
    """What others did, each with its words where they are given; where they are not,
    `position` is the path of the interface that has them. `handle` is who did it, `next` not
    empty when the page is full. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise Malformed("The answer is no list of notifications.")
    given = answer["elements"][:MAX_ITEMS]
    found = [item for one in given if isinstance(one, dict) and (item := _item(one))]
    lost = len(given) - len(found)
    count = values.record(answer, "paging").get("count")
    return Feed(
        items=tuple(found),
        partial=f"{lost} notifications could not be read." if lost else "",
        next="more" if isinstance(count, int) and 0 < count <= len(given) else "",
    )


def parse_words(body: bytes) -> str:
    """The words of a post or a comment. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        raise Malformed("The answer is no post.")
    return _words(answer)


def parse_name(body: bytes) -> str:
    """What an organisation is called; empty when it is not told. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        raise Malformed("The answer is no organisation.")
    return values.string(answer, "localizedName", values.MAX_NAME)


def parse_refusal(body: bytes) -> str:
    """The code of an error; empty when none is given. Raises Malformed."""
    answer = values.document(body)
    return values.string(answer, "code", values.MAX_NAME) if isinstance(answer, dict) else ""


def _item(one: Record) -> Item | None:
    made = values.string(one, "generatedActivity", values.MAX_NAME)
    below = values.string(one, "sourcePost", values.MAX_NAME)
    decorated = values.record(one, "decoratedGeneratedActivity")
    told = values.record(decorated, "comment") or values.record(decorated, "share")
    comment = _COMMENT.fullmatch(made)
    post = made if _POST.fullmatch(made) else below
    if comment:
        thread = f"urn:li:{comment[1]}"
        path = f"socialActions/{quote(thread, safe='')}/comments/{comment[2]}"
        address = f"{SHOWN}{thread}/?commentUrn={quote(made, safe='')}"
    elif _POST.fullmatch(post):
        made, path, address = post, f"posts/{quote(post, safe='')}", f"{SHOWN}{post}/"
    else:
        return None
    return Item(
        id=made,
        url=address,
        text=_words(told),
        handle=values.string(told, "owner", values.MAX_NAME),
        published_at=values.instant(one, "lastModifiedAt", per_second=1000),
        parent=below if comment else "",
        position=path,
    )


def _words(said: Record) -> str:
    """Plain, whatever way of writing names and signs LinkedIn has for it."""
    given = (
        values.string(said, "text"),
        values.string(values.record(said, "message"), "text"),
        values.string(said, "commentary"),
    )
    *plain, marked = given
    named = _NAMED.sub(lambda found: found[1] or f"#{found[2]}", marked)
    return next(filter(None, plain), "") or _ESCAPED.sub(r"\1", named)
