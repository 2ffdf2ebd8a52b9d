"""Where each label is flagged: chosen on cross-validated scores of our own training examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.labels.examples import Example
from classifiers.types import LABELS, Label

Floats = NDArray[np.float64]
RECALL_WEIGHT: Mapping[Label, float] = {
    "reputation": 1.0, "bullying": 1.0, "threat": 1.1, "hate": 1.0, "sexual": 1.1, "self_harm": 1.2,
}  # fmt: skip
"""F-beta: how much more a missed post costs than a false alarm; recall first for self-harm."""
MOST_FALSE: Mapping[Label, float] = {
    "reputation": 0.03, "bullying": 0.03, "threat": 0.03, "hate": 0.02, "sexual": 0.012,
    "self_harm": 0.03,
}  # fmt: skip
"""The largest share of our harmless posts that a label may flag; more where a miss may cost
a life or safety."""


def choose(
    scores: Mapping[Label, Floats], own: Sequence[Example]
) -> tuple[dict[Label, float], dict[Label, dict[str, float]]]:
    """Threshold and figures (precision, recall, f1, false_alarms) a label."""
    harmless = np.array([not example.labels for example in own])
    thresholds: dict[Label, float] = {}
    figures: dict[Label, dict[str, float]] = {}
    for label in LABELS:
        truth = np.array([label in example.labels for example in own])
        measured = {
            at: _measure(scores[label] >= at, truth, harmless)
            for at in (round(0.1 + 0.02 * step, 2) for step in range(41))
        }
        allowed = {at: m for at, m in measured.items() if m["false_alarms"] <= MOST_FALSE[label]}
        beta = RECALL_WEIGHT[label]
        best = max(allowed or measured, key=lambda at: _f_beta(measured[at], beta))
        thresholds[label], figures[label] = best, measured[best]
    return thresholds, figures


def _measure(
    flagged: NDArray[np.bool_], truth: NDArray[np.bool_], harmless: NDArray[np.bool_]
) -> dict[str, float]:
    hits = float((flagged & truth).sum())
    precision = hits / max(float(flagged.sum()), 1.0)
    recall = hits / max(float(truth.sum()), 1.0)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    false_alarms = float((flagged & harmless).sum()) / max(float(harmless.sum()), 1.0)
    return {"precision": precision, "recall": recall, "f1": f1, "false_alarms": false_alarms}


def _f_beta(figures: Mapping[str, float], beta: float) -> float:
    precision, recall = figures["precision"], figures["recall"]
    return (1 + beta**2) * precision * recall / max(beta**2 * precision + recall, 1e-9)
