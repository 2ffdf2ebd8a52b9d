"""A saved web page: its title, its main text, its date."""

from __future__ import annotations

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from connectors.errors import Malformed
from connectors.parse.html import MAX_MARKUP, tidy, visible_text
from connectors.parse.items import Item

_SURROUNDINGS = "nav, header, footer, aside, form"
_DATES = (
    'meta[property="article:published_time"]',
    'meta[name="date"]',
    'meta[itemprop="datePublished"]',
)


def parse_page(body: bytes) -> Item:
    """The page as one item; what surrounds its main text is left out.

    Raises Malformed when it has no text.
    """
    tree = LexborHTMLParser(body.decode("utf-8", "replace")[:MAX_MARKUP])
    title = tree.css_first("title")
    url = tree.css_first('link[rel="canonical"]')
    published = _published(tree)
    main = tree.css_first("article") or tree.css_first("main") or tree.body
    if main is None:
        raise Malformed("The page has no text.")
    for surrounding in main.css(_SURROUNDINGS):
        surrounding.decompose()
    text = visible_text(main)
    if not text:
        raise Malformed("The page has no text.")
    return Item(
        url=(url.attributes.get("href") or "") if url is not None else "",
        title=tidy(title.text()) if title is not None else "",
        text=text,
        published_at=published,
    )


def _published(tree: LexborHTMLParser) -> datetime | None:
    for selector in _DATES:
        node = tree.css_first(selector)
        if node is not None and (moment := _time(node.attributes.get("content") or "")):
            return moment
    return None


def _time(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
