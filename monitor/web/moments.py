"""Times for people: how long ago, and exactly, in Europe/London."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.words import LONDON, moment

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def ago(at: datetime, now: datetime) -> str:
    """ "just now", "5 min ago", "in 2 h", "yesterday", "3 days ago", "12 Sep", "12 Sep 2025"."""
    if at > now:
        return "in under a minute" if at - now < _MINUTE else f"in {_span(at - now)}"
    past = now - at
    if past < _MINUTE:
        return "just now"
    days = (now.astimezone(LONDON).date() - at.astimezone(LONDON).date()).days
    if past < 12 * _HOUR or days == 0:
        return f"{_span(past)} ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 14 else _date(at, now)


def _span(length: timedelta) -> str:
    if length < _HOUR:
        return f"{max(1, length // _MINUTE)} min"
    if length < 2 * _DAY:
        return f"{length // _HOUR} h"
    return f"{length // _DAY} days"


def every(length: timedelta) -> str:
    """ "every 30 min", "every 6 h", "every 45 s"."""
    if length < _MINUTE:
        return f"every {length.seconds} s"
    return f"every {_span(length)}"


def _date(at: datetime, now: datetime) -> str:
    local = at.astimezone(LONDON)
    year = "" if local.year == now.astimezone(LONDON).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def exact(at: datetime) -> str:
    """ "Mon 23 Nov 2026, 21:14"."""
    return moment(at)


def utc(at: datetime) -> str:
    """ "21:14:05 UTC", with its day where the clocks of schools show another."""
    there = at.astimezone(UTC)
    is_same = there.date() == at.astimezone(LONDON).date()
    return f"{'' if is_same else f'{there:%d %b} '}{there:%H:%M:%S} UTC"


def stamp(at: datetime) -> str:
    """For the `datetime` attribute of a `<time>`."""
    return at.isoformat(timespec="seconds")
