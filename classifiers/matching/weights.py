"""Weights of the named terms of evidence, in log-odds, read from weights.json.

A term's sign is fixed by what it means (`monotone` in the tests): learning may change how
much a school word says, never whether it speaks for or against.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import NamedTuple

from config.errors import Fault

GRADED = "each school sharing it"
"""The one term that holds more or less: by the logarithm of how many share the name."""


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


def value(term: str, detail: str) -> float:
    """How far a term holds: 1, or more for the graded one (`detail` is its count)."""
    return math.log1p(int(detail)) if term == GRADED else 1.0


def learnt(terms: Mapping[str, float]) -> Weights:
    """The shipped weights with those that a Trust's reviewers taught laid over them."""
    shipped = load()
    if not terms:
        return shipped
    return shipped._replace(
        terms={**shipped.terms, **terms}, version=f"{shipped.version}, learnt from verdicts"
    )


def faults(terms: Mapping[str, float]) -> Iterator[Fault]:
    """What is wrong with the weights of a configuration: a term that is none, a turned sign."""
    shipped = load().terms
    for term, weight in terms.items():
        path = ("matching", term)
        if term not in shipped:
            near = get_close_matches(term, shipped, n=1)
            mend = f'Did you mean "{near[0]}"?' if near else "Remove it"
            yield Fault(path, "is no term of evidence", mend)
        elif weight * shipped[term] <= 0:
            side = "above" if shipped[term] > 0 else "below"
            yield Fault(path, "would speak for the contrary", f"Give it a weight {side} zero")
