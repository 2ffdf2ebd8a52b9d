"""Weights of school evidence, fitted to what people said of links (design: matching, stage 2).

A logistic regression whose starting point is also its prior: few verdicts move little. Signs
are kept, so that evidence for a school can never come to speak against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.matching.weights import Weights, value
from classifiers.types import Reason

Floats = NDArray[np.float64]
PRIOR = 2.0
"""Inverse variance of a weight round its start: chosen by cross-validation on our own posts."""
LEAST = 0.05
"""What stays of a weight that the verdicts speak against: its sign."""
STEPS = 2_000
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a link with these reasons was right."""

    reasons: tuple[Reason, ...]
    is_meant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """Fitted weights, and the mean log loss of verdicts unseen by the fit, before and after
    (the lower, the better; by five-fold cross-validation)."""

    terms: Mapping[str, float]
    before: float
    after: float


def refit(verdicts: Sequence[Verdict], start: Weights) -> Refit:
    """Weights for the start's terms. Raises ValueError with fewer verdicts than folds."""
    if len(verdicts) < FOLDS:
        raise ValueError("too few verdicts to learn from")
    names = sorted(start.terms)
    rows = np.array([_row(verdict.reasons, names) for verdict in verdicts])
    truth = np.array([float(verdict.is_meant) for verdict in verdicts])
    prior = np.array([start.terms[name] for name in names])
    fitted = _fit(rows, truth, prior)
    return Refit(
        terms={name: round(float(weight), 3) for name, weight in zip(names, fitted, strict=True)},
        before=_loss(rows @ prior, truth),
        after=_loss(_unseen(rows, truth, prior), truth),
    )


def _row(reasons: Sequence[Reason], names: Sequence[str]) -> list[float]:
    """How often each term holds; terms of an older model that are no more are left out."""
    row = [0.0] * len(names)
    for reason in reasons:
        if reason.name in names:
            row[names.index(reason.name)] += value(reason.name, reason.detail)
    return row


def _fit(rows: Floats, truth: Floats, prior: Floats) -> Floats:
    """Projected gradient descent; the step is safe for the steepest curvature there is."""
    step = 1 / (0.25 * float(np.linalg.norm(rows, 2)) ** 2 + PRIOR)
    weights = prior.copy()
    for _ in range(STEPS):
        slope = rows.T @ (_probability(rows @ weights) - truth) + PRIOR * (weights - prior)
        weights = weights - step * slope
        weights = np.where(prior > 0, np.maximum(weights, LEAST), np.minimum(weights, -LEAST))
    return weights


def _unseen(rows: Floats, truth: Floats, prior: Floats) -> Floats:
    """Each verdict's log-odds by weights fitted to the other folds."""
    fold = np.arange(len(truth)) % FOLDS
    scores = np.zeros(len(truth))
    for part in range(FOLDS):
        weights = _fit(rows[fold != part], truth[fold != part], prior)
        scores[fold == part] = rows[fold == part] @ weights
    return scores


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def _loss(log_odds: Floats, truth: Floats) -> float:
    return float(np.logaddexp(0, np.where(truth > 0, -log_odds, log_odds)).mean())
