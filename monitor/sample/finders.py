"""What finds the writing of others: news, search engines of the web and their alerts."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from monitor.sample.out import Out, number, written
from monitor.sample.platforms import gdelt, websearch
from monitor.sample.platforms.desk import Asked, Reply
from monitor.sample.platforms.feedsites import Entry, NewsDesk


def papers(server: gdelt.Gdelt, out: Out) -> None:
    server.articles = [
        (
            gdelt.article(f"{out.base}/{one.post.id}/", one.at, one.post.title),
            f"{one.post.title} {written(one)}",
        )
        for one in out.posts
    ]


def pages(server: Any, out: Out) -> None:
    """Of any search engine of the web."""
    server.pages = [
        websearch.Page(
            url=f"{out.base}/{one.post.id}/", title=one.post.title, said=written(one), at=one.at
        )
        for one in out.posts
    ]


class Alerts:
    """A search engine's alerts, each a feed at an address that is a secret; links lead by the
    engine's own page."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        if not asked.path.startswith("/alerts/feeds/"):
            return Reply(status=404)
        feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Alert</title>{}</feed>'
        body = feed.format("".join(self.entries)).encode()
        return Reply(body=body, headers={"Content-Type": "application/atom+xml"})


def alerts(server: Alerts, out: Out) -> None:
    server.entries = [
        f"<entry><id>tag:google.com,2013:googlealerts/feed:{number(one.at)}</id>"
        f"<title type='html'>{escape(one.post.title)}</title>"
        f"<link href='https://www.google.com/url?url={quote(f'{out.base}/{one.post.id}/')}'/>"
        f"<published>{one.at.isoformat()}</published><updated>{one.at.isoformat()}</updated>"
        f"<content type='html'>{escape(written(one)[:200])}</content></entry>"
        for one in out.posts
    ]


def news(server: NewsDesk, out: Out) -> None:
    server.entries = [
        Entry(
            name=one.post.id,
            title=f"{one.post.title} - {one.post.author}",
            text=written(one),
            link=f"{out.base}/{one.post.id}/",
            at=one.at,
        )
        for one in out.posts
    ]
