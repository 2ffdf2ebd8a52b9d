"""The trained heads as two small files with a checksum."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.labels.examples import Example
from classifiers.labels.features import BUCKETS
from classifiers.labels.model import HEADS, HeadName
from classifiers.training.corpora import Row
from classifiers.training.fit import Head
from classifiers.types import Label

_LEVELS = 127
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    heads: Mapping[HeadName, Head]
    curves: Mapping[HeadName, tuple[float, float]]
    gravity: tuple[float, float, float]
    idf: NDArray[np.float32]
    thresholds: Mapping[Label, float]
    figures: Mapping[Label, Mapping[str, float]]


def _arrays(trained: Trained) -> dict[str, NDArray[np.generic]]:
    """The weights in 8 bits, by square root so that small ones keep their precision."""
    heads = np.stack([trained.heads[name].weights for name in HEADS], axis=1)
    rows = np.flatnonzero(trained.idf > 0)
    heads = heads[rows]
    top = np.abs(heads).max(axis=0)
    small = np.round(np.sign(heads) * np.sqrt(np.abs(heads) / top) * _LEVELS).astype(np.int8)
    return {
        "rows": rows.astype(np.int32),
        "heads": small,
        "scale": (top / _LEVELS**2).astype(np.float32),
        "idf": (trained.idf * 16).astype(np.uint8),
        "bias": np.array([trained.heads[name].bias for name in HEADS], np.float32),
        "slope": np.array([trained.curves[name][0] for name in HEADS], np.float32),
        "gravity": np.array(trained.gravity, np.float32),
        "offset": np.array([trained.curves[name][1] for name in HEADS], np.float32),
    }


def _write(arrays: Mapping[str, NDArray[np.generic]], path: Path) -> str:
    """An .npz without the time of writing; returns its SHA-256."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            held = io.BytesIO()
            np.lib.format.write_array(held, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), held.getvalue(),
                             zipfile.ZIP_DEFLATED, 9)  # fmt: skip
    path.write_bytes(packed.getvalue())
    return hashlib.sha256(packed.getvalue()).hexdigest()


def pack(
    trained: Trained,
    directory: Path,
    *,
    rows: Sequence[Row],
    own: Sequence[Example],
    missing: Sequence[str],
) -> None:
    """Writes labels.npz and model.json."""
    digest = _write(_arrays(trained), directory / "labels.npz")
    counts = Counter(row.source for row in rows)
    card = {
        "version": f"labels-{digest[:10]}",
        "buckets": BUCKETS,
        "sha256": digest,
        "thresholds": trained.thresholds,
        "cross_validated": {
            label: {name: round(value, 3) for name, value in figures.items()}
            for label, figures in trained.figures.items()
        },
        "rows": dict(sorted(counts.items())) | {"own": len(own)},
        "missing_sets": list(missing),
    }
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (directory / "model.json").write_text(text, "utf-8")
