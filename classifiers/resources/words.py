"""The list of everyday English words, read once."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources


@cache
def english() -> frozenset[str]:
    """About 15,000 lower-case words of everyday English and of school life."""
    packed = resources.files("classifiers.resources").joinpath("english_words.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode("utf-8").split("\n"))
