"""National lists: England's schools, first names with their births, surnames.

Read on first use from the compressed files beside this module and then kept. Where they
come from and under which licence: LICENCE.md. `config.national.build` makes them.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import NamedTuple

FOLDER = Path(__file__).parent
REGISTER = "register.csv.gz"
FIRST_NAMES = "first_names.csv.gz"
SURNAMES = "surnames.csv.gz"
WORLD_SURNAMES = "surnames_world.csv.gz"
WORLD_FIRST_NAMES = "first_names_world.csv.gz"
FORMER_NAMES_MARK = "|"
"""Stands between a school's former names in their one column."""

register_date = "2025-04-22"
"""ISO date of the newest list that went into the register; not a current register."""


class RegisterSchool(NamedTuple):
    """A school in England; parts that the register does not know are empty.

    `phase` is made of P (primary), S (secondary), 6 (sixth form). `website` has no scheme.
    Only a trust's own extract knows the trust, by its number and name.
    """

    urn: str
    name: str
    town: str
    locality: str
    postcode: str
    la: str
    phase: str
    website: str
    former_names: tuple[str, ...]
    trust_code: str = ""
    trust: str = ""


class FirstName(NamedTuple):
    """Births in England and Wales; a year's fewer than three are not in the figures."""

    births_2006_2020: int
    births_1996_2020: int
    share_female: float
    """From 0.0 to 1.0."""


@cache
def register() -> tuple[RegisterSchool, ...]:
    """The schools in order of their URN, about 23,600."""
    return tuple(_school(row) for row in _rows(REGISTER))


def _school(row: list[str]) -> RegisterSchool:
    urn, name, town, locality, postcode, la, phase, website, former = row
    return RegisterSchool(
        urn,
        name,
        intern(town),
        intern(locality),
        postcode,
        intern(la),
        intern(phase),
        website,
        tuple(former.split(FORMER_NAMES_MARK)) if former else (),
    )


@cache
def first_names() -> Mapping[str, FirstName]:
    """Lower-case first name -> its births, about 34,000 names, most frequent first."""
    names = {
        name: FirstName(int(recent), int(all_years), float(share))
        for name, recent, all_years, share in _rows(FIRST_NAMES)
    }
    return MappingProxyType(names)


@cache
def surnames() -> frozenset[str]:
    """The 500 most frequent surnames of the United Kingdom, lower case."""
    return frozenset(row[0] for row in _rows(SURNAMES))


@cache
def every_surname() -> frozenset[str]:
    """Those and 23,000 of fifty other countries and languages, lower case, also without accents:
    wide enough to find a child of any origin, too wide to refuse a word by."""
    return surnames() | frozenset(row[0] for row in _rows(WORLD_SURNAMES))


@cache
def world_first_names() -> frozenset[str]:
    """First names of fifty countries and languages that are rare among the births here."""
    return frozenset(row[0] for row in _rows(WORLD_FIRST_NAMES))


def _rows(name: str) -> Iterator[list[str]]:
    """The rows below the header."""
    with gzip.open(FOLDER / name) as packed, TextIOWrapper(packed, "utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows
