"""When something is due again. Pure: the clock is an argument."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.types import Health, NotMeasured

LONDON = ZoneInfo("Europe/London")
FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_REST = timedelta(hours=1)
"""Between two polls, whatever a source says of itself: many publish a programme's default, and what
concerns a school should not wait for longer."""
STOPPED = {"AuthLost", "Blocked", "Forbidden", "Gone"}
"""Outcomes that a quick retry will not mend; asking again soon would only be rude."""


def next_poll(
    source_id: str,
    every: timedelta,
    health: Health,
    *,
    failures: int,
    possible_gap: bool,
    now: datetime,
    rests_seconds: float = 0.0,
) -> datetime:
    """When a source is asked again. `failures` counts polls in a row not measured, this one
    included. A window that was outrun is asked again in half the time, and none sooner than it
    wants by its own words, within reason."""
    if not isinstance(health, NotMeasured):
        wait = every / 2 if possible_gap else every
        wait = max(wait, min(timedelta(seconds=rests_seconds), LONGEST_REST))
        return now + wait + _spread(source_id, now, wait)
    wait = backoff(failures, longest=LONGEST_BACKOFF)
    if health.kind in STOPPED:  # asked once more at its usual time, to be sure, and then seldom
        wait = LONGEST_BACKOFF if failures > 1 else min(every, LONGEST_BACKOFF)
    asked = timedelta(seconds=health.retry_after or 0)
    return now + max(wait, asked) + _spread(source_id, now, wait)


def backoff(failures: int, *, longest: timedelta) -> timedelta:
    """30 s, 1 min, 2 min ... at most `longest`; `failures` starts at 1."""
    doublings = min(max(failures, 1) - 1, 20)
    return min(FIRST_BACKOFF * (1 << doublings), longest)


def _spread(source_id: str, now: datetime, wait: timedelta) -> timedelta:
    """Up to a tenth of `wait`, different for each source and poll, so that polls that
    started together do not stay together."""
    seed = hashlib.blake2b(f"{source_id}{now.isoformat()}".encode(), digest_size=2).digest()
    return wait / 10 * (int.from_bytes(seed) / 0xFFFF)


def due_digest_day(now: datetime, digest_at: str) -> date | None:
    """The local day that the morning's digest reports (yesterday), once its hour has come."""
    local = now.astimezone(LONDON)
    hour, minute = (int(part) for part in digest_at.split(":"))
    if (local.hour, local.minute) < (hour, minute):
        return None
    return local.date() - timedelta(days=1)


def local_day(day: date) -> tuple[datetime, datetime]:
    """First and last instant (exclusive) of a day in Europe/London: 23, 24 or 25 hours."""
    start = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    after = day + timedelta(days=1)
    return start, datetime(after.year, after.month, after.day, tzinfo=LONDON)
