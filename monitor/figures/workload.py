"""How much came, how much was decided, how soon, and what became of it. Nobody's work is
compared with another's: people are counted and never named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from alerts.material import Figures
from alerts.words import LONDON
from classifiers.types import Severity
from monitor.figures.judgement import USEFUL
from monitor.store.judged import Decided
from monitor.store.views import Outcome

WEEKS = 13
A_WEEK = timedelta(days=7)
WITHIN = (
    (timedelta(hours=1), "within an hour"),
    (timedelta(hours=4), "within four hours"),
    (timedelta(days=1), "within a day"),
    (timedelta(days=3), "within three days"),
)
LATER = "later"
LEVELS: Mapping[str, tuple[Severity, ...]] = {
    "High and critical": ("high", "critical"),
    "Medium": ("medium",),
    "Low, and what has none": ("low", "none"),
}
FEWEST = 5
"""Decisions from which on a median says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How long mentions of some severity waited for their first decision."""

    level: str
    counts: tuple[int, ...]
    """Within each of WITHIN, and later."""
    median: timedelta | None
    ninth: timedelta | None
    """Nine of ten were decided sooner; None of both where they are too few to say."""

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What came in a week, and what people decided in it."""

    first: date
    came: int
    useful: int
    no_action: int
    not_about_us: int

    @property
    def decided(self) -> int:
        return self.useful + self.no_action + self.not_about_us


def answered(decided: Sequence[Decided]) -> tuple[Answered, ...]:
    """By severity; of each mention the first decision counts, whatever became of it."""
    firsts: dict[int, Decided] = {}
    for one in decided:
        firsts.setdefault(one.mention_id, one)
    return tuple(
        _answered(level, sorted(one.waited for one in firsts.values() if one.severity in own))
        for level, own in LEVELS.items()
    )


def _answered(level: str, waits: Sequence[timedelta]) -> Answered:
    counts = [0] * (len(WITHIN) + 1)
    for wait in waits:
        counts[next((at for at, (most, _) in enumerate(WITHIN) if wait <= most), -1)] += 1
    is_told = len(waits) >= FEWEST
    return Answered(
        level=level,
        counts=tuple(counts),
        median=waits[(len(waits) - 1) // 2] if is_told else None,
        ninth=waits[ceil(len(waits) * 0.9) - 1] if is_told else None,
    )


def begin(today: date) -> date:
    """The first day of the weeks that are shown, the present one included."""
    return today - timedelta(days=today.weekday()) - A_WEEK * (WEEKS - 1)


def weeks(
    decided: Iterable[Decided], counted: Mapping[date, Figures], today: date
) -> tuple[Week, ...]:
    """The last weeks, from Monday to Sunday, the present one last. `counted` are the figures of
    days; decisions taken back are left out."""
    outcomes: dict[date, list[Outcome]] = defaultdict(list)
    for one in decided:
        if not one.undone:
            day = one.at.astimezone(LONDON).date()
            outcomes[day - timedelta(days=day.weekday())].append(one.outcome)
    firsts = [begin(today) + A_WEEK * at for at in range(WEEKS)]
    return tuple(_week(first, outcomes[first], counted) for first in firsts)


def _week(first: date, own: Sequence[Outcome], counted: Mapping[date, Figures]) -> Week:
    days = [first + timedelta(days=at) for at in range(7)]
    return Week(
        first=first,
        came=sum(counted[day].flagged for day in days if day in counted),
        useful=sum(outcome in USEFUL for outcome in own),
        no_action=own.count("no_action"),
        not_about_us=own.count("not_about_us"),
    )
