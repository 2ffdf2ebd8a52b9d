"""Logistic regression with a penalty, on weighted rows; and the curves made of few scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """`weights` (columns,), `bias`."""

    weights: Floats
    bias: float

    def scores(self, rows: csr_matrix) -> Floats:
        result: Floats = np.asarray(rows @ self.weights.astype(np.float32), np.float64) + self.bias
        return result


def fit_head(
    rows: csr_matrix,
    truth: Floats,
    sample_weights: Floats,
    *,
    penalty: float,
    start: Head | None = None,
    steps: int = 60,
) -> Head:
    """Deterministic L-BFGS over the columns that occur in the rows (the others stay 0);
    `start` shortens the way, it does not change the goal."""
    width = rows.shape[1]
    used = np.unique(rows.indices)
    rows = rows[:, used]
    columns = len(used)
    signs = np.where(truth > 0, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        weights = point[:-1]
        margin = signs * (np.asarray(rows @ weights.astype(np.float32), np.float64) + point[-1])
        value = float(sample_weights @ np.logaddexp(0, -margin))
        pull = -signs * sample_weights / (1 + np.exp(np.clip(margin, -500, 500)))
        gradient = np.empty(columns + 1)
        gradient[:-1] = rows.T @ pull.astype(np.float32) + penalty * weights
        gradient[-1] = pull.sum()
        return value + penalty / 2 * float(weights @ weights), gradient

    first = np.zeros(columns + 1)
    if start is not None:
        first[:-1], first[-1] = start.weights[used], start.bias
    options = {"maxiter": steps, "maxcor": 8, "ftol": 1e-5}
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options=options)
    weights = np.zeros(width)
    weights[used] = found.x[:-1]
    return Head(weights, float(found.x[-1]))


def platt(scores: Floats, truth: Floats, sample_weights: Floats) -> tuple[float, float]:
    """(slope, offset) of the logistic curve; Platt's smoothed targets keep it from 0 and 1."""
    yes, no = float((truth > 0).sum()), float((truth <= 0).sum())
    targets = np.where(truth > 0, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(point: Floats) -> tuple[float, Floats]:
        line = point[0] * scores + point[1]
        error = sample_weights * (1 / (1 + np.exp(-np.clip(line, -500, 500))) - targets)
        value = float(sample_weights @ (np.logaddexp(0, line) - targets * line))
        return value, np.array([error @ scores, error.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B")
    return float(max(found.x[0], 0.05)), float(found.x[1])


def logistic(columns: Floats, truth: Floats, sample_weights: Floats) -> tuple[float, ...]:
    """What each column (rows, few) counts for, and the offset last; without a penalty."""
    wide = np.column_stack([columns, np.ones(len(columns))])

    def loss(point: Floats) -> tuple[float, Floats]:
        line = wide @ point
        error = sample_weights * (1 / (1 + np.exp(-np.clip(line, -500, 500))) - truth)
        return float(sample_weights @ (np.logaddexp(0, line) - truth * line)), error @ wide

    found = minimize(loss, np.zeros(wide.shape[1]), jac=True, method="L-BFGS-B")
    return tuple(float(one) for one in found.x)
