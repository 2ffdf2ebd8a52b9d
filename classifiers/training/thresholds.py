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
PRICE = 3.0
"""What a false alarm in each of a hundred harmless posts costs, in hundredths of the F measure: the
same for each label, so that none spends where another would gain more (0.007 of the F1 on hands
left out, at as many false alarms). At 2.5 the F1 is 0.004 better, and one more harmless post in a
hundred is flagged."""


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
            for at in (round(0.1 + 0.01 * step, 2) for step in range(81))
        }
        beta = RECALL_WEIGHT[label]
        best = max(measured, key=lambda at: _worth(measured[at], beta))
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


def _worth(figures: Mapping[str, float], beta: float) -> float:
    precision, recall = figures["precision"], figures["recall"]
    f = (1 + beta**2) * precision * recall / max(beta**2 * precision + recall, 1e-9)
    return f - PRICE * figures["false_alarms"]
