"""Texts as a sparse matrix, scaled exactly as the running model scales them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers.labels.features import BLOCKS, BUCKETS, buckets, features, read

Floats = NDArray[np.float32]
_MAX_TOKENS = 120
"""A training text is cut here; the running model judges longer ones in stretches."""


class _Places:
    def __init__(self) -> None:
        self._known: dict[str, NDArray[np.int32]] = {}

    def of(self, name: str) -> NDArray[np.int32]:
        if name not in self._known:
            self._known[name] = buckets(name)
        return self._known[name]


def places(texts: Sequence[str]) -> list[tuple[NDArray[np.int32], ...]]:
    """For each text, the hashed places of its features, one array a block."""
    known = _Places()
    empty = np.zeros(0, np.int32)
    found = []
    for text in texts:
        names = dict.fromkeys(name for name, _, _ in features(read(text)[:_MAX_TOKENS]))
        by_block = []
        for block in BLOCKS:
            arrays = [known.of(name) for name in names if name[0] == block]
            by_block.append(np.concatenate(arrays) if arrays else empty)
        found.append(tuple(by_block))
    return found


def inverse_frequency(found: Sequence[tuple[NDArray[np.int32], ...]], least: int) -> Floats:
    """IDF in steps of 1/16; 0 for places met in fewer than `least` texts (they are dropped)."""
    counts = np.zeros(BUCKETS, np.int64)
    for by_block in found:
        counts[np.unique(np.concatenate(by_block))] += 1
    idf = np.log((1 + len(found)) / (1 + counts)) + 1
    idf[counts < least] = 0
    rounded: Floats = (np.round(np.minimum(idf, 15.9) * 16) / 16).astype(np.float32)
    return rounded


def matrix(found: Sequence[tuple[NDArray[np.int32], ...]], idf: Floats) -> csr_matrix:
    """(texts, buckets); each block of a row has its length."""
    values, columns, starts = [], [], [0]
    for by_block in found:
        length = 0
        for at, wanted in zip(by_block, BLOCKS.values(), strict=True):
            weights = idf[at]
            kept = weights > 0
            at, weights = at[kept], weights[kept]
            values.append(weights * (wanted / np.sqrt(max(float(weights @ weights), 1e-6))))
            columns.append(at)
            length += len(at)
        starts.append(starts[-1] + length)
    built = csr_matrix(
        (np.concatenate(values), np.concatenate(columns), np.array(starts, np.int64)),
        shape=(len(found), BUCKETS),
        dtype=np.float32,
    )
    built.sum_duplicates()
    return built
