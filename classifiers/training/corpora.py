"""The corpora's rows with our six labels; their texts never enter the repository.

How each set's own labels become ours, and which are left unknown, stands in `_SETS`: label
conflicts cost more than the model's form (Davidson's "offensive" is mostly slang and says
nothing of hate; an insult to a group is no bullying of a person; rudeness below the news is none
either, and taken for it cost 0.12 of the F1 on our own posts).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.types import Label

Target = Label | str
"""One of the six, or an auxiliary head: `negative`, `abuse`, `profanity`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`targets` holds what is known; what is missing is unknown, never "no"."""

    text: str
    targets: Mapping[Target, bool]
    source: str
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """`labels`: the set's label -> ours. `never`: ours that the register all but rules out.
    `keep`: the share of rows taken, by hash of the id."""

    labels: Mapping[str, tuple[Target, ...]]
    never: tuple[Target, ...] = ()
    keep: float = 1.0


_SETS: Mapping[str, Mapped] = {
    "edos": Mapped(
        labels={"hate": ("hate",), "threat": ("threat",), "sexual": ("sexual",)},
        never=("self_harm",),
    ),
    "hatexplain": Mapped(labels={"hate": ("hate",), "abuse": ("abuse",)}),
    "hatemojibuild": Mapped(labels={"hate": ("hate",), "threat": ("threat",)}),
    "toxigen": Mapped(labels={"hate": ("hate",), "threat": ("threat",)}),
    "davidson": Mapped(
        labels={"hate": ("hate",), "abuse": ("abuse",), "profanity": ("profanity",)}, keep=0.4
    ),
    "convabuse": Mapped(labels={"abuse": ("bullying", "abuse"), "sexual": ("sexual",)}),
    "toxicspans": Mapped(
        labels={
            "abuse": ("abuse",), "hate": ("hate",), "threat": ("threat",),
            "profanity": ("profanity",),
        }, never=("self_harm",),
    ),
    "cat_gc": Mapped(
        labels={"abuse": ("abuse",), "hate": ("hate",), "threat": ("threat",)},
        never=("sexual", "self_harm"), keep=0.3,
    ),
    "goemotions": Mapped(
        labels={"negative": ("negative",), "abuse": ("abuse",), "threat": ("threat",)},
        never=("self_harm",), keep=0.2,
    ),
    "vader": Mapped(labels={"negative": ("negative",)}, never=("sexual", "self_harm")),
}  # fmt: skip


_ORDINARY = ("goemotions", "vader", "cat_gc")
"""Sets that would tell if a row were angry or abusive."""


def ordinary(rows: Sequence[Row]) -> list[int]:
    """The places of rows that are ordinary talk: nothing bad is known of them."""
    return [
        place
        for place, row in enumerate(rows)
        if row.source in _ORDINARY and not any(row.targets.values())
    ]


def _targets(source: str, known: Mapping[str, int]) -> dict[Target, bool]:
    mapped = _SETS[source]
    found: dict[Target, bool] = dict.fromkeys(mapped.never, False)
    offensive_only = source == "davidson" and known.get("profanity") == 1
    for name, ours in mapped.labels.items():
        if name not in known or (offensive_only and name in ("hate", "abuse")):
            continue
        for target in ours:
            found[target] = bool(known[name])
    if found.get("hate") and "bullying" in found:
        del found["bullying"]
    return found


def _kept(identity: str, share: float) -> bool:
    return zlib.crc32(identity.encode()) % 1000 < share * 1000


def read_set(directory: Path, source: str) -> Iterator[Row]:
    """Rows of one set, in file order. Raises OSError when it is missing."""
    with gzip.open(directory / source / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            if raw["split"] == "train" and not _kept(raw["id"], _SETS[source].keep):
                continue
            targets = _targets(source, raw["y"])
            if targets:
                yield Row(text=raw["text"], targets=targets, source=source, split=raw["split"])


def read_corpora(directory: Path) -> tuple[list[Row], list[str]]:
    """All rows, and the names of the sets that are not there."""
    rows: list[Row] = []
    missing: list[str] = []
    for source in _SETS:
        if (directory / source / "data.jsonl.gz").is_file():
            rows.extend(read_set(directory, source))
        else:
            missing.append(source)
    return rows, missing
