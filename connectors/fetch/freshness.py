"""For how long an answer stays as it is, by its sender's own words (RFC 9111, 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r'(?:^|,)\s*max-age\s*=\s*"?(\d{1,10})', re.IGNORECASE)
_NEVER = re.compile(r"(?:^|,)\s*no-(?:cache|store)\b", re.IGNORECASE)


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """0 when it says nothing, or is to be asked for each time."""
    control = headers.get("cache-control", "")
    if _NEVER.search(control):
        return 0.0
    if stated := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()[:10]
        return max(float(stated[1]) - (float(age) if age.isdecimal() else 0.0), 0.0)
    expires = _moment(headers.get("expires", ""))
    if expires is None:
        return 0.0
    return max((expires - (_moment(headers.get("date", "")) or now)).total_seconds(), 0.0)


def _moment(written: str) -> datetime | None:
    """None for what is no date; "Expires: 0" is common."""
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
