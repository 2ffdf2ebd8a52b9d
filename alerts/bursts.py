"""Is this more than usual? A school's day against its own habit.

The habit is the school's own last weeks and, where they are known, the same weeks a year ago. A
count is improbable when the predictive distribution of a Poisson rate with a Gamma prior (a
negative binomial) gives it or more less than `IMPROBABLE`. Few days of history make that
distribution wide, and under `FEWEST_DAYS` nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

FEWEST = 4
"""Matters in a day below which nothing is a burst."""
FEWEST_DAYS = 14
IMPROBABLE = 0.001
LEFT_OUT = 0.05
"""Share of the busiest days that are no habit: an old burst must not hide the next."""
PRIOR_COUNT, PRIOR_DAYS = 0.5, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """`count` matters in a day on which `usual` a day are usual."""

    count: int
    usual: float


def burst(count: int, lately: Sequence[int], last_year: Sequence[int] = ()) -> Burst | None:
    """A burst, when the count is improbable under each habit that is known.

    `lately` and `last_year` are counts of whole days, in any order; short where little is known.
    """
    habits = [_habit(days) for days in (lately, last_year) if len(days) >= FEWEST_DAYS]
    if count < FEWEST or not habits:
        return None
    if any(_at_least(count, *habit) >= IMPROBABLE for habit in habits):
        return None
    return Burst(count=count, usual=max(total / days for total, days in habits))


def _habit(days: Sequence[int]) -> tuple[float, float]:
    """Matters and days, the prior among them."""
    kept = sorted(days)[: len(days) - int(len(days) * LEFT_OUT)]
    return PRIOR_COUNT + sum(kept), PRIOR_DAYS + len(kept)


def _at_least(count: int, total: float, days: float) -> float:
    """The probability of so many or more in a day, after `total` in `days`."""
    share = log(days / (days + 1)) * total
    terms = (
        lgamma(k + total) - lgamma(total) - lgamma(k + 1) + share - k * log(days + 1)
        for k in range(count)
    )
    return max(0.0, 1 - sum(exp(term) for term in terms))
