"""Corpora and our own examples in, the committed weights out.

    python -m classifiers.training.train --corpora DIR

Deterministic: the same inputs give the same bytes. The unseen part of our examples is never
read here, neither for weights nor for calibration nor for thresholds.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from classifiers.labels.examples import Example, read_examples
from classifiers.labels.features import BUCKETS, MAIN
from classifiers.training.corpora import Row, Target, read_corpora
from classifiers.training.fit import Head, fit_head, platt
from classifiers.training.matrix import inverse_frequency, matrix, places
from classifiers.training.pack import Trained, pack
from classifiers.training.thresholds import choose
from classifiers.training.vectors import Vectors, word_vectors
from classifiers.types import LABELS, Label

Floats = NDArray[np.float64]
FOLDS = 3
OWN_WEIGHT: Mapping[Label, float] = {
    "reputation": 12, "bullying": 12, "threat": 12, "hate": 8, "sexual": 12, "self_harm": 16,
}  # fmt: skip
"""One of our posts counts as so many rows of weight one ..."""
CORPUS_WEIGHT: Mapping[Target, float] = {"threat": 0.1, "hate": 0.5}
"""... and a corpus row as so much of one, where its writers speak of other things than we do:
chosen by cross-validation on our own posts, higher for hate, which must hold everywhere."""
PENALTY = 1.0
STEPS = 30
"""Of the optimiser, from a start fitted to the corpora alone; fixed, so that the result is."""
AUXILIARY: tuple[Target, ...] = ("negative", "abuse")
"""Heads learnt from corpora only; their scores are columns of the six heads, and are folded
into the weights when packed, so that nothing more runs."""
AUXILIARY_SCALE = 0.25
VECTOR_SCALE = 0.5
LEAST = 3
SHIPPED = Path(__file__).parents[1] / "weights"
log = logging.getLogger("train")


@dataclass(frozen=True, slots=True)
class Columns:
    """One head's rows: places in the matrix, truth, weight, whether ours, fold."""

    at: NDArray[np.int64]
    truth: Floats
    weight: Floats
    own: NDArray[np.bool_]


def _columns(label: Target, rows: Sequence[Row], own: Sequence[Example]) -> Columns:
    at, truth, weight = [], [], []
    for place, row in enumerate(rows):
        if label in row.targets:
            at.append(place)
            truth.append(float(row.targets[label]))
            weight.append(CORPUS_WEIGHT.get(label, 1.0))
    corpus = len(at)
    if label in LABELS:
        for place, example in enumerate(own):
            at.append(len(rows) + place)
            truth.append(float(label in example.labels))
            weight.append(OWN_WEIGHT[label])
    is_own = np.arange(len(at)) >= corpus
    return Columns(np.array(at), np.array(truth), np.array(weight), is_own)


def _fold(own: Sequence[Example]) -> NDArray[np.int64]:
    """Each example's fold; neighbours in a file (often a matched pair) stay together."""
    return np.array([place // 4 % FOLDS for place in range(len(own))], np.int64)


def _with_extra(
    built: csr_matrix, main: csr_matrix, heads: Mapping[Target, Head], vectors: Vectors
) -> csr_matrix:
    """The main columns, the auxiliary scores, the texts' mean word vectors."""
    extra = np.stack([head.scores(main) * AUXILIARY_SCALE for head in heads.values()], axis=1)
    meaning = (built[:, vectors.places] @ vectors.rows) * VECTOR_SCALE
    columns = csr_matrix(np.hstack([extra, meaning]).astype(np.float32))
    return csr_matrix(hstack([main, columns], format="csr"))


def _folded(head: Head, heads: Mapping[Target, Head], vectors: Vectors) -> Head:
    """The extra columns' weights spread over the words they were made of."""
    weights = np.zeros(BUCKETS)
    weights[:MAIN] = head.weights[:MAIN]
    bias = head.bias
    end = MAIN + len(heads)
    for share, extra in zip(head.weights[MAIN:end], heads.values(), strict=True):
        weights[:MAIN] += share * AUXILIARY_SCALE * extra.weights
        bias += share * AUXILIARY_SCALE * extra.bias
    weights[vectors.places] = vectors.rows @ head.weights[end:] * VECTOR_SCALE
    return Head(weights, bias)


def _fit_label(rows: csr_matrix, columns: Columns, folds: NDArray[np.int64]) -> tuple[Head, Floats]:
    """The head, and the scores of our own examples by heads that had not seen them."""
    mine = rows[columns.at]
    start = Head(np.zeros(rows.shape[1]), 0.0)
    if not columns.own.all():
        theirs = ~columns.own
        start = fit_head(
            mine[theirs], columns.truth[theirs], columns.weight[theirs], penalty=PENALTY, steps=25
        )
    head = fit_head(mine, columns.truth, columns.weight, penalty=PENALTY, start=start, steps=STEPS)
    unseen_scores = np.zeros(len(folds))
    fold_of = np.full(len(columns.at), -1)
    fold_of[columns.own] = folds
    for fold in range(FOLDS):
        kept = fold_of != fold
        fitted = fit_head(
            mine[kept],
            columns.truth[kept],
            columns.weight[kept],
            penalty=PENALTY,
            start=start,
            steps=STEPS,
        )
        unseen_scores[folds == fold] = fitted.scores(mine[fold_of == fold])
    return head, unseen_scores


def train(corpora: Path, out: Path) -> Mapping[Label, Mapping[str, float]]:
    """Writes labels.npz and model.json; returns the cross-validated figures."""
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    rows, missing = read_corpora(corpora)
    rows = [row for row in rows if row.split == "train"]
    own = [example for example in read_examples() if example.split == "train"]
    found = places([row.text for row in rows] + [example.text for example in own])
    idf = inverse_frequency(found, LEAST)
    vectors = word_vectors([by_block[-1] for by_block in found])
    keep = np.zeros(BUCKETS, np.bool_)
    keep[vectors.places] = True
    idf[MAIN:][~keep[MAIN:]] = 0
    built = matrix(found, idf)
    main = built[:, :MAIN]
    log.info("matrix %s, %.0f s", built.shape, time.monotonic() - started)
    helping = {
        target: fit_head(main[part.at], part.truth, part.weight, penalty=PENALTY, steps=40)
        for target in AUXILIARY
        if (part := _columns(target, rows, own)).at.size
    }
    log.info("auxiliary heads, %.0f s", time.monotonic() - started)
    wide = _with_extra(built, main, helping, vectors)
    folds = _fold(own)
    heads: dict[Label, Head] = {}
    curves: dict[Label, tuple[float, float]] = {}
    scores: dict[Label, Floats] = {}
    for label in LABELS:
        part = _columns(label, rows, own)
        head, unseen = _fit_label(wide, part, folds)
        heads[label] = _folded(head, helping, vectors)
        truth = np.array([float(label in example.labels) for example in own])
        curves[label] = platt(unseen, truth, np.ones(len(own)))
        slope, offset = curves[label]
        scores[label] = 1 / (1 + np.exp(-(slope * unseen + offset)))
        log.info("%s, %.0f s", label, time.monotonic() - started)
    thresholds, figures = choose(scores, own)
    trained = Trained(heads=heads, curves=curves, idf=idf, thresholds=thresholds, figures=figures)
    pack(trained, out, rows=rows, own=own, missing=missing)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for label, figures in train(options.corpora, options.out).items():
        log.info("%s %s", label, {name: round(value, 3) for name, value in figures.items()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
