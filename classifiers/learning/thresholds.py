"""Thresholds of the labels, fitted to what reviewers said of them.

A verdict says whether a label holds of a post. A new threshold is taken only where verdicts that
the choice had not seen come out better with it; few verdicts move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 40
LEAST_EACH = 8
"""Verdicts of a label, and of each kind, without which nothing is learnt."""
FOLDS = 5
_GRID = tuple(round(0.1 + 0.02 * step, 2) for step in range(41))
_NEARNESS = 0.02
"""F1 that a threshold must win for each 0.1 that it lies from the one in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A label's probability for a post, and whether a person says that it holds."""

    probability: float
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`before` and `after` are the F1 of verdicts unseen by the choice (five-fold)."""

    threshold: float
    before: float
    after: float
    verdicts: int


def choose(said: Sequence[Said], in_use: float, *, most: float = 1.0) -> Choice | None:
    """The better threshold, at the most `most`; None with too few verdicts."""
    truth = np.array([one.holds for one in said], np.bool_)
    kinds = min(int(truth.sum()), int((~truth).sum()))
    if len(said) < LEAST or kinds < LEAST_EACH:
        return None
    probability = np.array([one.probability for one in said])
    tried = (in_use, *(at for at in _GRID if at <= most))
    fold = np.arange(len(said)) % FOLDS
    unseen = np.zeros(len(said), np.bool_)
    for part in range(FOLDS):
        at = _best(probability[fold != part], truth[fold != part], tried)
        unseen[fold == part] = probability[fold == part] >= at
    return Choice(
        threshold=_best(probability, truth, tried),
        before=_f1(truth, probability >= in_use),
        after=_f1(truth, unseen),
        verdicts=len(said),
    )


def _best(
    probability: NDArray[np.float64], truth: NDArray[np.bool_], tried: Sequence[float]
) -> float:
    """`tried` begins with the one in use."""

    def worth(at: float) -> float:
        return _f1(truth, probability >= at) - abs(at - tried[0]) / 0.1 * _NEARNESS

    return max(tried, key=worth)


def _f1(truth: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> float:
    hits = float((truth & flagged).sum())
    return 2 * hits / max(float(truth.sum() + flagged.sum()), 1.0)
