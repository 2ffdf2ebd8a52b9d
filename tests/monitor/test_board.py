"""The board's report withholds small numbers so that no arithmetic brings them back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.figures import board, daily
from monitor.figures.suppression import suppressed
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import SOON, collect, drain

FEWEST = 5
"""A count under five may be a person somebody knows."""
COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


@given(COUNTS)
def test_no_small_number_is_shown_and_nothing_shown_is_wrong(counts: dict[str, int]) -> None:
    table = suppressed(counts)
    assert all(shown is None or shown == counts[name] for name, shown in table.rows.items())
    shown = [*table.rows.values(), table.total]
    assert not [number for number in shown if number is not None and 0 < number < FEWEST]
    assert all(table.rows[name] == 0 for name, number in counts.items() if number == 0)


@given(COUNTS)
def test_what_is_withheld_cannot_be_had_by_taking_away(counts: dict[str, int]) -> None:
    table = suppressed(counts)
    hidden = [name for name, shown in table.rows.items() if shown is None]
    if hidden and table.total is not None:
        rest = table.total - sum(shown for shown in table.rows.values() if shown is not None)
        assert len(hidden) >= 2
        assert rest >= FEWEST


def test_one_small_number_takes_the_next_smallest_with_it_and_the_total_stays() -> None:
    table = suppressed({"a": 3, "b": 20, "c": 10})
    assert (dict(table.rows), table.total) == ({"a": None, "b": 20, "c": None}, 33)


def test_the_report_is_of_days_and_names_no_post(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        last = clock().date()
        made = board.report(ctx.store, ctx.settings, last)
        said = board.document(made, ctx.settings)
        with ctx.store.read() as tx:
            whole = daily.total(tx, None, last - timedelta(days=90), last)
    assert whole.mentions > 0
    assert len(made.weeks) == 13
    assert made.first == last - timedelta(days=90)
    assert sum(week.mentions or 0 for week in made.weeks) in (whole.mentions, 0)
    assert sum(number or 0 for number in made.outcomes.rows.values()) == 0
    assert "Larkmere Hill School" in said
    assert "https://" not in said.split("<body>")[1]
