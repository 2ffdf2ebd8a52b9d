"""Turns at the hosts of others, shared by all workers on a server's database.

Counted by the database's own clock, as those of machines differ.
"""

from __future__ import annotations

from sqlalchemy import text

from monitor.store.database import Store

_TAKE = text(
    "INSERT INTO host_turn AS turn (place, free_at) VALUES (:place, now_us() + :spacing)"
    " ON CONFLICT (place) DO UPDATE SET free_at = greatest(turn.free_at, now_us()) + :spacing"
    " WHERE turn.free_at <= now_us() + :patience RETURNING free_at - :spacing - now_us()"
)
_WAIT = text("SELECT free_at - now_us() FROM host_turn WHERE place = :place")
_REST = text(
    "INSERT INTO host_turn AS turn (place, free_at) VALUES (:place, now_us() + :rest)"
    " ON CONFLICT (place) DO UPDATE SET free_at = greatest(turn.free_at, now_us() + :rest)"
)
SECOND = 1_000_000
"""Microseconds."""


class SharedTurns:
    """As `connectors.fetch.politeness.Turns`: all that poll share what a host is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, place: str, *, spacing: float, patience: float) -> float:
        values = {
            "place": place,
            "spacing": int(spacing * SECOND),
            "patience": int(patience * SECOND),
        }
        with self._store.begin() as tx:
            wait = tx.scalar(_TAKE, values)
            if wait is None:
                wait = tx.scalar(_WAIT, {"place": place})
                return max(float(wait or 0) / SECOND, patience + 1.0)
        return max(float(wait) / SECOND, 0.0)

    def rest(self, place: str, seconds: float) -> None:
        with self._store.begin() as tx:
            tx.execute(_REST, {"place": place, "rest": int(seconds * SECOND)})
