"""How much of its allowance Meta says is used, in per cent (Graph API, "Rate Limits")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.fetch.politeness import LONGEST_WAIT_SECONDS

HOUR_SECONDS = 3600.0
"""An allowance is one of the last hour, unless it says when it is regained."""
_SHARES = ("call_count", "total_time", "total_cputime")


def regained_seconds(headers: Mapping[str, str]) -> float | None:
    """The seconds until one may ask again, when all of an allowance is used; None while
    something is left, and for what cannot be read."""
    waits = [_wait(one) for one in _told(headers) if any(_is_full(one.get(s)) for s in _SHARES)]
    return min(max(waits), LONGEST_WAIT_SECONDS) if waits else None


def _told(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The allowance of the application, then those of each page or account."""
    yield _record(headers.get("x-app-usage"))
    for places in _record(headers.get("x-business-use-case-usage")).values():
        if isinstance(places, list):
            yield from (one for one in places if isinstance(one, dict))


def _record(written: str | None) -> dict[str, Any]:
    try:
        found = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_full(share: object) -> bool:
    return isinstance(share, int | float) and share >= 100


def _wait(told: Mapping[str, Any]) -> float:
    minutes = told.get("estimated_time_to_regain_access")
    return minutes * 60.0 if isinstance(minutes, int | float) and minutes > 0 else HOUR_SECONDS
