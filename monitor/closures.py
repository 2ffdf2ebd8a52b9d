"""Closure days brought as a calendar: which of its days are days on which schools are shut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.words import LONDON
from connectors.parse.calendar import stretches
from connectors.parse.child import parse
from monitor import silencing
from monitor.store.database import Store

MEANS_SHUT = re.compile(
    r"holiday|half[\s-]?term|clos(?:ed|ure)|inset|in-service|training day|staff day|bank|break\b"
    r"|non[\s-]?pupil|easter|christmas|whit\b",
    re.IGNORECASE,
)
OPENS = re.compile(
    r"\b(?:begins?|starts?|opens?|return|reopens?|club|fair|concert|party)\b", re.IGNORECASE
)
FURTHEST = timedelta(days=800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of the days of a calendar."""

    entered: int = 0
    known: int = 0
    """Stood there already."""
    left_out: int = 0
    """Over, too far ahead, or not called a closure or a holiday."""


def bring(store: Store, body: bytes, school_id: str | None, *, by: str, now: datetime) -> Brought:
    """Enter the closures and holidays of a calendar for a school, or for all. Raises
    ConnectorError where it is none."""
    today = now.astimezone(LONDON).date()
    entered = known = left_out = 0
    for one in parse(stretches, body):
        is_shut = MEANS_SHUT.search(one.name) and not OPENS.search(one.name)
        if not is_shut or one.last < today or one.first > today + FURTHEST:
            left_out += 1
        elif silencing.close(store, school_id, one.first, one.last, by=by, why=one.name, now=now):
            entered += 1
        else:
            known += 1
    return Brought(entered=entered, known=known, left_out=left_out)
