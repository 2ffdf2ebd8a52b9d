"""robots.txt (RFC 9309), asked before a web page is read; feeds and APIs are meant for robots."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from protego import Protego

from connectors.errors import Blocked

PRODUCT = "TrustMonitor"
KEPT_SECONDS = 24 * 3600.0
MAX_BYTES = 500 * 1024
NOTHING = Protego.parse("User-agent: *\nDisallow: /")
EVERYTHING = Protego.parse("")


class Rules:
    """The rules of each site, kept for a day."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Protego]] = {}

    def known(self, site: str) -> Protego | None:
        """The rules of "scheme://host:port", unless they are to be asked for again."""
        with self._lock:
            until, rules = self._kept.get(site, (0.0, None))
        return rules if until > self._clock() else None

    def keep(self, site: str, rules: Protego) -> None:
        with self._lock:
            self._kept[site] = (self._clock() + KEPT_SECONDS, rules)


def read(status: int, body: bytes) -> Protego:
    """What an answer for robots.txt means: absent allows all, a failing server nothing."""
    if 200 <= status < 300:
        return Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace"))
    return EVERYTHING if 400 <= status < 500 else NOTHING


def obey(rules: Protego, url: str) -> None:
    """Raises Blocked when the site does not want this page read."""
    if not rules.can_fetch(url, PRODUCT):
        raise Blocked("The site's robots.txt does not want this page read.")
