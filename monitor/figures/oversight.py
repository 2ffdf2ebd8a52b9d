"""Whether review is real: how each person decides, and signs that somebody only rubber-stamps.

Human involvement must be active, not token (UK GDPR, Articles 22A to 22D). A sign is a reason to
talk to somebody, and no finding about them; nothing here leads to anything by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from alerts.words import count
from monitor.figures.judgement import USEFUL
from monitor.store.bases import Taken

GRAVE = ("high", "critical")
FEWEST = 20
"""Decisions under which nothing is said of how somebody decides."""
QUICK_S = 8
"""Seconds in which nobody reads a post with its context and reasons."""
ALIKE = 0.97
STREAK, STREAK_WITHIN = 10, timedelta(minutes=1)
UNOPENED_GRAVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one person decided. Shares are of what they are shares of; None where that is nothing."""

    person: str
    decisions: int
    together: int
    """Of them taken on many with one click."""
    opened: float | None
    """The share of single decisions whose mention they had opened."""
    seconds: float | None
    """The median from opening to deciding."""
    agreed: float | None
    """The share of flagged mentions that they found worth acting on or watching."""
    taken_back: float | None
    """The share that somebody took back."""
    signs: tuple[str, ...]
    """Of rubber-stamping, in words."""


def ways(taken: Sequence[Taken]) -> tuple[Way, ...]:
    """Of each person who decided, those with signs first."""
    by_person: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        by_person[one.by].append(one)
    found = [_way(person, own) for person, own in by_person.items()]
    return tuple(sorted(found, key=lambda way: (-len(way.signs), -way.decisions, way.person)))


def agreed(one: Taken) -> bool | None:
    """Whether somebody found a flag useful; None where nothing was flagged."""
    return one.outcome in USEFUL if one.basis.severity != "none" else None


def _way(person: str, own: Sequence[Taken]) -> Way:
    single = [one for one in own if not one.basis.together]
    times = [one.seconds for one in own if one.seconds is not None]
    flagged = [said for one in own if (said := agreed(one)) is not None]
    return Way(
        person=person,
        decisions=len(own),
        together=len(own) - len(single),
        opened=_share(one.basis.opened_at is not None for one in single),
        seconds=median(times) if times else None,
        agreed=_share(flagged),
        taken_back=_share(one.undone_by is not None for one in own),
        signs=tuple(_signs(own, single, times)),
    )


def _share(holds: Iterable[bool]) -> float | None:
    all_of_them = list(holds)
    return sum(all_of_them) / len(all_of_them) if all_of_them else None


def _signs(own: Sequence[Taken], single: Sequence[Taken], times: Sequence[float]) -> Iterator[str]:
    unopened = [one for one in own if one.basis.opened_at is None]
    grave = sum(one.basis.severity in GRAVE for one in unopened)
    if grave >= UNOPENED_GRAVE:
        yield f"{grave} high or critical mentions were decided without being opened."
    from_list = sum(one.basis.opened_at is None for one in single)
    if len(single) >= FEWEST and 2 * from_list > len(single):
        yield "More than half of the single decisions were taken from the list, unopened."
    if len(times) >= FEWEST and median(times) < QUICK_S:
        yield f"Half of {len(times)} decisions came within {median(times):.0f} seconds of opening."
    yield from _alike([one for one in own if one.basis.severity != "none"])
    if longest := _streak(single):
        yield f"{longest} decisions one by one within a minute."


def _alike(flagged: Sequence[Taken]) -> Iterator[str]:
    """Who always says the same of what was flagged may have stopped asking."""
    if len(flagged) < FEWEST:
        return
    outcomes: Mapping[str, int] = Counter(one.outcome for one in flagged)
    most = max(outcomes.values())
    if most >= ALIKE * len(flagged):
        yield f"{most} of {count(len(flagged), 'decision')} on flagged mentions were the same."


def _streak(single: Sequence[Taken]) -> int:
    """The most single decisions within a minute, where that is too many to have read them."""
    times = sorted(one.at for one in single)
    longest = first = 0
    for last, at in enumerate(times):
        while at - times[first] > STREAK_WITHIN:
            first += 1
        longest = max(longest, last - first + 1)
    return longest if longest >= STREAK else 0
