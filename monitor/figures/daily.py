"""Figures of days: counted when a day is over, read for trends and comparisons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from alerts.material import Figures
from alerts.words import LONDON
from config.settings import Settings
from monitor.schedule import local_day
from monitor.store import figures
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING, Scope

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
A_YEAR = timedelta(days=364)
"""52 weeks, so that weekdays meet."""
SETTLED = timedelta(hours=1)
"""After a day, so that its last alarms have had their hour to be answered in."""
AT_ONCE = 60
"""Days counted in one go after a long sleep."""


def close_days(store: Store, settings: Settings, now: datetime) -> int:
    """Count the days that are over and not counted yet; how many."""
    with store.read() as tx:
        last = figures.last_day(tx)
        first = None if last else figures.first_collected(tx)
    if last is None and first is None:
        return 0
    begin = last + A_DAY if last else first.astimezone(LONDON).date() if first else None
    newest = (now - SETTLED).astimezone(LONDON).date() - A_DAY
    days = _days(begin, newest)[:AT_ONCE] if begin else []
    schools = [school.id for school in settings.trust.schools]
    for day in days:
        since, until = (moment.astimezone(UTC) for moment in local_day(day))
        with store.begin() as tx:
            figures.close(tx, day, since=since, until=until, schools=schools)
    return len(days)


def _days(first: date, last: date) -> list[date]:
    return [first + A_DAY * at for at in range((last - first).days + 1)]


def by_day(
    tx: Tx, place: str | None, first: date, last: date, reader: Scope = EVERYTHING
) -> list[Figures]:
    """The days' figures in order, those not counted yet measured now; none of what is not known.
    Without the stories that are kept apart from who reads: else the difference would tell of
    them."""
    known = figures.read(tx, place or figures.TRUST, first, last)
    begun = figures.first_collected(tx)
    since = begun.astimezone(LONDON).date() if begun else last + A_DAY
    less = figures.apart(tx, reader, place or figures.TRUST)
    return [
        (known.get(day) or _measured(tx, place, day, since)).less(less.get(day, Figures()))
        for day in _days(first, last)
    ]


def _measured(tx: Tx, place: str | None, day: date, since: date) -> Figures:
    if day < since:
        return Figures()
    found = figures.measure(tx, *(moment.astimezone(UTC) for moment in local_day(day)))
    return Figures(days=1) + found.get(place or figures.TRUST, Figures())


def total(
    tx: Tx, place: str | None, first: date, last: date, reader: Scope = EVERYTHING
) -> Figures:
    return sum(by_day(tx, place, first, last, reader), Figures())
