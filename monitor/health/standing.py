"""How the service stands: what waits for how long, who works, and whether that is an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import words
from config.readiness import may_collect
from config.settings import Settings
from monitor.store import jobs, queue
from monitor.store.database import Store
from monitor.store.jobs import Standing
from monitor.store.scope import EVERYTHING
from monitor.store.views import Counts
from monitor.store.waits import Wait, What, waits

MEANING: dict[What, str] = {
    "polls": "sources to ask",
    "posts": "posts to assess",
    "messages": "messages to send",
    "captures": "pages to capture",
}
ALIVE_WITHIN = timedelta(seconds=20)
"""A worker whose heartbeat is older is taken for dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An alarm: `kind` is the same for as long as it lasts, `words` are a sentence."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`queue` is None under the embedded engine."""

    now: datetime
    waits: tuple[Wait, ...]
    counts: Counts
    queue: Standing | None
    overdue_after: timedelta
    is_collecting: bool

    @property
    def overdue(self) -> tuple[Overdue, ...]:
        """What is an alarm; nothing before the decision to process."""
        if not self.is_collecting:
            return ()
        found = [
            Overdue(kind=wait.what, words=self._said(wait))
            for wait in self.waits
            if wait.age(self.now) >= self.overdue_after
        ]
        if self.queue is not None and self.queue.workers == 0:
            found.append(Overdue(kind="workers", words="No worker is alive: start monitor worker."))
        return tuple(found)

    def _said(self, wait: Wait) -> str:
        age = words.span(wait.age(self.now))
        return f"{MEANING[wait.what].capitalize()}: {wait.number} are due, the oldest for {age}."


def look(store: Store, settings: Settings, now: datetime) -> Service:
    """Raises StoreError."""
    with store.read() as tx:
        return Service(
            now=now,
            waits=waits(tx, now),
            counts=queue.counts(tx, EVERYTHING),
            queue=jobs.standing(tx, alive_within=ALIVE_WITHIN),
            overdue_after=settings.watching.overdue_after,
            is_collecting=may_collect(settings),
        )
