"""Days counted for the board: kinds, outcomes, answers, and the equality ledger (policy 1.2).

A day is counted once it has settled, so that what was told in its last hour has had a day to be
answered in. What stands here afterwards are numbers, of no post and no person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from alerts.words import LONDON
from classifiers import characteristics
from monitor.schedule import local_day
from monitor.store import day_counts, figures
from monitor.store.database import Store, Tx
from monitor.store.day_counts import Text

A_DAY = timedelta(days=1)
SETTLED = timedelta(hours=25)
AT_ONCE = 30
"""Days counted in one go after a long sleep."""
NONE_NAMED = "none"
"""Beside the characteristics: what names no group, to compare with."""


def close_days(store: Store, now: datetime) -> int:
    """Count the days that have settled and are not counted yet; how many."""
    with store.read() as tx:
        first = _first_to_count(tx)
    newest = (now - SETTLED).astimezone(LONDON).date() - A_DAY
    days = _days(first, newest)[:AT_ONCE] if first else []
    for day in days:
        with store.read() as tx:
            counts = _measured(tx, day)
        with store.begin() as tx:
            day_counts.keep(tx, day, counts)
    return len(days)


def _first_to_count(tx: Tx) -> date | None:
    last = day_counts.last_day(tx)
    if last is not None:
        return last + A_DAY
    begun = figures.first_collected(tx)
    return begun.astimezone(LONDON).date() if begun else None


def total(tx: Tx, first: date, last: date) -> Mapping[str, Counter[str]]:
    """By place, over the days from first to last; those not counted yet are measured now."""
    begun = figures.first_collected(tx)
    found: dict[str, Counter[str]] = defaultdict(Counter, day_counts.total(tx, first, last))
    if begun is None:
        return found
    counted = day_counts.counted_days(tx, first, last)
    since = max(first, begun.astimezone(LONDON).date())
    for day in _days(since, last):
        if day not in counted:
            for place, named in _measured(tx, day).items():
                found[place].update(named)
    return found


def _measured(tx: Tx, day: date) -> dict[str, Counter[str]]:
    since, until = (moment.astimezone(UTC) for moment in local_day(day))
    found = day_counts.measure(tx, since, until)
    found[day_counts.TRUST].update(_equality(day_counts.collected(tx, since, until)))
    found[day_counts.TRUST].update(_equality(day_counts.decided(tx, since, until)))
    return found


def _equality(texts: Iterable[Text]) -> Counter[str]:
    """How often texts that name a group are flagged as harm, and how often people found
    otherwise; "not about us" says nothing of the flag."""
    counts: Counter[str] = Counter()
    for one in texts:
        for group in characteristics.named(one.text) or (NONE_NAMED,):
            if one.outcome is None:
                counts[f"equality.{group}.mentions"] += 1
                counts[f"equality.{group}.flagged"] += one.is_harm
            elif one.is_harm and one.outcome != "not_about_us":
                counts[f"equality.{group}.decided"] += 1
                counts[f"equality.{group}.overturned"] += one.outcome == "no_action"
    return counts


def _days(first: date, last: date) -> list[date]:
    return [first + A_DAY * at for at in range((last - first).days + 1)]
