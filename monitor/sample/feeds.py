"""What the sites serve to feed readers: RSS 2.0, Atom, JSON Feed and WordPress's own forms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from selectolax.lexbor import LexborHTMLParser

from monitor.sample.sites import Published, PublishedComment, Site

EXCERPT_WORDS = 55
"""WordPress's own length of a feed excerpt."""
PATHS = {"rss": "/feed.xml", "atom": "/atom.xml", "jsonfeed": "/feed.json", "wordpress": "/feed/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed's bytes and media type."""

    body: bytes
    content_type: str


def feed(site: Site, entries: Sequence[Published], base: str) -> Document:
    """The site's feed in its own form; `base` is its address without a slash at the end."""
    window = entries[: site.window]
    match site.form:
        case "rss":
            return _rss(site, (_rss_item(site, entry, base) for entry in window), base)
        case "atom":
            return _atom(site, window, base)
        case "jsonfeed":
            return _json_feed(site, window, base)
        case "wordpress":
            return _rss(site, (_wordpress_item(site, entry, base) for entry in window), base)
    raise ValueError(f"{site.form} has no feed.")


def comments_feed(site: Site, entries: Sequence[PublishedComment], base: str) -> Document:
    """WordPress's feed of the comments on the whole site."""
    items = (_comment_item(site, entry, base) for entry in entries[: site.window])
    return _rss(site, items, base, title=f"Comments for {site.name}")


def search_feed(site: Site, entries: Sequence[Published], base: str, query: str) -> Document:
    """WordPress's answer to /?s=QUERY&feed=rss2."""
    items = (_wordpress_item(site, entry, base) for entry in entries[: site.window])
    return _rss(site, items, base, title=f'Search Results for "{query}" - {site.name}')


def matching(
    entries: Iterable[Published], words: Sequence[str], limit: int
) -> tuple[Published, ...]:
    """As WordPress searches: every word or quoted phrase must stand in title or text."""
    wanted = [word.casefold() for word in words]
    found = (
        entry
        for entry in entries
        if all(word in f"{entry.post.title} {entry.post.html}".casefold() for word in wanted)
    )
    return tuple(found)[:limit]


def plain_text(html: str) -> str:
    return " ".join((LexborHTMLParser(html).text(separator=" ") or "").split())


def guid(site: Site, post_id: str) -> str:
    """Independent of the port, so that a post stays itself when its site moves."""
    return f"tag:{site.id}.example,2026:{post_id}"


def _rss(site: Site, items: Iterable[str], base: str, *, title: str = "") -> Document:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(title or site.name)}</title>\n<link>{base}/</link>\n"
        f"<description>{escape(site.tagline)}</description>\n<language>en-GB</language>\n"
    )
    text = head + "".join(items) + "</channel>\n</rss>\n"
    return Document(body=text.encode(), content_type="application/rss+xml; charset=UTF-8")


def _rss_item(site: Site, entry: Published, base: str) -> str:
    post = entry.post
    return (
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{base}/{post.id}/</link>\n"
        f'<guid isPermaLink="false">{guid(site, post.id)}</guid>\n'
        f"<pubDate>{format_datetime(entry.at)}</pubDate>\n{_creator(post.author)}"
        f"<description>{escape(post.html)}</description>\n{_enclosure(post.audio, base)}</item>\n"
    )


def _wordpress_item(site: Site, entry: Published, base: str) -> str:
    post = entry.post
    return (
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{base}/{post.id}/</link>\n"
        f"{_creator(post.author)}<pubDate>{format_datetime(entry.at)}</pubDate>\n"
        f'<guid isPermaLink="false">{guid(site, post.id)}</guid>\n'
        f"<comments>{base}/{post.id}/#comments</comments>\n"
        f"<description>{_cdata(f'<p>{_excerpt(post.html)}</p>')}</description>\n"
        f"<content:encoded>{_cdata(post.html)}</content:encoded>\n</item>\n"
    )


def _comment_item(site: Site, entry: PublishedComment, base: str) -> str:
    comment, post = entry.comment, entry.post
    return (
        f"<item>\n<title>Comment on {escape(post.title)} by {escape(comment.author)}</title>\n"
        f"<link>{base}/{post.id}/#comment-{comment.id}</link>\n{_creator(comment.author)}"
        f"<pubDate>{format_datetime(entry.at)}</pubDate>\n"
        f'<guid isPermaLink="false">{guid(site, f"{post.id}#comment-{comment.id}")}</guid>\n'
        f"<description>{escape(plain_text(comment.html))}</description>\n"
        f"<content:encoded>{_cdata(comment.html)}</content:encoded>\n</item>\n"
    )


def _creator(author: str) -> str:
    return f"<dc:creator>{escape(author)}</dc:creator>\n" if author else ""


def _enclosure(audio: str, base: str) -> str:
    if not audio:
        return ""
    return f'<enclosure url="{base}/audio/{audio}" length="0" type="audio/mpeg"/>\n'


def _excerpt(html: str) -> str:
    words = plain_text(html).split()
    text = escape(" ".join(words[:EXCERPT_WORDS]))
    return f"{text} [&#8230;]" if len(words) > EXCERPT_WORDS else text


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _atom(site: Site, window: Sequence[Published], base: str) -> Document:
    updated = window[0].at if window else datetime(2026, 1, 1, tzinfo=UTC)
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">\n'
        f"<title>{escape(site.name)}</title>\n<subtitle>{escape(site.tagline)}</subtitle>\n"
        f'<link href="{base}/"/>\n<link rel="self" href="{base}{PATHS["atom"]}"/>\n'
        f"<id>tag:{site.id}.example,2026:feed</id>\n<updated>{updated.isoformat()}</updated>\n"
    )
    text = head + "".join(_atom_entry(site, entry, base) for entry in window) + "</feed>\n"
    return Document(body=text.encode(), content_type="application/atom+xml; charset=utf-8")


def _atom_entry(site: Site, entry: Published, base: str) -> str:
    post, at = entry.post, entry.at.isoformat()
    author = f"<author><name>{escape(post.author)}</name></author>\n" if post.author else ""
    return (
        f'<entry>\n<title>{escape(post.title)}</title>\n<link href="{base}/{post.id}/"/>\n'
        f"<id>{guid(site, post.id)}</id>\n<published>{at}</published>\n<updated>{at}</updated>\n"
        f'{author}<content type="html">{escape(post.html)}</content>\n</entry>\n'
    )


def _json_feed(site: Site, window: Sequence[Published], base: str) -> Document:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "description": site.tagline,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}{PATHS['jsonfeed']}",
        "language": "en-GB",
        "items": [_json_item(site, entry, base) for entry in window],
    }
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return Document(body=body, content_type="application/feed+json; charset=utf-8")


def _json_item(site: Site, entry: Published, base: str) -> dict[str, object]:
    post = entry.post
    item: dict[str, object] = {
        "id": guid(site, post.id),
        "url": f"{base}/{post.id}/",
        "content_html": post.html,
        "date_published": entry.at.isoformat(),
    }
    if post.title:
        item["title"] = post.title
    if post.author:
        item["authors"] = [{"name": post.author}]
    return item
