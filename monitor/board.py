"""The termly report to the board: volumes, schools, answers and trend, from suppressed figures.

It is made from the figures of days, which hold no post and no person (policy 9.9, 10.1, 1.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from config.settings import Settings
from monitor import figures, suppression
from monitor.notices import paper
from monitor.store.database import Store, Tx
from monitor.suppression import Table

TERM = timedelta(weeks=13)
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """None stands for a number that is withheld."""

    first: date
    last: date
    tables: tuple[tuple[str, Table], ...]
    weeks: tuple[tuple[date, int | None], ...]
    """Mentions a week, by its first day."""
    alarms: int | None
    answered_soon: int | None
    days: int
    """Of how many days figures are known."""

    @property
    def most(self) -> int:
        return max((number or 0 for _, number in self.weeks), default=0) or 1


def report(store: Store, settings: Settings, last: date) -> Report:
    """The thirteen weeks that end with a day."""
    first = last - TERM + timedelta(days=1)
    names = {school.id: school.name for school in settings.trust.enabled_schools}
    with store.read() as tx:
        whole = figures.total(tx, None, first, last)
        schools = {name: figures.total(tx, place, first, last) for place, name in names.items()}
        weeks = _weeks(tx, first)
    counted = (
        ("Mentions of each school", "mentions"), ("Flagged for a person to look at", "flagged"),
        ("High or critical", "grave"), ("Decided by a person", "decided"),
    )  # fmt: skip
    tables = tuple(
        (title, suppression.suppressed({name: getattr(one, key) for name, one in schools.items()}))
        for title, key in counted
    )
    late = whole.alarms - whole.answered_soon
    answers = suppression.suppressed({"soon": whole.answered_soon, "late": late})
    return Report(
        first=first, last=last, tables=tables, weeks=weeks, days=whole.days,
        alarms=answers.total, answered_soon=answers.rows["soon"],
    )  # fmt: skip


def _weeks(tx: Tx, first: date) -> tuple[tuple[date, int | None], ...]:
    begins = [first + A_WEEK * at for at in range(TERM // A_WEEK)]
    ends = [begin + A_WEEK - timedelta(days=1) for begin in begins]
    return tuple(
        (begin, suppression.small(figures.total(tx, None, begin, end).mentions))
        for begin, end in zip(begins, ends, strict=True)
    )


def document(made: Report, settings: Settings) -> str:
    """As HTML that stands alone."""
    return paper.html(
        "board.html", title="Report to the Board: what is said of us in public", report=made,
        trust=settings.trust, day=made.last,
    )  # fmt: skip
