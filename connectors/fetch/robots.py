"""robots.txt (RFC 9309), asked before a web page is read; feeds and APIs are meant for robots."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from protego import Protego

PRODUCT = "TrustMonitor"
KEPT_SECONDS = 24 * 3600.0
MAX_BYTES = 500 * 1024
MAX_SITES = 256
EVERYTHING = b""


class Rules:
    """The robots.txt of each site, kept for a day."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, bytes]] = {}

    def known(self, site: str) -> bytes | None:
        """The rules of "scheme://host:port"; None when they are to be asked for."""
        with self._lock:
            until, rules = self._kept.get(site, (0.0, b""))
        return rules if until > self._clock() else None

    def keep(self, site: str, rules: bytes) -> None:
        with self._lock:
            self._kept.pop(site, None)
            if len(self._kept) >= MAX_SITES:
                del self._kept[next(iter(self._kept))]
            self._kept[site] = (self._clock() + KEPT_SECONDS, rules)


def read(status: int, body: bytes) -> bytes | None:
    """What an answer for robots.txt means: absent allows all, a failing or busy server nothing
    for as long as it is (RFC 9309 2.3.1), which is None."""
    if 200 <= status < 300:
        return body[:MAX_BYTES]
    return EVERYTHING if 400 <= status < 500 and status != 429 else None


def allows(rules: bytes, url: str) -> bool:
    """Whether a site lets us read this page. Its patterns are the site's own and may be made
    to take for ever, so this runs in a child (`connectors.parse.child`)."""
    allowed: bool = Protego.parse(rules.decode("utf-8", "replace")).can_fetch(url, PRODUCT)
    return allowed
