"""The figures of the six labels, on the part of our own examples that training never sees and
on posts of people of whom training has seen nothing.

Works from the repository alone. With the corpora it adds their dev rows; with the `peers` extra
it puts the classifiers anybody can install beside ours, on the question both can answer: is
this post harmful at all?
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.bench import guards, severity
from classifiers.bench.label_peers import installed
from classifiers.labels.examples import DIRECTORY, Example, read_examples, read_file
from classifiers.labels.model import LabelModel
from classifiers.pipeline import build
from classifiers.types import LABELS, Label
from config.loading import load

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
OTHER_HANDS = Path(__file__).parents[2] / "tests" / "classifiers" / "sets" / "other_hands"
_CORPORA: Mapping[str, tuple[str, tuple[Label, ...]]] = {
    "edos": ("hate", ("hate",)),
    "hatexplain": ("hate", ("hate",)),
    "hatemojibuild": ("hate", ("hate",)),
    "convabuse": ("abuse", ("bullying", "hate", "threat", "sexual")),
    "toxicspans": ("abuse", ("bullying", "hate", "threat", "sexual")),
}
"""Set -> its own label, and which of ours answer it (the highest counts)."""


def f1(truth: Flags, flagged: Flags) -> float:
    hits = float((truth & flagged).sum())
    return 2 * hits / max(float(truth.sum() + flagged.sum()), 1.0)


def auc(truth: NDArray[np.bool_], scores: Floats) -> float:
    """The chance that a true one scores above a false one; ties count half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    values, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    ranks[order] = middle[inverse]
    yes = float(truth.sum())
    no = len(truth) - yes
    if not yes or not no or not len(values):
        return float("nan")
    return (float(ranks[truth].sum()) - yes * (yes + 1) / 2) / (yes * no)


def calibration_error(truth: NDArray[np.bool_], probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    at = np.minimum((probabilities * bins).astype(int), bins - 1)
    error = 0.0
    for inside in (at == bin_ for bin_ in range(bins)):
        if inside.any():
            apart = abs(float(truth[inside].mean()) - float(probabilities[inside].mean()))
            error += float(inside.mean()) * apart
    return error


def label_figures(
    examples: Sequence[Example], probabilities: Floats, thresholds: Mapping[Label, float]
) -> dict[str, dict[str, float]]:
    """Precision, recall, f1, auc, ece and the number of true posts, a label."""
    figures: dict[str, dict[str, float]] = {}
    for column, label in enumerate(LABELS):
        truth = np.array([label in example.labels for example in examples])
        scores = probabilities[:, column].astype(np.float64)
        flagged = scores >= thresholds[label]
        hits = float((truth & flagged).sum())
        figures[label] = {
            "precision": hits / max(float(flagged.sum()), 1.0),
            "recall": hits / max(float(truth.sum()), 1.0),
            "f1": f1(truth, flagged),
            "auc": auc(truth, scores),
            "ece": calibration_error(truth, scores),
            "posts": float(truth.sum()),
        }
    return figures


def _speed(model: LabelModel, texts: Sequence[str]) -> float:
    """Posts a second on this core, after one pass that fills the caches."""
    many = list(texts) * max(1, 2000 // max(len(texts), 1))
    model.probabilities(texts)
    started = time.process_time()
    model.probabilities(many)
    return len(many) / max(time.process_time() - started, 1e-9)


def _peer_figures(examples: Sequence[Example]) -> tuple[dict[str, dict[str, float]], list[str]]:
    texts = [example.text for example in examples]
    truth = np.array([bool(example.labels) for example in examples])
    present, absent = installed()
    figures: dict[str, dict[str, float]] = {}
    for peer in present:
        started = time.process_time()
        scores = np.array(peer.judge(texts))
        seconds = time.process_time() - started
        figures[peer.name] = _any_harm(truth, scores >= peer.threshold) | {
            "auc": auc(truth, scores),
            "posts_per_second": len(texts) / max(seconds, 1e-9),
        }
    return figures, absent


def _any_harm(truth: Flags, flagged: Flags) -> dict[str, float]:
    return {
        "macro_f1": (f1(truth, flagged) + f1(~truth, ~flagged)) / 2,
        "recall": float(flagged[truth].mean()),
        "harmless_flagged": float(flagged[~truth].mean()),
    }


def _corpus_figures(
    model: LabelModel, thresholds: Mapping[Label, float], directory: Path
) -> tuple[dict[str, dict[str, float]], list[str]]:
    figures: dict[str, dict[str, float]] = {}
    left_out: list[str] = []
    limits = np.array([thresholds[label] for label in LABELS])
    for name, (key, answering) in _CORPORA.items():
        path = directory / name / "data.jsonl.gz"
        if not path.is_file():
            left_out.append(name)
            continue
        rows = [row for row in _rows(path) if row["split"] == "dev" and key in row["y"]]
        truth = np.array([bool(row["y"][key]) for row in rows])
        probabilities = model.probabilities([row["text"] for row in rows]).astype(np.float64)
        at = [LABELS.index(label) for label in answering]
        flagged: Flags = np.any((probabilities >= limits)[:, at], axis=1)
        figures[name] = {
            "rows": float(len(rows)),
            "auc": auc(truth, probabilities[:, at].max(axis=1)),
            "macro_f1": (f1(truth, flagged) + f1(~truth, ~flagged)) / 2,
        }
    return figures, left_out


def _other_hands(
    model: LabelModel, thresholds: Mapping[Label, float], folder: Path = OTHER_HANDS
) -> dict[str, object]:
    """Posts of people none of whose posts were trained on, all files together."""
    posts = [example for path in sorted(folder.glob("*.txt")) for example in read_file(path)]
    if not posts:
        return {}
    probabilities = model.probabilities([post.text for post in posts]).astype(np.float64)
    flagged = probabilities >= np.array([thresholds[label] for label in LABELS])
    truth = np.array([bool(post.labels) for post in posts])
    labels = label_figures(posts, probabilities, thresholds)
    return {
        "posts": len(posts),
        "macro_f1": float(np.mean([figures["f1"] for figures in labels.values()])),
        "harmless_flagged": float(np.any(flagged, axis=1)[~truth].mean()),
        "labels": labels,
    }


def _severity() -> dict[str, dict[str, float]]:
    """How grave posts are graded, under the shipped policy."""
    settings = load(environ={})
    return severity.run(build(settings.trust, settings.policy)) if guards.SETS.is_dir() else {}


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run(
    corpora: Path | None = None, *, thresholds: Mapping[Label, float] | None = None
) -> dict[str, object]:
    """All figures, ready for JSON. `thresholds` default to those shipped with the weights."""
    if not DIRECTORY.is_dir():
        return {"left_out": "our own examples are not part of an installed package"}
    model = LabelModel.load()
    limits = thresholds or model.thresholds
    unseen = [example for example in read_examples() if example.split == "unseen"]
    texts = [example.text for example in unseen]
    probabilities = model.probabilities(texts).astype(np.float64)
    flagged = probabilities >= np.array([limits[label] for label in LABELS])
    any_flag: Flags = np.any(flagged, axis=1)
    truth = np.array([bool(example.labels) for example in unseen])
    labels = label_figures(unseen, probabilities, limits)
    peers, absent = _peer_figures(unseen)
    result: dict[str, object] = {
        "model": model.version,
        "unseen_posts": len(unseen),
        "macro_f1": float(np.mean([figures["f1"] for figures in labels.values()])),
        "harmless_flagged": float(any_flag[~truth].mean()),
        "labels": labels,
        "other_hands": _other_hands(model, limits),
        "guards": guards.run(model, limits),
        "severity": _severity(),
        "any_harm": {"ours": _any_harm(truth, any_flag)} | peers,
        "peers_not_installed": absent,
        "posts_per_second": _speed(model, texts),
    }
    if corpora is not None:
        result["corpora_dev"], result["corpora_left_out"] = _corpus_figures(model, limits, corpora)
    return result


def report(result: Mapping[str, object]) -> str:
    """The figures as indented lines; numbers rounded to three places."""
    return "\n".join(_lines(result, ""))


def _lines(value: Mapping[str, object], indent: str) -> list[str]:
    lines = []
    for name, item in value.items():
        if isinstance(item, Mapping) and all(isinstance(part, float) for part in item.values()):
            cells = "  ".join(f"{key} {part:.3g}" for key, part in item.items())
            lines.append(f"{indent}{name:<20} {cells}")
        elif isinstance(item, Mapping):
            lines.append(f"{indent}{name}")
            lines.extend(_lines(item, indent + "  "))
        else:
            lines.append(f"{indent}{name:<20} {f'{item:.3f}' if isinstance(item, float) else item}")
    return lines
