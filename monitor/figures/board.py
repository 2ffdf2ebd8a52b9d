"""The termly report to the board: volumes, kinds, schools, outcomes, answers, trends, equality.

It is made from figures of days, which hold no post and no person, and withholds small numbers
(policy 1.1, 1.2, 9.9, 10.1). Criticism is lawful and stands apart from harm (7.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from markupsafe import Markup

from alerts.words import LONDON
from config.settings import Settings
from monitor.figures import daily, equality, ledger, suppression
from monitor.figures.suppression import Table
from monitor.notices import paper
from monitor.store import figures as rows
from monitor.store.database import Store, Tx
from monitor.store.day_counts import TRUST

TERM = timedelta(weeks=13)
A_WEEK = timedelta(weeks=1)
A_DAY = timedelta(days=1)
A_YEAR = timedelta(weeks=52)
KINDS = {
    "kind.bullying": "Bullying (policy 3.2, 9.1)", "kind.threat": "Threat (9.8)",
    "kind.hate": "Hate (1.2, 6.13)", "kind.sexual": "Sexual (9.8)",
    "kind.self_harm": "Self-harm concern (4.1)", "kind.pupil": "A pupil may be singled out (6.10)",
}  # fmt: skip
OUTCOMES = {
    "outcome.no_action": "No action", "outcome.watch": "Watched",
    "outcome.open_case": "Case opened", "outcome.escalate": "Escalated",
    "outcome.not_about_us": "Not about us",
}  # fmt: skip
ANSWERS = {
    "answer.15m": "Within 15 minutes", "answer.1h": "Within the hour",
    "answer.4h": "Within 4 hours", "answer.1d": "Within a day",
    "answer.later": "Later", "answer.none": "Not answered",
}  # fmt: skip
DECISIONS = {
    "decision.1d": "Within a day", "decision.3d": "Within 3 days", "decision.7d": "Within a week",
    "decision.later": "Later",
}  # fmt: skip
TITLE = "Report to the Board: what is said of us in public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """None stands for a number that is withheld."""

    begin: date
    mentions: int | None
    harm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """None stands for a number that is withheld."""

    first: date
    last: date
    days: int
    """Of how many days figures are known."""
    mentions: int | None
    before: int | None
    """In the thirteen weeks before ..."""
    year_ago: int | None
    """... and in those of a year ago."""
    criticism: int | None
    harm: int | None
    kinds: Mapping[str, int | None]
    """A mention may be of several."""
    outcomes: Table
    answers: Table
    decisions: Table
    schools: tuple[tuple[str, Table], ...]
    weeks: tuple[Week, ...]
    by_words: tuple[equality.Row, ...]
    by_school: tuple[equality.Row, ...]

    @property
    def most(self) -> int:
        return max((week.mentions or 0 for week in self.weeks), default=0) or 1


def newest_day(store: Store, now: datetime) -> date:
    """The last day of a report that is made now: the last Sunday, so that two reports cannot be
    taken from each other to learn of one day; today while the first week is not over."""
    today = now.astimezone(LONDON).date()
    sunday = today - A_DAY * today.isoweekday()
    with store.read() as tx:
        begun = rows.first_collected(tx)
    is_new = begun is not None and begun.astimezone(LONDON).date() > sunday
    return today if is_new else sunday


def report(store: Store, settings: Settings, last: date) -> Report:
    """The thirteen weeks that end with a day."""
    first = last - TERM + A_DAY
    names = {school.id: school.name for school in settings.trust.enabled_schools}
    with store.read() as tx:
        whole = daily.total(tx, None, first, last)
        counts = ledger.total(tx, first, last)
        trust = counts[TRUST]
        outcomes, decisions = _alike(_table(trust, OUTCOMES), _table(trust, DECISIONS))
        mentions, harm, weeks = _weeks(tx, first)
        return Report(
            first=first, last=last, days=whole.days,
            mentions=mentions,
            before=_volume(tx, first - TERM, last - TERM),
            year_ago=_volume(tx, first - A_YEAR, last - A_YEAR),
            harm=harm,
            criticism=suppression.small(trust["kind.criticism"]),
            kinds={title: suppression.small(trust[name]) for name, title in KINDS.items()},
            outcomes=outcomes, answers=_table(trust, ANSWERS), decisions=decisions,
            schools=_schools(tx, names, counts, first, last), weeks=weeks,
            by_words=equality.by_words(trust), by_school=equality.by_school(counts, names),
        )  # fmt: skip


def _volume(tx: Tx, first: date, last: date) -> int | None:
    return suppression.small(daily.total(tx, None, first, last).mentions)


def _table(counts: Mapping[str, int], names: Mapping[str, str]) -> Table:
    return suppression.suppressed({title: counts.get(name, 0) for name, title in names.items()})


def _schools(
    tx: Tx, names: Mapping[str, str], counts: Mapping[str, Counter[str]], first: date, last: date
) -> tuple[tuple[str, Table], ...]:
    own = {name: daily.total(tx, place, first, last) for place, name in names.items()}
    columns = (
        ("Mentions", {name: one.mentions for name, one in own.items()}),
        ("Possible harm", {name: counts[place]["kind.harm"] for place, name in names.items()}),
        ("High or critical", {name: one.grave for name, one in own.items()}),
        ("Decided", {name: one.decided for name, one in own.items()}),
    )
    return tuple((title, suppression.suppressed(values)) for title, values in columns)


def _alike(one: Table, other: Table) -> tuple[Table, Table]:
    """Two tables of the same things: what one withholds, the other's total must not tell."""
    if None in (one.total, other.total):
        one, other = replace(one, total=None), replace(other, total=None)
    return one, other


def _weeks(tx: Tx, first: date) -> tuple[int | None, int | None, tuple[Week, ...]]:
    """The sums of mentions and of harm, and each week."""
    begins = [first + A_WEEK * at for at in range(TERM // A_WEEK)]
    mentions, harm = {}, {}
    for begin in begins:
        end = begin + A_WEEK - A_DAY
        mentions[str(begin)] = daily.total(tx, None, begin, end).mentions
        harm[str(begin)] = ledger.total(tx, begin, end)[TRUST]["kind.harm"]
    shown, harms = suppression.suppressed(mentions), suppression.suppressed(harm)
    weeks = (
        Week(
            begin=begin,
            mentions=(mentioned := shown.rows[str(begin)]),
            harm=None if mentioned is None else harms.rows[str(begin)],
        )
        for begin in begins
    )
    return shown.total, harms.total, tuple(weeks)


def document(made: Report, settings: Settings) -> str:
    """As HTML that stands alone."""
    return paper.html(
        "board.html", title=TITLE, report=made, trust=settings.trust, day=made.last,
        characteristics=CHARACTERISTICS,
    )  # fmt: skip


def body(made: Report) -> Markup:
    """What stands in it, for a page of the console."""
    said = paper.html("board_body.html", report=made, characteristics=CHARACTERISTICS)
    return Markup(said)  # noqa: S704  our own template, which escapes


CHARACTERISTICS = {
    "none": "No group named",
    "age": "Age",
    "disability": "Disability",
    "gender_reassignment": "Gender reassignment",
    "pregnancy_and_maternity": "Pregnancy and maternity",
    "race": "Race, nationality or origin",
    "religion_or_belief": "Religion or belief",
    "sex": "Sex",
    "sexual_orientation": "Sexual orientation",
}
