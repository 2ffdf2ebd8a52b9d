"""Answers of Trustpilot's public interface: the reviews of a business unit
(developers.trustpilot.com)."""

from __future__ import annotations

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import Feed, Item
from connectors.parse.values import Record

PAGE = 100
"""Reviews asked for at once; fewer are the last ones."""
SHOWN = "https://www.trustpilot.com/reviews/"


def parse_reviews(body: bytes, content_type: str, url: str) -> Feed:
    """The reviews as they were ordered. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("reviews"), list):
        raise Malformed("The answer is no list of reviews.")
    given = answer["reviews"][:PAGE]
    found = [one for one in given if isinstance(one, dict) and values.string(one, "id")]
    lost = len(given) - len(found)
    return Feed(
        items=tuple(map(_item, found)),
        partial=f"{lost} reviews could not be read." if lost else "",
        next="more" if len(given) == PAGE else "",
    )


def parse_name(body: bytes) -> str:
    """What a business unit is called; empty when it is not told. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        raise Malformed("The answer is no business unit.")
    return values.string(answer, "displayName", values.MAX_NAME)


def _item(review: Record) -> Item:
    number = values.string(review, "id", values.MAX_NAME)
    return Item(
        id=number,
        url=f"{SHOWN}{number}",
        title=values.string(review, "title"),
        text=values.string(review, "text"),
        author=values.string(values.record(review, "consumer"), "displayName", values.MAX_NAME),
        published_at=values.moment(values.string(review, "createdAt", values.MAX_NAME)),
        edited_at=values.moment(values.string(review, "updatedAt", values.MAX_NAME)),
        language=values.string(review, "language", 35),
    )
