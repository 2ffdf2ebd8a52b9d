"""The linear heads: text in, calibrated probabilities out.

A text's four feature blocks are each scaled to a length of their own, multiplied by the heads'
weights and turned into probabilities by one logistic curve a head (Platt). Six heads are the
labels, learnt from posts of our register; two more, learnt from corpora of another (`COUNTS_AS`),
count as a label where they are surer than its own. The last one is a second reading of how grave a
post is, learnt beside ordinary talk; with the surest grave label it makes `gravity`. A long text is
also judged in stretches, and its gravest stretch counts, so that a threat is not diluted by a page
around it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from classifiers.labels.explain import Contribution, spans
from classifiers.labels.features import BLOCKS, BUCKETS, buckets, features, read
from classifiers.labels.tokens import Token
from classifiers.types import LABELS, Explanation, Label

WEIGHTS = Path(__file__).parents[1] / "weights"
STRETCH = 60
"""Tokens judged together; a longer text is judged whole and in stretches."""
_CACHED = 120_000
HeadName = Label | Literal["sexism", "abuse", "gravity"]
HEADS: tuple[HeadName, ...] = (*LABELS, "sexism", "abuse", "gravity")
"""The columns of the weights; the first six are the labels."""
GRAVE: tuple[Label, ...] = ("bullying", "threat", "hate", "sexual", "self_harm")
"""The labels that make a post grave; damage to a reputation alone can wait."""
COUNTS_AS: Mapping[HeadName, Label] = {"sexism": "hate", "abuse": "bullying"}
_COLUMNS = len(HEADS) + 1

Floats = NDArray[np.float32]


class WeightsDamagedError(Exception):
    """The weights do not match their checksum or this code; reinstall the product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """`heads` is (buckets, 9); `idf` (buckets,); `bias`, `slope`, `offset` (9,); `gravity` (3,):
    what the surest grave label and the last head count for, and where their sum begins."""

    heads: Floats
    idf: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    gravity: Floats


def read_card(directory: Path = WEIGHTS) -> Mapping[str, object]:
    """model.json: version, thresholds, checksums, figures."""
    card: Mapping[str, object] = json.loads((directory / "model.json").read_text("utf-8"))
    return card


def read_weights(directory: Path = WEIGHTS) -> Weights:
    """Raises WeightsDamagedError."""
    card = read_card(directory)
    path = directory / "labels.npz"
    if (
        hashlib.sha256(path.read_bytes()).hexdigest() != card["sha256"]
        or card["buckets"] != BUCKETS
    ):
        raise WeightsDamagedError
    with np.load(path) as packed:
        heads = np.zeros((BUCKETS, len(HEADS)), np.float32)
        roots = packed["heads"].astype(np.float32)
        heads[packed["rows"]] = roots * np.abs(roots) * packed["scale"]
        idf = packed["idf"].astype(np.float32) / 16
        return Weights(
            heads=heads,
            idf=idf,
            bias=packed["bias"].astype(np.float32),
            slope=packed["slope"].astype(np.float32),
            offset=packed["offset"].astype(np.float32),
            gravity=packed["gravity"].astype(np.float32),
        )


class _Table:
    """Summed weights of each feature name met, by block; emptied when it grows too long."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.rows = np.zeros((1 << 12, _COLUMNS), np.float32)
        self.known: dict[str, int] = {}

    def row(self, name: str) -> int:
        at = self.known.get(name)
        return self._add(name) if at is None else at

    def _add(self, name: str) -> int:
        at = len(self.known)
        if at == len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        places = buckets(name)
        idf = self._weights.idf[places]
        self.rows[at, :-1] = idf @ self._weights.heads[places]
        self.rows[at, -1] = idf @ idf
        self.known[name] = at
        return at

    def shrink(self) -> None:
        if len(self.known) > _CACHED:
            self.known.clear()


class LabelModel:
    """Not safe to share between threads: it remembers the features it has met."""

    def __init__(self, weights: Weights, *, version: str, thresholds: Mapping[Label, float]):
        self._weights = weights
        self._table = _Table(weights)
        self.version = version
        self.thresholds = thresholds

    @classmethod
    def load(cls, directory: Path = WEIGHTS) -> LabelModel:
        """The shipped weights. Raises WeightsDamagedError."""
        card = read_card(directory)
        thresholds = cast("Mapping[Label, float]", card["thresholds"])
        return cls(read_weights(directory), version=str(card["version"]), thresholds=thresholds)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """One row a text, one calibrated column a label in the order of LABELS."""
        return self.judged(texts)[0]

    def judged(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The probabilities of the labels, and (texts,) how sure it is that each is grave."""
        scores = self._calibrated(self.logits(texts))
        gravity = self._gravity(scores)
        for head, label in COUNTS_AS.items():
            at = LABELS.index(label)
            scores[:, at] = np.maximum(scores[:, at], scores[:, HEADS.index(head)])
        return _probability(scores[:, : len(LABELS)]), _probability(gravity)

    def _gravity(self, scores: Floats) -> Floats:
        of_label, of_head, offset = self._weights.gravity
        surest = scores[:, [LABELS.index(label) for label in GRAVE]].max(axis=1)
        result: Floats = of_label * surest + of_head * scores[:, HEADS.index("gravity")] + offset
        return result

    def _calibrated(self, scores: Floats) -> Floats:
        result: Floats = scores * self._weights.slope + self._weights.offset
        return result

    def logits(self, texts: Sequence[str]) -> Floats:
        """Uncalibrated scores in the order of HEADS, of each the gravest stretch of a text."""
        result = np.empty((len(texts), len(HEADS)), np.float32)
        for at, text in enumerate(texts):
            self._table.shrink()
            found = read(text)
            scores = [self._score(part) for part in (found, *stretches(found))]
            result[at] = scores[0] if len(scores) == 1 else np.max(scores, axis=0)
        return result

    def _score(self, found: list[Token]) -> Floats:
        names = dict.fromkeys(name for name, _, _ in features(found))
        total = self._weights.bias.copy()
        table = self._table
        for block, length in BLOCKS.items():
            rows = [table.row(name) for name in names if name[0] == block]
            if rows:
                summed = table.rows[rows].sum(axis=0)
                total += summed[:-1] * (length / np.sqrt(max(float(summed[-1]), 1e-6)))
        return total

    @property
    def bias(self) -> Floats:
        """What a text without any feature scores, in the order of HEADS."""
        return self._weights.bias

    def head_of(self, text: str, label: Label) -> HeadName:
        """The head whose score the label's probability is."""
        scores = self._calibrated(self.logits([text]))[0]
        heads = [label, *(head for head in COUNTS_AS if COUNTS_AS[head] == label)]
        return max(heads, key=lambda head: float(scores[HEADS.index(head)]))

    def contributions(self, text: str, head: HeadName) -> list[Contribution]:
        """What each feature of the gravest stretch adds to the uncalibrated score."""
        column = HEADS.index(head)
        found = read(text)
        parts = [found, *stretches(found)]
        gravest = max(parts, key=lambda part: float(self._score(part)[column]))
        first: dict[str, tuple[int, int]] = {}
        for name, start, end in features(gravest):
            first.setdefault(name, (start, end))
        result = []
        for block, length in BLOCKS.items():
            names = [name for name in first if name[0] == block]
            at = [self._table.row(name) for name in names]
            rows = self._table.rows[at]
            scale = length / np.sqrt(max(float(rows[:, -1].sum()), 1e-6)) if at else 1.0
            for name, row in zip(names, rows, strict=True):
                tokens = tuple(gravest[index] for index in sorted(set(first[name])))
                result.append(Contribution(name, tokens, float(row[column] * scale)))
        return result

    def explain(self, text: str, labels: Sequence[Label]) -> tuple[Explanation, ...]:
        """At most three spans of whole words a label, strongest first."""
        return tuple(
            Explanation(label=label, span=span, weight=weight)
            for label in labels
            for span, weight in spans(self.contributions(text, self.head_of(text, label)))
        )


def _probability(scores: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
    return result


def stretches(found: list[Token]) -> list[list[Token]]:
    """Overlapping stretches of a long text; none of a short one."""
    if len(found) <= STRETCH + STRETCH // 2:
        return []
    step = STRETCH // 2
    return [found[at : at + STRETCH] for at in range(0, len(found) - step, step)]
