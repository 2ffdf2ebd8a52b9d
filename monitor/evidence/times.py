"""A time as evidence gives it: in UTC, and as clocks in the schools showed it (policy 9.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypedDict

from monitor.schedule import LONDON


class Both(TypedDict):
    utc: str
    local: str


def both(at: datetime) -> Both:
    """Both with their offset; local is Europe/London, with the name of its time."""
    local = at.astimezone(LONDON)
    return {
        "utc": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "local": f"{local.isoformat(timespec='seconds')} {local.tzname()}",
    }
