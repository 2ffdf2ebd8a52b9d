"""Sites that give feeds of their own: news engines, forums by their software, video channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from monitor.sample.platforms.desk import Asked, Reply, as_text

RSS = "application/rss+xml; charset=utf-8"
FORUMS = {
    "phpbb": "/app.php/feed",
    "xenforo": "/forums/-/index.rss",
    "vbulletin": "/external.php",
    "flarum": "/atom",
    "discourse": "/posts.rss",
}
"""Where each software has its feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    title: str
    text: str
    link: str
    at: datetime


def rss(entries: Iterable[Entry]) -> Reply:
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(one.name)}</guid>"
        f"<title>{escape(one.title)}</title><link>{escape(one.link)}</link>"
        f"<description>{escape(one.text)}</description>"
        f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
        for one in entries
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return as_text(text, kind=RSS)


class NewsDesk:
    """Google's and Bing's feeds of a search. `consents` asks a robot for its consent, as Google
    does; `refuses` turns it away."""

    def __init__(self, *entries: Entry, consents: bool = False, refuses: bool = False) -> None:
        self.entries = list(entries)
        self.consents = consents
        self.refuses = refuses

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/consent":
            return as_text("<!doctype html><title>Before you continue</title>", kind="text/html")
        if self.consents and asked.path == "/rss/search":
            return Reply(status=302, headers={"Location": "/consent"})
        if self.refuses:
            return as_text("Sorry", status=503)
        if asked.path == "/rss/search" or asked.query.get("format") == "rss":
            words = asked.query["q"].casefold()
            return rss(one for one in self.entries if _is_asked(one, words))
        return as_text("<!doctype html><title>News</title>", kind="text/html")


def _is_asked(one: Entry, words: str) -> bool:
    phrases = words.split('"')[1::2]
    return any(phrase in f"{one.title} {one.text}".casefold() for phrase in phrases)


class Forum:
    """Has its feed where its software has it, and counts who asks too often."""

    def __init__(self, software: str, *entries: Entry, path: str = "") -> None:
        self.entries = list(entries)
        self.path = path or FORUMS[software]
        self.etag = '"1"'
        self.allowance = 60

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != self.path:
            return as_text("<h1>Oops! That page is private.</h1>", status=404, kind="text/html")
        if self.allowance == 0:
            return Reply(status=429, headers={"Retry-After": "27"})
        self.allowance -= 1
        if asked.headers.get("If-None-Match") == self.etag:
            return Reply(status=304, headers={"ETag": self.etag})
        reply = rss(self.entries)
        return Reply(body=reply.body, headers={**reply.headers, "ETag": self.etag})


class Channels:
    """Video channels, each with the feed of its newest 15."""

    def __init__(self, **channels: list[tuple[str, str, datetime]]) -> None:
        self.channels = channels

    def __call__(self, asked: Asked) -> Reply:
        videos = self.channels.get(asked.query.get("channel_id", ""))
        if videos is None:
            return as_text("", status=404)
        entries = "".join(
            f"<entry><id>yt:video:{name}</id><yt:videoId>{name}</yt:videoId>"
            f"<title>{escape(title)}</title>"
            f"<link rel='alternate' href='https://www.youtube.com/watch?v={name}'/>"
            f"<author><name>Wren Films</name></author><published>{at.isoformat()}</published>"
            f"<media:group><media:title>{escape(title)}</media:title>"
            f"<media:description>About {escape(title)}</media:description></media:group></entry>"
            for name, title, at in videos[:15]
        )
        spaces = (
            'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
            'xmlns:yt="http://www.youtube.com/xml/schemas/2015"'
        )
        return as_text(f"<feed {spaces}>{entries}</feed>", kind="text/xml; charset=UTF-8")
