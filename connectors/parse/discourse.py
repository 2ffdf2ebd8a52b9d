"""Answers of Discourse, as its pages get them: a search and a topic (docs.discourse.org)."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, Around, Feed, Item
from connectors.parse.values import Record

MOST_AROUND = 100


def parse_search(body: bytes, content_type: str, url: str) -> Feed:
    """The posts that were found, with their topics' titles. Raises Malformed. What is found
    comes as its beginning, without markup."""
    answer = values.document(body)
    if not isinstance(answer, dict) or "grouped_search_result" not in answer:
        raise Malformed("The answer is no result of a search.")
    topics = {values.name(one, "id"): one for one in values.records(answer, "topics")}
    given = values.records(answer, "posts")[:MAX_ITEMS]
    items = [_item(one, topics.get(values.name(one, "topic_id"), {}), url) for one in given]
    more = values.record(answer, "grouped_search_result").get("more_full_page_results")
    return Feed(items=tuple(one for one in items if one.id), next="more" if more else "")


def parse_topic(body: bytes, content_type: str, url: str) -> Around:
    """A stretch of a topic: its first post and those near the one that was asked for, in their
    order. Raises Malformed."""
    topic = values.document(body)
    stream = values.record(topic, "post_stream") if isinstance(topic, dict) else {}
    posts = values.records(stream, "posts")[:MOST_AROUND]
    if not posts:
        raise Malformed("The answer is no topic.")
    items = [_item({"topic_id": topic.get("id"), **one}, topic, url) for one in posts]
    return Around(after=tuple(one for one in items if one.id and one.text))


def _item(post: Record, topic: Record, url: str) -> Item:
    """Known by what the feed of the same forum calls it, so that both roads bring one mention;
    its `position` is its number in the topic."""
    number, place = values.name(post, "post_number"), values.name(post, "topic_id")
    if not (number.isdecimal() and place.isdecimal()):
        return Item()
    site = urlsplit(url)
    slug = values.string(topic, "slug", values.MAX_NAME) or "-"
    return Item(
        id=f"{site.netloc}-post-{place}-{number}",
        url=f"{site.scheme}://{site.netloc}/t/{slug}/{place}/{number}",
        title=values.string(topic, "title", values.MAX_NAME * 2),
        text=values.string(post, "blurb") or html_to_text(values.string(post, "cooked")),
        author=values.string(post, "name", values.MAX_NAME)
        or values.string(post, "username", values.MAX_NAME),
        handle=values.string(post, "username", values.MAX_NAME),
        published_at=values.moment(values.string(post, "created_at", 40)),
        position=number,
    )
