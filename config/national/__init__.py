"""National facts that ship with the product: the school register and birth and family names.

Sources and licences: LICENCE.md beside this file. Read on first use, from compact files.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

register_date = "2018, brought forward with the links file of April 2025"
"""What the shipped register stands for; it is not current."""


class RegisterSchool(NamedTuple):
    """One school of the register. `phase` is letters: N, P, S, 16 and 6 for a sixth form."""

    urn: str
    name: str
    town: str
    locality: str
    postcode: str
    la: str
    phase: str
    website: str
    former_names: tuple[str, ...]


class FirstName(NamedTuple):
    """How many children in England and Wales were given a name."""

    births_2006_2020: int
    births_1996_2020: int
    share_female: float


@cache
def register() -> tuple[RegisterSchool, ...]:
    """Every school of the shipped register, in the order of the URN."""
    return tuple(
        RegisterSchool(*row[:8], former_names=tuple(row[8].split("|")) if row[8] else ())
        for row in _rows("register.csv.gz")
    )


@cache
def registered_names() -> tuple[str, ...]:
    """Every name that a registered school has or had."""
    return tuple(name for school in register() for name in (school.name, *school.former_names))


@cache
def first_names() -> Mapping[str, FirstName]:
    """Lower-case first names, 1996-2020."""
    return {
        row[0]: FirstName(int(row[1]), int(row[2]), float(row[3]))
        for row in _rows("first_names.csv.gz")
    }


@cache
def surnames() -> frozenset[str]:
    """The commonest family names, lower case."""
    return frozenset(row[0] for row in _rows("surnames.csv.gz"))


def _rows(name: str) -> Iterator[list[str]]:
    packed = files("config.national").joinpath(name).read_bytes()
    return csv.reader(io.StringIO(gzip.decompress(packed).decode()))
