"""Weights of what speaks for and against a name's being a pupil's, in log-odds (weights.json).

Learnt by `python -m classifiers.training.roles`. Signs are fixed by meaning: what is below zero
is a named counter-signal, everything else may only raise a grade.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

ANY_NAME = "any name"
"""The one term that holds of every name: most names in posts are nobody's at school."""


class RoleWeights(NamedTuple):
    """`terms` by name; a name counts as a pupil's from log-odds of `pupil`, and is hidden from
    `hidden` where the text identifies a pupil or class anyway."""

    terms: Mapping[str, float]
    pupil: float
    hidden: float


@cache
def load() -> RoleWeights:
    """The shipped weights."""
    text = resources.files("classifiers.pupil").joinpath("weights.json").read_text("utf-8")
    given = json.loads(text)
    return RoleWeights(given["terms"], given["pupil"], given["hidden"])
