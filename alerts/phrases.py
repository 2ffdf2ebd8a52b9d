"""Sentences that digests and overviews share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from alerts import words
from alerts.material import Health, PlaceDays
from classifiers.types import LABELS, SEVERITIES

NAMED = 3
"""Sources named when they were not read; the rest is a number."""
LIMITS = (
    "Public posts only: private groups cannot be seen. Not an emergency service, and not the"
    " schools' filtering and monitoring: in danger now call 999. A machine flags, a person decides."
)
NEVER_REPLY = "Never reply to a post, not even in support (policy 6.8, 9.3)."
OWN_PAGES = (
    "The Trust's and the schools' own pages must let nobody single out a pupil or a class (policy"
    " 6.10): check the consent, or take it down."
)
OUTCOMES = {
    "not_about_us": "not about us",
    "no_action": "no action",
    "watch": "watch",
    "open_case": "case opened",
}


def is_blind(health: Health) -> bool:
    """No source at all was read."""
    return not any(source.read for source in health.sources)


def is_whole(health: Health) -> bool:
    """Every source was read."""
    return bool(health.sources) and all(source.read for source in health.sources)


def sources(health: Health) -> str:
    """ "14 of 15 sources healthy; 1 not measured: The Argus (asked us to wait)." """
    read = sum(source.read for source in health.sources)
    total = len(health.sources)
    if not total:
        return "No source is switched on."
    unread = [source for source in health.sources if not source.read]
    line = f"{read} of {words.count(total, 'source')} healthy"
    if not unread:
        return f"{line}."
    named = [
        words.one_line(source.name)
        + (f" ({words.one_line(source.reason).rstrip('.')})" if source.reason else "")
        for source in unread[:NAMED]
    ]
    more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    return f"{line}; {len(unread)} not measured: {'; '.join(named)}{more}."


def troubles(health: Health) -> tuple[str, ...]:
    """What a person must see to, the sources aside."""
    found = []
    if health.set_aside:
        aside = words.count(health.set_aside, "mention")
        found.append(f"{aside} could not be assessed and must be read by a person.")
    if health.undelivered:
        given_up = words.count(health.undelivered, "message")
        found.append(f"{given_up} could not be delivered: see Deliveries in the console.")
    return tuple(found)


def flagged(place: PlaceDays) -> int:
    return sum(number for severity, number in place.flagged.items() if severity != "none")


def makeup(place: PlaceDays) -> str:
    """ "1 critical, 2 high. Reputation 3, bullying 1." for the flagged ones."""
    levels = [
        f"{place.flagged[severity]} {severity}"
        for severity in reversed(SEVERITIES)
        if severity != "none" and place.flagged.get(severity)
    ]
    kinds = [
        f"{label.replace('_', '-')} {place.labels[label]}"
        for label in LABELS
        if place.labels.get(label)
    ]
    parts = [", ".join(part) for part in (levels, kinds) if part]
    return " ".join(f"{words.capital(part)}." for part in parts)


def decided(outcomes: Mapping[str, int]) -> str:
    """ "Decided: 2 no action, 1 case opened."; empty for none."""
    named = [
        f"{number} {OUTCOMES.get(outcome, outcome)}"
        for outcome, number in outcomes.items()
        if number
    ]
    return f"Decided: {', '.join(named)}." if named else ""


def trend(values: Sequence[int], *, is_week: bool) -> str:
    """ "12 flagged in 14 days, at most 4 in one." in words, as the bars show it."""
    stretch = "week" if is_week else "day"
    if not sum(values):
        return f"Nothing flagged in the last {words.count(len(values), stretch)}."
    return (
        f"{sum(values)} flagged in the last {words.count(len(values), stretch)},"
        f" {values[-1]} in the newest, at most {max(values)} in one."
    )


def days(first: date, last: date) -> str:
    """ "Sun 22 Nov 2026", "Mon 16 to Sun 22 Nov 2026"."""
    if first == last:
        return words.day(last)
    same = (first.year, first.month) == (last.year, last.month)
    begin = f"{first:%a} {first.day}" if same else f"{first:%a} {first.day} {first:%b}"
    return f"{begin} to {words.day(last)}"


def beyond(number: int, shown: int) -> str:
    return f"{number - shown} more" if number > shown else ""
