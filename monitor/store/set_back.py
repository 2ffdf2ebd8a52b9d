"""After the machine's clock was set back: what was about to be done would wait for as long again.

A row says in the machine's time when it is due. One to which something happened in a time that is
still to come was written before the clock was set: its wait is counted anew, from now. Called again
this finds nothing, as what it moved has happened now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from monitor.store.database import Tx
from monitor.store.tables import AlarmRow, DeliveryRow, SourceRow

_s: Any = SourceRow.__table__  # type: ignore[attr-defined]
_d: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_a: Any = AlarmRow.__table__  # type: ignore[attr-defined]
APART = timedelta(minutes=2)
"""So far the clocks of several machines may be apart without any having been set."""


def heed(tx: Tx, now: datetime) -> int:
    """Let sources, messages and alarms that wait for the old time wait for the new one; how many
    rows there were."""
    untried = (_d.c.state == "due", _d.c.tried_at.is_(None))
    return (
        _moved(tx, _s.c.id, _s.c.last_poll_at, _s.c.next_due_at, now)
        + _moved(tx, _d.c.id, _d.c.created_at, _d.c.next_attempt_at, now, *untried)
        + _moved(tx, _d.c.id, _d.c.tried_at, _d.c.next_attempt_at, now, _d.c.state == "due")
        + _moved(tx, _a.c.story_id, _a.c.told_at, _a.c.next_step_at, now, _a.c.state == "open")
    )


def _moved(tx: Tx, key: Any, happened: Any, due: Any, now: datetime, *more: Any) -> int:
    """Rows of which something `happened` in the future are due as long after now as after that."""
    query = select(key, happened, due).where(happened > now + APART, due > now, *more)
    found = tx.execute(query).all()
    for number, at, then in found:
        values = {happened: now, due: max(then - (at - now), now)}
        tx.execute(update(key.table).where(key == number, due == then).values(values))
    return len(found)
