"""What no corpus of ours measures: hate by what a post does, identities, names and dialects in
sentences that differ in nothing else, and harmless posts full of violent words.

All sets are of our own making, never trained on, and stand with the tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.labels.model import LabelModel
from classifiers.types import LABELS, Label

SETS = Path(__file__).parents[2] / "tests" / "classifiers" / "sets"
Flags = NDArray[np.bool_]
Thresholds = Mapping[Label, float]
_HATE = LABELS.index("hate")


def run(model: LabelModel, thresholds: Thresholds) -> dict[str, Any]:
    """All of it; {} where the sets are not there, as in an installed package."""
    if not SETS.is_dir():
        return {}
    return {
        "hate_functions": hate_functions(model, thresholds),
        "identity_terms": identity_terms(model, thresholds),
        "names": names(model, thresholds),
        "dialects": dialects(model, thresholds),
        "violent_words": {"harmless_flagged": violent_words(model, thresholds)},
    }


def flags(model: LabelModel, texts: Sequence[str], thresholds: Thresholds) -> Flags:
    """(texts, labels)"""
    found: Flags = model.probabilities(texts) >= np.array([thresholds[one] for one in LABELS])
    return found


def hate_functions(model: LabelModel, thresholds: Thresholds) -> dict[str, Any]:
    """Macro-F1 of the label hate; the spread over groups; the functions most often wrong."""
    given = _read("hate_functions.toml")
    rows = [
        (function["name"], function["hateful"], group["many"], frame.format(**group))
        for function in given["functions"]
        for frame in function["frames"]
        for group in (given["groups"] if "{" in frame else [{"many": ""}])
    ]
    found = flags(model, [text for *_, text in rows], thresholds)[:, _HATE]
    truth = np.array([hateful for _, hateful, _, _ in rows])
    function, group = np.array([row[0] for row in rows]), np.array([row[2] for row in rows])
    right = {name: float((found == truth)[function == name].mean()) for name in _once(function)}
    groups = [name for name in _once(group) if name]
    return {
        "macro_f1": (_f1(truth, found) + _f1(~truth, ~found)) / 2,
        "recall": float(found[truth].mean()),
        "false_positives": float(found[~truth].mean()),
        "recall_gap": _gap(float(found[truth & (group == name)].mean()) for name in groups),
        "false_positive_gap": _gap(
            float(found[~truth & (group == name)].mean()) for name in groups
        ),
        "functions_mostly_wrong": [name for name, share in right.items() if share < 0.5],
    }


def identity_terms(model: LabelModel, thresholds: Thresholds) -> dict[str, float]:
    """Differences to the overall rate summed over the terms (Dixon et al. 2018), any label."""
    given = _read("identity_terms.toml")
    rates = {
        kind: np.array([_flagged(model, given[kind], term, thresholds) for term in given["terms"]])
        for kind in ("harmless", "abusive")
    }
    false_alarms, missed = rates["harmless"], 1 - rates["abusive"]
    return {
        "terms": float(len(given["terms"])),
        "false_positives_apart": float(np.abs(false_alarms - false_alarms.mean()).sum()),
        "misses_apart": float(np.abs(missed - missed.mean()).sum()),
        "worst_false_positives": float(false_alarms.max()),
        "found": float(1 - missed.mean()),
    }


def names(model: LabelModel, thresholds: Thresholds) -> dict[str, float]:
    """By first name, any label: the spread in kind and in cruel sentences, and the worst."""
    given = _read("names_and_dialects.toml")
    shares = {
        kind: [_flagged(model, given[kind], name, thresholds) for name in given["names"]]
        for kind in ("kind", "cruel")
    }
    return {
        "kind_gap": _gap(shares["kind"]),
        "kind_worst": max(shares["kind"]),
        "cruel_gap": _gap(shares["cruel"]),
        "cruel_found": min(shares["cruel"]),
    }


def dialects(model: LabelModel, thresholds: Thresholds) -> dict[str, float]:
    """The share of harmless sentences flagged in standard English and in dialects."""
    given = _read("names_and_dialects.toml")["dialects"]
    found = [flags(model, said, thresholds) for said in given]
    return {
        "standard": float(np.mean([one[:1].any() for one in found])),
        "dialect": float(np.mean([one[1:].any(axis=1).mean() for one in found])),
    }


def violent_words(model: LabelModel, thresholds: Thresholds) -> float:
    """The share of harmless posts with violent words that any label flags."""
    lines = (SETS / "violent_words.txt").read_text("utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    return float(flags(model, texts, thresholds).any(axis=1).mean())


def _flagged(
    model: LabelModel, frames: Sequence[str], filled: str, thresholds: Thresholds
) -> float:
    """The share of the frames, filled with the word, that any label flags."""
    texts = [frame.format(filled) for frame in frames]
    return float(flags(model, texts, thresholds).any(axis=1).mean())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SETS / name).read_text("utf-8"))


def _f1(truth: Flags, found: Flags) -> float:
    return 2 * float((truth & found).sum()) / max(float(truth.sum() + found.sum()), 1.0)


def _gap(shares: Iterable[float]) -> float:
    every = list(shares)
    return max(every) - min(every)


def _once(names: NDArray[np.str_]) -> list[str]:
    return list(dict.fromkeys(str(name) for name in names))
