"""What counts as more than usual."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.bursts import burst

QUIET = [0] * 50 + [1] * 6
BUSY = [2, 3, 1, 4, 2, 3, 5, 2] * 7


@pytest.mark.parametrize(
    ("count", "lately", "last_year", "is_burst"),
    [
        (3, QUIET, (), False),  # too few to speak of
        (4, QUIET, (), True),
        (8, BUSY, (), False),
        (14, BUSY, (), True),
        (4, (), (), False),  # nothing is known yet
        (4, [0] * 7, (), False),
        (12, QUIET, [9, 11, 8, 10] * 4, False),  # the same weeks were as busy last year
        (12, QUIET, [0, 1, 0, 0] * 4, True),
    ],
)
def test_a_day_is_held_against_the_schools_own_habit(
    count: int, lately: list[int], last_year: list[int], is_burst: bool
) -> None:
    assert (burst(count, lately, last_year) is not None) is is_burst


def test_one_old_burst_does_not_hide_the_next() -> None:
    assert burst(9, [*QUIET[:-1], 40]) is not None


def test_ordinary_days_are_called_a_burst_less_than_once_in_three_years() -> None:
    chance = random.Random(7)
    rates = (0.1, 0.5, 2.0, 6.0)
    called = days = 0
    for rate in rates:
        history = [poisson(chance, rate) for _ in range(56)]
        for _ in range(1_000):
            days += 1
            today = poisson(chance, rate)
            called += burst(today, history) is not None
            history = [*history[1:], today]
    assert called / days < 1 / 1_000


def poisson(chance: random.Random, rate: float) -> int:
    arrived, waited = 0, chance.expovariate(rate)
    while waited < 1:
        arrived, waited = arrived + 1, waited + chance.expovariate(rate)
    return arrived


@given(
    count=st.integers(0, 200),
    lately=st.lists(st.integers(0, 50), max_size=60),
    more=st.integers(1, 50),
)
def test_more_matters_never_make_a_burst_less_of_one(
    count: int, lately: list[int], more: int
) -> None:
    if burst(count, lately):
        assert burst(count + more, lately)
