"""One request at a time to each host, with a pause between; shared by all threads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Protocol

from connectors.errors import Throttled

SHORTEST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 86_400.0
_EPOCH_FROM = 1e9
"""A smaller number counts seconds from now, a larger one those since 1970 ..."""
_MILLISECONDS_FROM = 1e11
"""... or milliseconds."""
_LOOK_AGAIN_SECONDS = 0.02
_MAX_PLACES = 1_000


class Turns(Protocol):
    """Turns at each place that several processes share."""

    def take(self, place: str, *, spacing: float, patience: float) -> float:
        """Take the next turn, the one after it being `spacing` seconds later; in how many seconds
        it comes. One that would come later than `patience` is not taken."""

    def rest(self, place: str, seconds: float) -> None:
        """Let nobody have a turn for so long."""


class Pacing:
    """Knows when each "host:port" may be asked again. Loops come and go; this stays."""

    def __init__(
        self,
        spacing: timedelta,
        *,
        shared: Turns | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spacing = spacing.total_seconds()
        self._shared = shared
        self._clock = clock
        self._lock = Lock()
        self._free_at: dict[str, float] = {}
        self._busy: set[str] = set()

    @asynccontextmanager
    async def turn(
        self, place: str, *, patience_seconds: float, pause_seconds: float = 0.0
    ) -> AsyncIterator[None]:
        """Wait for the place to be free, hold it, and start its pause when done; one longer
        than usual where an interface asks for that.

        Raises Throttled when its turn would come, or comes, too late.
        """
        last = self._clock() + patience_seconds
        pause = max(self._spacing, pause_seconds)
        await self._turn_among_all(place, pause, patience_seconds)
        while not self._take(place):
            wait = self._free_at.get(place, 0.0) - self._clock()
            if self._clock() + max(wait, 0.0) > last:
                raise Throttled(retry_after=max(wait, SHORTEST_WAIT_SECONDS))
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(place)
            self._pause(place, pause)

    async def _turn_among_all(self, place: str, pause: float, patience: float) -> None:
        """Wait for the turn that other processes leave us. Raises Throttled."""
        if self._shared is None or pause <= 0:
            return
        wait = self._shared.take(place, spacing=pause, patience=patience)
        if wait > patience:
            raise Throttled(retry_after=max(wait, SHORTEST_WAIT_SECONDS))
        await asyncio.sleep(wait)

    def rest(self, place: str, seconds: float) -> None:
        """Leave a place alone for so long at least, whichever source would ask it."""
        self._pause(place, seconds)
        if self._shared is not None:
            self._shared.rest(place, seconds)

    def _pause(self, place: str, seconds: float) -> None:
        now = self._clock()
        with self._lock:
            if len(self._free_at) > _MAX_PLACES:
                self._free_at = {key: at for key, at in self._free_at.items() if at > now}
            self._free_at[place] = max(self._free_at.get(place, 0.0), now + seconds)

    def _take(self, place: str) -> bool:
        with self._lock:
            if place in self._busy or self._free_at.get(place, 0.0) > self._clock():
                return False
            self._busy.add(place)
            return True


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """`Retry-After` as seconds from `now` (RFC 9110 10.2.3: a number or a date).

    Clamped to between a second and a day; None when absent or unreadable.
    """
    if not value:
        return None
    if value.strip().isdecimal():
        seconds = float(value.strip()[:12])
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return _bounded(seconds)


def renewal_seconds(value: str | None, now: datetime) -> float | None:
    """When an allowance is new, as seconds from `now`, in every dialect seen: a time
    (Mastodon), seconds since 1970 (Bluesky, X, forks of Mastodon) or seconds left (Reddit).

    Bounded as `retry_after_seconds`; None when absent or unreadable.
    """
    written = (value or "").strip()[:40]
    try:
        number = float(written) if written[:1].isdigit() and "T" not in written else None
        if number is None:
            moment = datetime.fromisoformat(written)
            number = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    if number >= _MILLISECONDS_FROM:
        number /= 1000
    return _bounded(number - now.timestamp() if number >= _EPOCH_FROM else number)


def _bounded(seconds: float) -> float:
    return min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
