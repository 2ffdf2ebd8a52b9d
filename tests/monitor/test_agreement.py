"""How sure a few verdicts can make us, held against the formula's own properties and table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.material import Figures
from classifiers.types import Severity
from monitor.figures import agreement, workload
from monitor.store.judged import Decided
from monitor.store.verdicts import Verdict
from monitor.store.views import Outcome

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)


@given(of=st.integers(1, 400), data=st.data())
def test_the_interval_holds_the_share_and_shrinks_with_more(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, of))
    low, high = agreement.interval(right, of)
    assert 0 <= low <= right / of <= high <= 1
    more_low, more_high = agreement.interval(right * 4, of * 4)
    assert more_high - more_low < high - low


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.278), (9, 10, 0.596, 0.982), (50, 100, 0.404, 0.596)],
)
def test_the_interval_is_that_of_the_books(right: int, of: int, low: float, high: float) -> None:
    assert agreement.interval(right, of) == pytest.approx((low, high), abs=0.001)


def test_verdicts_are_right_wrong_or_missed() -> None:
    given = [(True, True)] * 8 + [(True, False)] * 2 + [(False, True)] * 3 + [(False, False)]
    said = [
        Verdict(mention_id=at, label="hate", holds=holds, was_flagged=flagged, by="a", at=NOW)
        for at, (flagged, holds) in enumerate(given)
    ]
    hate = next(one for one in agreement.rightness(said) if one.label == "hate")
    assert (hate.right, hate.wrong, hate.missed, hate.share) == (8, 2, 3, 0.8)
    few = next(one for one in agreement.rightness(said[1:]) if one.label == "hate")
    assert few.share is None


def decided(
    number: int, waited: timedelta, severity: Severity = "high", outcome: Outcome = "watch",
    *, ago: timedelta = timedelta(), undone: bool = False,
) -> Decided:  # fmt: skip
    return Decided(
        mention_id=number, outcome=outcome, severity=severity, waited=waited, at=NOW - ago,
        by="a", undone=undone,
    )  # fmt: skip


def test_waiting_times_are_those_of_first_decisions() -> None:
    waits = [timedelta(minutes=5)] * 4 + [timedelta(hours=2)] * 5 + [timedelta(days=9)]
    grave, medium, _ = workload.answered(
        [
            *(decided(at, wait) for at, wait in enumerate(waits)),
            decided(0, timedelta(days=1)),
            decided(50, timedelta(hours=1), "medium"),
        ]
    )
    assert grave.counts == (4, 5, 0, 0, 1)
    assert (grave.median, grave.ninth) == (timedelta(hours=2), timedelta(hours=2))
    assert (medium.total, medium.median) == (1, None)


def test_a_week_holds_what_was_decided_in_it_and_not_taken_back() -> None:
    today = date(2026, 11, 23)  # a Monday
    weeks = workload.weeks(
        [
            decided(1, timedelta(), outcome="escalate"),
            decided(2, timedelta(), outcome="no_action", ago=timedelta(days=1)),
            decided(3, timedelta(), outcome="not_about_us", ago=timedelta(days=7)),
            decided(4, timedelta(), ago=timedelta(days=1), undone=True),
        ],
        {date(2026, 11, 16): Figures(flagged=7), date(2026, 11, 22): Figures(flagged=2)},
        today,
    )
    assert len(weeks) == workload.WEEKS
    assert (weeks[-1].first, weeks[-1].useful, weeks[-1].decided) == (today, 1, 1)
    assert (weeks[-2].came, weeks[-2].no_action, weeks[-2].not_about_us) == (9, 1, 1)
    assert weeks[0].first == workload.begin(today)
