"""Our own examples: hand-written posts in a readable form, split once and for all by hash.

A line is `labels | post`; several labels are joined by commas, `-` means harmless, `\\n` stands
for a line break, and `#` begins a comment line. The split depends on the post alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from classifiers.types import LABELS, Label

DIRECTORY = Path(__file__).parents[1] / "training" / "examples"
Split = Literal["train", "unseen"]
UNSEEN_OF_TEN = 2


class ExampleError(Exception):
    """A line of an examples file cannot be read; says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    text: str
    labels: frozenset[Label]
    topic: str
    """The file it stands in."""
    split: Split


def split_of(text: str) -> Split:
    """Decided by the words alone, so that a change of case or marks changes nothing."""
    words = "".join(char for char in text.lower() if char.isalnum() or char == " ")
    digest = hashlib.blake2b(" ".join(words.split()).encode("utf-8", "replace"), digest_size=4)
    return "unseen" if int.from_bytes(digest.digest()) % 10 < UNSEEN_OF_TEN else "train"


def _labels(names: str, where: str) -> frozenset[Label]:
    if names == "-":
        return frozenset()
    wanted = frozenset(names.split(","))
    if not wanted <= set(LABELS):
        raise ExampleError(where)
    return frozenset(label for label in LABELS if label in wanted)


def read_file(path: Path) -> Iterator[Example]:
    """Raises ExampleError."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        names, bar, text = line.partition(" | ")
        if not bar or not text.strip():
            raise ExampleError(f"{path.name}:{number}")
        text = text.strip().replace("\\n", "\n")
        labels = _labels(names.strip(), f"{path.name}:{number}")
        yield Example(text=text, labels=labels, topic=path.stem, split=split_of(text))


def read_examples(directory: Path = DIRECTORY) -> tuple[Example, ...]:
    """All files, each post once. Raises ExampleError."""
    seen: dict[str, Example] = {}
    for path in sorted(directory.glob("*.txt")):
        for example in read_file(path):
            seen.setdefault(example.text, example)
    return tuple(seen.values())
