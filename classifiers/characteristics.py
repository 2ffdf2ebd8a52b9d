"""Which protected characteristics a text names a group of, for the equality ledger (policy 1.2).

It is about words and never about a person: nothing is judged by it, and no post keeps it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Characteristic = Literal[
    "age", "disability", "gender_reassignment", "pregnancy_and_maternity", "race",
    "religion_or_belief", "sex", "sexual_orientation",
]  # fmt: skip
CHARACTERISTICS: tuple[Characteristic, ...] = get_args(Characteristic)
_LIST = Path(__file__).with_name("characteristics.toml")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LONGEST = 3


def named(text: str) -> frozenset[Characteristic]:
    """The characteristics of which the text names a group."""
    known = words()
    found = _WORD.findall(text.casefold().replace("’", "").replace("'", ""))
    return frozenset(
        known[phrase]
        for at in range(len(found))
        for size in range(1, _LONGEST + 1)
        if (phrase := " ".join(found[at : at + size])) in known
    )


@cache
def words() -> Mapping[str, Characteristic]:
    """Every word or phrase of the list, with its characteristic."""
    with _LIST.open("rb") as file:
        listed = tomllib.load(file)
    return {
        " ".join(phrase.split()): characteristic
        for characteristic in CHARACTERISTICS
        for phrase in listed[characteristic].split(",")
    }
