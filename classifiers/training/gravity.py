"""The second reading: is it grave, beside all that is ordinarily said?

Our own posts are written in pairs, so half of them are harmful and the others look like it. In
life hundreds are harmless for each that is not, and few of them look like anything. So this head
learns what is grave from our posts and what is ordinary from those and from a background of
corpora, where nobody was hurt or angry. One curve then joins it with the surest grave label: at as
many needless alarms among our hard posts, heads that had not seen the writer found a tenth more,
and flagged a quarter as many of the ordinary ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from classifiers.allegation import allegation
from classifiers.incident import incident
from classifiers.labels.examples import Example
from classifiers.labels.name_mask import without_names
from classifiers.labels.tokens import tokens
from classifiers.training.corpora import Row, ordinary
from classifiers.training.fit import Head, fit_head, logistic
from classifiers.training.hands import FOLDS, fold_of

Floats = NDArray[np.float64]
_PENALTY = 1 / 12
_STEPS = 30
_BACKGROUND_WEIGHT = 0.25
"""Of a row of the background, where one of our posts weighs one."""
_HARMLESS_FOR_GRAVE = 19
"""For how many that are not grave one grave post is taken to come."""


@dataclass(frozen=True, slots=True)
class Gravity:
    """`mix`: what the surest label's logit and the head count for, and the offset."""

    head: Head
    mix: tuple[float, float, float]


def learn_gravity(
    rows: csr_matrix, corpora: Sequence[Row], own: Sequence[Example], surest: Floats
) -> Gravity:
    """`rows` are the corpora's and then our own; `surest` (own,) is the logit of each of our posts'
    surest grave label, by heads that had not seen its writer."""
    behind = rows[ordinary(corpora)]
    graded = [grade(example) for example in own]
    known = np.array([one is not None for one in graded])
    truth = np.array([float(bool(one)) for one in graded])
    fold = np.array([fold_of(example.topic) for example in own])
    mine = rows[len(corpora) :]
    unseen = np.zeros(len(own))
    for number in range(FOLDS):
        out = fold == number
        unseen[out] = _fitted(mine, truth, known & ~out, behind).scores(mine[out])
    weight = np.where(truth > 0, 1.0, _HARMLESS_FOR_GRAVE * truth[known].sum())
    weight[truth == 0] /= (1 - truth)[known].sum()
    mix = logistic(np.column_stack([surest, unseen])[known], truth[known], weight[known])
    return Gravity(_fitted(mine, truth, known, behind), (mix[0], mix[1], mix[2]))


def _fitted(mine: csr_matrix, truth: Floats, kept: NDArray[np.bool_], behind: csr_matrix) -> Head:
    others = behind.shape[0]
    return fit_head(
        csr_matrix(vstack([mine[kept], behind], format="csr")),
        np.concatenate([truth[kept], np.zeros(others)]),
        np.concatenate([np.ones(int(kept.sum())), np.full(others, _BACKGROUND_WEIGHT)]),
        penalty=_PENALTY,
        steps=_STEPS,
    )


def grade(example: Example) -> bool | None:
    """Whether one of our posts is grave; None where its labels do not tell."""
    if example.labels & {"threat", "self_harm", "sexual"}:
        return True
    if "hate" in example.labels:
        return None if "polite" in example.topic else True
    if "bullying" in example.labels:
        found = tokens(example.text)
        return True if len(without_names(found)) < len(found) else None
    told = allegation(example.text) != "none" or incident(example.text) != "none"
    return None if example.labels and told else False
