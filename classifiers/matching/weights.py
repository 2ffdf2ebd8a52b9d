"""Weights of the named terms of evidence, in log-odds, read from weights.json.

A term's sign is fixed by what it means (`monotone` in the tests): learning may change how
much a school word says, never whether it speaks for or against.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class Weights(NamedTuple):
    """`terms` by name; `certain` and `possible` are the least log-odds of each outcome."""

    terms: Mapping[str, float]
    certain: float
    possible: float
    version: str


@cache
def load() -> Weights:
    """The shipped weights."""
    given = json.loads(
        resources.files("classifiers.matching").joinpath("weights.json").read_text("utf-8")
    )
    return Weights(given["terms"], given["certain"], given["possible"], given["version"])
