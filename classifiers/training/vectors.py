"""Vectors of words from what stands beside them, so that heads learn of words they never met.

Positive pointwise mutual information of words at most five apart (nearer counts more), reduced
by a truncated singular value decomposition. Only the heads' products with the vectors ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.linalg import svds

Floats = NDArray[np.float32]
SIZE = 120
_REACH = 5
_LEAST = 5
_SMOOTHING = 0.75
"""Power of the neighbour's frequency: rare neighbours count less (Levy and Goldberg 2015)."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """`places` (n,) hashed places in rising order; `rows` (n, SIZE) of length one."""

    places: NDArray[np.int32]
    rows: Floats


def word_vectors(sequences: Sequence[NDArray[np.int32]]) -> Vectors:
    everything = np.concatenate(list(sequences))
    known, counts = np.unique(everything, return_counts=True)
    known = known[counts >= _LEAST].astype(np.int32)
    beside = _beside(sequences, known)
    total = float(beside.sum())
    often = np.asarray(beside.sum(axis=1)).ravel()
    smooth = often**_SMOOTHING
    smooth = smooth / smooth.sum() * total
    cells = beside.tocoo()
    information = np.log(cells.data * total / (often[cells.row] * smooth[cells.col] + 1e-9))
    positive = information > 0
    kept = csr_matrix(
        (information[positive], (cells.row[positive], cells.col[positive])),
        shape=beside.shape,
        dtype=np.float32,
    )
    left, strength, _ = svds(kept, k=SIZE, v0=np.ones(len(known), np.float32))
    rows = left * np.sqrt(strength)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return Vectors(known, rows.astype(np.float32))


def _beside(sequences: Sequence[NDArray[np.int32]], known: NDArray[np.int32]) -> csr_matrix:
    """Symmetric counts; a neighbour at distance d counts 1/d."""
    position = np.full(int(known.max()) + 1, -1, np.int32)
    position[known] = np.arange(len(known))
    lengths = np.array([len(sequence) for sequence in sequences])
    text = np.repeat(np.arange(len(sequences)), lengths)
    joined = np.concatenate(list(sequences))
    at = np.where(joined <= known.max(), position[np.minimum(joined, known.max())], -1)
    summed = csr_matrix((len(known), len(known)), dtype=np.float32)
    for step in range(1, _REACH + 1):
        left, right = at[:-step], at[step:]
        good = (left >= 0) & (right >= 0) & (text[:-step] == text[step:])
        share = np.full(int(good.sum()), 1 / step, np.float32)
        summed = summed + coo_matrix((share, (left[good], right[good])), summed.shape).tocsr()
    return csr_matrix(summed + summed.T)
