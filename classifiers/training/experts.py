"""Heads learnt from corpora whose question is narrower than a label's: sexism as EDOS has it, and
abuse of whoever one speaks to as ConvAbuse has it.

Such posts are rare in our register, and corpora in a label's own head cost more than they gave.
So each is a head of its own, with those of our posts that are not of its label as further
negatives, and its curve is moved so that it flags where it serves its corpus best within a budget
of our harmless posts, at the very threshold of the label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers.labels.examples import Example
from classifiers.labels.model import COUNTS_AS, HeadName
from classifiers.training.corpora import Row, Target
from classifiers.training.fit import Head, fit_head, platt

Floats = NDArray[np.float64]
Curve = tuple[float, float]
_PENALTY = 0.3
_HELPING_PENALTY = 1.0
_HELD_OUT = 5
"""One row of so many is held out for the curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expertise:
    """The set and its target; the largest share of our harmless posts that may be flagged; what
    one of our posts weighs beside a row of the corpus."""

    source: str
    target: Target
    budget: float
    own_weight: float


EXPERTS: Mapping[HeadName, Expertise] = {
    "sexism": Expertise(source="edos", target="hate", budget=0.01, own_weight=1.0),
    "abuse": Expertise(source="convabuse", target="abuse", budget=0.004, own_weight=0.3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """`flags_at` is the score from which it should flag."""

    head: Head
    curve: Curve
    flags_at: float

    def curve_for(self, threshold: float) -> Curve:
        """The curve whose probability at `flags_at` is the label's threshold."""
        slope, _ = self.curve
        return slope, float(np.log(threshold / (1 - threshold))) - slope * self.flags_at


def learn(
    name: HeadName, rows: csr_matrix, corpora: Sequence[Row], own: Sequence[Example], *, steps: int
) -> Expert:
    """`rows` are the corpora's and then our own."""
    wanted = EXPERTS[name]
    theirs = [
        place
        for place, row in enumerate(corpora)
        if row.source == wanted.source and wanted.target in row.targets
    ]
    ours = [place for place, example in enumerate(own) if COUNTS_AS[name] not in example.labels]
    at = np.array([*theirs, *(len(corpora) + place for place in ours)])
    truth = np.array([float(corpora[place].targets[wanted.target]) for place in theirs])
    truth = np.concatenate([truth, np.zeros(len(ours))])
    weight = np.concatenate([np.ones(len(theirs)), np.full(len(ours), wanted.own_weight)])
    mine = rows[at]
    held = np.arange(len(at)) % _HELD_OUT == 0
    trial = fit_head(mine[~held], truth[~held], weight[~held], penalty=_PENALTY, steps=steps)
    scores = trial.scores(mine[held])
    is_theirs = (np.arange(len(at)) < len(theirs))[held]
    is_harmless = np.array([False] * len(theirs) + [not own[place].labels for place in ours])[held]
    truth_held = truth[held]
    flags_at = _best(
        scores[is_theirs], truth_held[is_theirs] > 0, scores[is_harmless], wanted.budget
    )
    head = fit_head(mine, truth, weight, penalty=_PENALTY, start=trial, steps=steps)
    return Expert(head=head, curve=platt(scores, truth_held, weight[held]), flags_at=flags_at)


def helping_hate(rows: csr_matrix, corpora: Sequence[Row], *, steps: int) -> list[Head]:
    """Heads whose scores the label hate may use: the corpora's hate without EDOS, and EDOS."""
    found = []
    for is_edos in (False, True):
        at = [
            place
            for place, row in enumerate(corpora)
            if "hate" in row.targets and (row.source == "edos") == is_edos
        ]
        if at:
            truth = np.array([float(corpora[place].targets["hate"]) for place in at])
            found.append(
                fit_head(rows[at], truth, np.ones(len(at)), penalty=_HELPING_PENALTY, steps=steps)
            )
    return found


def _best(scores: Floats, truth: NDArray[np.bool_], harmless: Floats, budget: float) -> float:
    """The score with the best macro-F1 among those within the budget."""
    least = float(np.quantile(harmless, 1 - budget))
    tried = [one for one in np.quantile(scores, np.linspace(0.5, 0.98, 97)) if one >= least]
    return float(max(tried or [least], key=lambda one: _macro_f1(truth, scores >= one)))


def _macro_f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    return (_f1(truth, found) + _f1(~truth, ~found)) / 2


def _f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    return 2 * float((truth & found).sum()) / max(float(truth.sum() + found.sum()), 1.0)
