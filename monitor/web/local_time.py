"""Times as people write them into forms: Europe/London, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime

from alerts.words import LONDON

EARLIEST_YEAR = 2000


def moment_of(text: str) -> datetime | None:
    """ "2026-11-23T16:20" or "2026-11-23" (its end of school, 15:30) in UTC; None for anything
    else."""
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if given.tzinfo is not None or not EARLIEST_YEAR <= given.year <= 9998:
        return None
    if len(text.strip()) == len("2026-11-23"):
        given = given.replace(hour=15, minute=30)
    return given.replace(tzinfo=LONDON).astimezone(UTC)


def written(at: datetime) -> str:
    """For the value of a `datetime-local` field."""
    return at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")
