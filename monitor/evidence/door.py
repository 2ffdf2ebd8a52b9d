"""What a captured page gets: everything through our own fetch door, and of one host alone."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher
from connectors.fetch.exchange import Exchange

PAGE_KINDS = ("text/", "application/xhtml", "application/xml", "application/json")
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
KINDS = {
    "Stylesheet": ("text/css",),
    "Font": ("font/", "application/font", "application/x-font", "application/octet-stream"),
}
WITH_SCRIPTS = {
    "Script": ("text/javascript", "application/javascript", "application/x-javascript"),
    "XHR": ("application/json", "text/"),
    "Fetch": ("application/json", "text/"),
}
WITH_PICTURES = {"Image": ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")}
MOST_ANSWERS = 40
MOST_BYTES = 24 * 1024 * 1024
_EMBEDDED = re.compile(rb"data:(?:image|video|audio)/[^\"'()\s<>]*", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Door:
    """Answers what a page asks for, and keeps every exchange. `host` is the page's own, with its
    port; `picture_hosts` may be asked for pictures as well, when pictures are wanted."""

    fetcher: Fetcher
    host: str
    scripts: bool = False
    pictures: bool = False
    picture_hosts: frozenset[str] = frozenset()
    exchanges: list[Exchange] = field(default_factory=list)
    refused: int = 0

    def answer(self, url: str, kind: str, method: str) -> Exchange | None:
        """The answer to one request of the page; None where it gets none. `kind` is the
        browser's word for what it is for."""
        kinds = self._kinds(kind)
        if not kinds or method != "GET" or not self._may_ask(url, kind):
            self.refused += 1
            return None
        try:
            found = asyncio.run(self.fetcher.recorded(url, accept="*/*", kinds=kinds))
        except ConnectorError:
            self.refused += 1
            return None
        if place_of(found[-1].url) not in self._hosts(kind) or found[-1].is_left:
            self.refused += 1
            return None
        kept = [self._without_pictures(one) for one in found]
        self.exchanges += kept
        return kept[-1]

    def _kinds(self, kind: str) -> tuple[str, ...]:
        known = KINDS | (WITH_SCRIPTS if self.scripts else {})
        known |= WITH_PICTURES if self.pictures else {}
        return known.get(kind, ())

    def _may_ask(self, url: str, kind: str) -> bool:
        spent = sum(len(one.packed) for one in self.exchanges)
        room = len(self.exchanges) < MOST_ANSWERS and spent < MOST_BYTES
        return room and place_of(url) in self._hosts(kind)

    def _hosts(self, kind: str) -> frozenset[str]:
        more = self.picture_hosts if kind == "Image" else frozenset()
        return more | {self.host}

    def _without_pictures(self, exchange: Exchange) -> Exchange:
        return exchange if self.pictures else without_pictures(exchange)


def without_pictures(exchange: Exchange) -> Exchange:
    """The same without the pictures that are written into it: none is kept that nobody chose."""
    if not _EMBEDDED.search(exchange.body):
        return exchange
    body = _EMBEDDED.sub(b"data:,", exchange.body)
    headers = tuple(
        (name, value) for name, value in exchange.headers if name.lower() != "content-encoding"
    )
    return replace(exchange, body=body, packed=body, headers=headers, is_cut=True)


def place_of(url: str) -> str:
    """Host and port of an address, the unit of what a page may ask; empty for no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.hostname}:{port}" if parts.hostname and port else ""
