"""Corpora and our own examples in, the committed weights out.

    python -m classifiers.training.train --corpora DIR

Deterministic: the same inputs give the same bytes. The unseen part of our examples is never
read here, neither for weights nor for calibration nor for thresholds.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from classifiers.labels.examples import Example, read_examples
from classifiers.labels.features import BUCKETS, MAIN
from classifiers.labels.model import COUNTS_AS, GRAVE, HeadName
from classifiers.training.corpora import Row, ordinary, read_corpora
from classifiers.training.experts import helping_hate, learn
from classifiers.training.fit import Head, fit_head, platt
from classifiers.training.gravity import learn_gravity
from classifiers.training.hands import FOLDS, fold_of
from classifiers.training.matrix import inverse_frequency, matrix, places
from classifiers.training.pack import Trained, pack
from classifiers.training.thresholds import choose
from classifiers.training.vectors import Vectors, word_vectors
from classifiers.types import LABELS, Label

Floats = NDArray[np.float64]
PENALTY = 1 / 12
"""Of a head in which each of our posts has weight one."""
CORPUS_WEIGHT = 1 / 16
"""Of a corpus row in the head for hate, which must hold everywhere. What is harmful the other five
learn from our posts alone: corpora of another register cost them more than they gave (0.009 of the
F1 on posts of hands left out); what is of use there has heads of its own (`experts`)."""
ORDINARY: Mapping[Label, float] = {
    "reputation": 0.1, "bullying": 0.03, "threat": 0.1, "sexual": 0.1, "self_harm": 0.03,
}  # fmt: skip
"""Of a row of ordinary talk, harmless to that head. Without it a tenth of such talk was flagged as
self-harm or bullying, as our harmless posts are written to look like harm; with a tenth, 1% and 4%,
for 0.012 of the F1 on hands left out (nothing for threat and reputation). The two weigh less, since
of self-harm recall comes first."""
STEPS = 30
"""Of the optimiser; fixed, so that the result is."""
VECTOR_SCALE = 0.5
HELP_SCALE = 0.25
LEAST = 3
SHIPPED = Path(__file__).parents[1] / "weights"
log = logging.getLogger("train")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """`rows` (corpora's and then our own; main columns and mean word vectors)."""

    corpora: Sequence[Row]
    own: Sequence[Example]
    rows: csr_matrix
    idf: NDArray[np.float32]
    vectors: Vectors

    def folded(self, head: Head) -> Head:
        """The vectors' weights spread over the words they were made of, so that nothing more
        runs."""
        weights = np.zeros(BUCKETS)
        weights[:MAIN] = head.weights[:MAIN]
        weights[self.vectors.places] = self.vectors.rows @ head.weights[MAIN:] * VECTOR_SCALE
        return Head(weights, head.bias)


def gather(corpora: Sequence[Row], own: Sequence[Example]) -> Material:
    found = places([row.text for row in corpora] + [example.text for example in own])
    idf = inverse_frequency(found, LEAST)
    vectors = word_vectors([by_block[-1] for by_block in found])
    keep = np.zeros(BUCKETS, np.bool_)
    keep[vectors.places] = True
    idf[MAIN:][~keep[MAIN:]] = 0
    built = matrix(found, idf)
    meaning = csr_matrix(built[:, vectors.places] @ vectors.rows) * VECTOR_SCALE
    rows = csr_matrix(hstack([built[:, :MAIN], meaning], format="csr"))
    return Material(corpora=corpora, own=own, rows=rows, idf=idf, vectors=vectors)


@dataclass(frozen=True, slots=True)
class Taught:
    """One label's rows: places, truth, weight, and the fold left out with them (-1: none)."""

    at: NDArray[np.int64]
    truth: Floats
    weight: Floats
    fold: NDArray[np.int64]


def taught(label: Label, given: Material, *, by_corpora: bool = False) -> Taught:
    theirs, weight = ordinary(given.corpora), ORDINARY.get(label, 0.0)
    if by_corpora:
        theirs = [place for place, row in enumerate(given.corpora) if label in row.targets]
        weight = CORPUS_WEIGHT
    elif not weight:
        theirs = []
    first = len(given.corpora)
    truths = [float(given.corpora[place].targets.get(label, False)) for place in theirs]
    truths += [float(label in example.labels) for example in given.own]
    return Taught(
        at=np.array([*theirs, *range(first, first + len(given.own))], np.int64),
        truth=np.array(truths),
        weight=np.array([weight] * len(theirs) + [1.0] * len(given.own)),
        fold=np.array([-1] * len(theirs) + [fold_of(example.topic) for example in given.own]),
    )


def fit_label(rows: csr_matrix, given: Taught) -> tuple[Head, Floats]:
    """The head, and the scores of our examples by heads that had not seen their writers."""
    mine = rows[given.at]

    def fitted(kept: NDArray[np.bool_]) -> Head:
        return fit_head(
            mine[kept], given.truth[kept], given.weight[kept], penalty=PENALTY, steps=STEPS
        )

    unseen = np.zeros(len(given.at))
    for fold in range(FOLDS):
        out = given.fold == fold
        unseen[out] = fitted(~out).scores(mine[out])
    return fitted(np.ones(len(given.at), np.bool_)), unseen[given.fold >= 0]


def fit_hate(given: Material) -> tuple[Head, Floats]:
    """Hate must hold everywhere, so two readings are averaged: a head learnt from the corpora's
    rows and ours together, and one of ours alone that may use the scores of the corpora's."""
    together, first = fit_label(given.rows, taught("hate", given, by_corpora=True))
    helping = helping_hate(given.rows, given.corpora, steps=STEPS)
    scores = [head.scores(given.rows)[:, None] * HELP_SCALE for head in helping]
    beside = csr_matrix(np.hstack(scores).astype(np.float32)) if scores else None
    wide = given.rows if beside is None else csr_matrix(hstack([given.rows, beside], format="csr"))
    helped, second = fit_label(wide, taught("hate", given))
    width = given.rows.shape[1]
    weights, bias = together.weights + helped.weights[:width], together.bias + helped.bias
    for share, helper in zip(helped.weights[width:] * HELP_SCALE, helping, strict=True):
        weights, bias = weights + share * helper.weights, bias + share * helper.bias
    return Head(weights / 2, bias / 2), (first + second) / 2


def fit(given: Material) -> Trained:
    """All heads, curves and thresholds."""
    heads: dict[HeadName, Head] = {}
    curves: dict[HeadName, tuple[float, float]] = {}
    scores: dict[Label, Floats] = {}
    for label in LABELS:
        if label == "hate":
            head, unseen = fit_hate(given)
        else:
            head, unseen = fit_label(given.rows, taught(label, given))
        truth = np.array([float(label in example.labels) for example in given.own])
        heads[label] = given.folded(head)
        curves[label] = slope, offset = platt(unseen, truth, np.ones(len(truth)))
        scores[label] = 1 / (1 + np.exp(-(slope * unseen + offset)))
        log.info(label)
    thresholds, figures = choose(scores, given.own)
    for name, label in COUNTS_AS.items():
        expert = learn(name, given.rows, given.corpora, given.own, steps=STEPS)
        heads[name] = given.folded(expert.head)
        curves[name] = expert.curve_for(thresholds[label])
        log.info(name)
    surest = np.max([_logit(scores[label]) for label in GRAVE], axis=0)
    second = learn_gravity(given.rows, given.corpora, given.own, surest)
    heads["gravity"], curves["gravity"] = given.folded(second.head), (1.0, 0.0)
    return Trained(
        heads=heads,
        curves=curves,
        gravity=second.mix,
        idf=given.idf,
        thresholds=thresholds,
        figures=figures,
    )


def _logit(probabilities: Floats) -> Floats:
    sure = np.clip(probabilities, 1e-6, 1 - 1e-6)
    result: Floats = np.log(sure / (1 - sure))
    return result


def train(corpora: Path, out: Path) -> Mapping[Label, Mapping[str, float]]:
    """Writes labels.npz and model.json; returns the cross-validated figures."""
    out.mkdir(parents=True, exist_ok=True)
    rows, missing = read_corpora(corpora)
    rows = [row for row in rows if row.split == "train"]
    own = [example for example in read_examples() if example.split == "train"]
    given = gather(rows, own)
    log.info("matrix %s", given.rows.shape)
    trained = fit(given)
    pack(trained, out, rows=rows, own=own, missing=missing)
    return trained.figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)d ms %(message)s")
    for label, figures in train(options.corpora, options.out).items():
        log.info("%s %s", label, {name: round(value, 3) for name, value in figures.items()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
