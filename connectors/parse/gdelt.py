"""Answers of GDELT's DOC 2.0 interface: JSON when all is well, a sentence when it is not."""

from __future__ import annotations

import re

from connectors.errors import Malformed, Throttled
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import Feed, Item
from connectors.parse.values import Record

PENALTY_SECONDS = 900.0
"""Its limit is one request in five seconds, but who broke it is refused for longer."""
_BUSY = re.compile(rb"limit requests|too many requests|too short or too long", re.IGNORECASE)
"""The last is said of questions that are neither, when it has too much to do."""
_LOST_ESCAPE = re.compile(rb'\\(?!["\\/bfnrtu])')


def parse_articles(body: bytes, content_type: str, url: str) -> Feed:
    """The articles, each with the address as its id. No articles at all is an empty record.

    Raises Throttled or Malformed for a sentence, whatever the status was.
    """
    said = body.strip()
    if not said.startswith(b"{"):
        if _BUSY.search(said[:500]):
            raise Throttled("GDELT asked us to slow down.", retry_after=PENALTY_SECONDS)
        raise Malformed("GDELT did not take the question; check the country and the language.")
    answer = values.document(_LOST_ESCAPE.sub(rb"\\\\", said))
    articles = values.records(answer, "articles")
    read = tuple(item for item in map(_item, articles) if item.url)
    lost = len(answer.get("articles") or ()) - len(read)
    return Feed(items=read, partial=f"{lost} articles could not be read." if lost else "")


def _item(article: Record) -> Item:
    address = values.string(article, "url")
    return Item(
        id=address,
        url=address,
        title=html_to_text(values.string(article, "title")),
        published_at=values.moment(values.string(article, "seendate")),
    )
