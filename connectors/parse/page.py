"""A saved web page: its title, its main text, its date."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.errors import Malformed
from connectors.parse.html import MAX_MARKUP, tidy, visible_text
from connectors.parse.items import Item

_SURROUNDINGS = (
    "nav, header, footer, aside, form, dialog, [hidden], [aria-hidden=true], [role=navigation], "
    "[role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog], "
    "[role=alertdialog], [role=menu], [role=menubar]"
)
_WORDS_OF_SURROUNDINGS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|sidebar|side-bar|menu|navbar|breadcrumbs?|related|"
    r"recommended|newsletter|subscribe|share|social|advert|advertisement|promo|popular|trending|"
    r"most-read|widget|masthead|skip-link|paywall)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""In the class or id of what surrounds a text: sites seldom say it by the element."""
_ERRORS = re.compile(
    r"(?i)^\s*(?:(?:error\s*)?(?:40[0-9]|410|429|5\d\d)(?:\s*$|\s*[-:|(]|\s+(?:not|forbidden|"
    r"gone|too many|service|bad|internal|gateway|error|unauthori[sz]ed))|(?:page|file) not found|"
    r"access denied|forbidden\s*$|just a moment|attention required|are you a robot|"
    r"service unavailable|bad gateway|internal server error|please (?:sign|log) in|sign in to "
    r"continue)"
)
"""How the title of a page begins that is no content."""
_CONTAINERS = frozenset(("div", "section", "ul", "ol", "p", "span", "dl", "table"))
_DATES = (
    'meta[property="article:published_time"]',
    'meta[name="date"]',
    'meta[itemprop="datePublished"]',
)


def parse_page(body: bytes) -> Item:
    """The page as one item; what surrounds its main text is left out.

    Raises Malformed when it has no text, and when it is the page of an error or a challenge.
    """
    tree = LexborHTMLParser(body.decode("utf-8", "replace")[:MAX_MARKUP])
    title = tree.css_first("title")
    url = tree.css_first('link[rel="canonical"]')
    published = _published(tree)
    named = tidy(title.text()) if title is not None else ""
    if _ERRORS.search(named):
        raise Malformed("The page tells of an error, or wants somebody to sign in.")
    main = tree.css_first("article") or tree.css_first("main") or tree.body
    if main is None:
        raise Malformed("The page has no text.")
    _clear(main)
    text = visible_text(main)
    if not text:
        raise Malformed("The page has no text.")
    return Item(
        url=(url.attributes.get("href") or "") if url is not None else "",
        title=named,
        text=text,
        published_at=published,
    )


def _clear(main: LexborNode) -> None:
    """Take away what is not the text, wherever in the page it stands; the inner first, as what is
    taken away takes with it what is in it."""
    named = [node for node in main.css("[class], [id]") if _is_surrounding(node)]
    for node in reversed(named):
        node.decompose()
    for node in reversed(main.css(_SURROUNDINGS)):
        node.decompose()


def _is_surrounding(node: LexborNode) -> bool:
    words = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return node.tag in _CONTAINERS and bool(_WORDS_OF_SURROUNDINGS.search(words))


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
