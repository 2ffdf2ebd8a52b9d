"""What keeps one person from using up what all may ask, and from asking for everybody.

All of it lives in the memory of this process, under a key that is made anew at each start: no row
tells who checked themselves, and how often.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from alerts.words import LONDON
from config.selfcheck import SearchProvider, SelfCheckSettings
from monitor.selfcheck.names import fold

SHARE = 4
"""One person may use so large a part of a provider's day: a quarter."""
AT_ONCE = 4
"""Checks that run at the same time."""


class TooMuch(Exception):
    """What is too much, and when it goes on, in words for the person."""


@dataclass(slots=True)
class _Used:
    runs: int = 0
    names: set[bytes] = field(default_factory=set)
    searches: dict[str, int] = field(default_factory=dict)


class Limits:
    """Counts of the day that it is in London, forgotten with it. Safe for threads."""

    def __init__(self, settings: SelfCheckSettings, clock: Callable[[], datetime]) -> None:
        self._settings, self._clock = settings, clock
        self._secret = secrets.token_bytes(32)
        self._lock = Lock()
        self._day: date | None = None
        self._people: dict[bytes, _Used] = {}
        self._searches: dict[str, int] = {}
        self._running: set[bytes] = set()

    def begin(self, subject: str, names: Iterable[str]) -> None:
        """Count a check of somebody for these names. Raises TooMuch, and counts nothing then."""
        person = self._digest(subject)
        with self._lock:
            used = self._used(person)
            asked = used.names | {self._digest(fold(name)) for name in names}
            if person in self._running:
                raise TooMuch("A check of yours is running. Wait for it, or end it.")
            if len(self._running) >= AT_ONCE:
                raise TooMuch("Several checks are running just now. Try again in a minute.")
            if used.runs >= self._settings.runs_a_day:
                raise TooMuch("You have checked as often as one may in a day. Try tomorrow.")
            if len(asked) > self._settings.names_a_day:
                raise TooMuch("These are more names than one may ask for in a day. Take fewer.")
            used.runs += 1
            used.names = asked
            self._running.add(person)

    def end(self, subject: str) -> None:
        with self._lock:
            self._running.discard(self._digest(subject))

    def grant(self, subject: str, provider: SearchProvider, wanted: int) -> int:
        """How many searches of a provider somebody may make now; they count as made."""
        with self._lock:
            used = self._used(self._digest(subject))
            mine, all_of_us = used.searches.get(provider.id, 0), self._searches.get(provider.id, 0)
            share = max(provider.a_day // SHARE, 1)
            given = max(0, min(wanted, share - mine, provider.a_day - all_of_us))
            used.searches[provider.id] = mine + given
            self._searches[provider.id] = all_of_us + given
            return given

    def _used(self, person: bytes) -> _Used:
        today = self._clock().astimezone(LONDON).date()
        if today != self._day:
            self._day = today
            self._people.clear()
            self._searches.clear()
        return self._people.setdefault(person, _Used())

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode("utf-8", "replace"), "sha256")
