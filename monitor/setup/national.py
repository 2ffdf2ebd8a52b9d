"""Choosing a trust's schools from the national register: all of a trust at once, where the
department's own download was brought, or a list of numbers or names.

The shipped register knows no trusts. The download does; what we use of it lies as register.csv
beside the other files, without the heads' names that the department's file holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.national import RegisterSchool, register
from config.own_register import own_register, read_extract, write_extract

FILE = "register.csv"
WHERE = "get-information-schools.service.gov.uk/Downloads"
"""Where the department's download is; told, never asked by us."""
DOWNLOAD = "Establishment fields CSV"
MOST_TRUSTS = 30
MOST_LINES = 200
_SMALL = frozenset({"and", "at", "for", "in", "of", "on", "the", "with"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTrust:
    """A trust of the register and the numbers of its open schools."""

    code: str
    name: str
    schools: tuple[RegisterSchool, ...]

    @property
    def urns(self) -> tuple[str, ...]:
        return tuple(one.urn for one in self.schools)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A line of a list that is no school, or may be several."""

    line: str
    candidates: tuple[RegisterSchool, ...]


def schools(folder: Path) -> tuple[RegisterSchool, ...]:
    """Those of the extract in the folder, else the shipped ones. Raises ConfigError."""
    path = folder / FILE
    return own_register(path) if path.exists() else register()


def is_own(folder: Path) -> bool:
    return (folder / FILE).exists()


def bring(folder: Path, download: Path) -> int:
    """Keep what we use of the department's download; the number of open schools. Raises
    ConfigError, and then what was there stays."""
    found = read_extract(download)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{FILE}.new"
    write_extract(fresh, found)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(folder / FILE)
    return len(found)


def trusts(known: Sequence[RegisterSchool], written: str) -> list[FoundTrust]:
    """Trusts that have, for every word, one that begins so in their name, or that have this
    number; the largest first where many do. None where the register knows no trusts."""
    wanted = plain(written).split()
    if not wanted:
        return []
    gathered: dict[str, list[RegisterSchool]] = {}
    for one in known:
        haystack = f" {plain(one.trust)} {plain(one.trust_code)}"
        if one.trust and all(f" {word}" in haystack for word in wanted):
            gathered.setdefault(one.trust_code or plain(one.trust), []).append(one)
    found = [_trust(code, members) for code, members in gathered.items()]
    found.sort(key=lambda one: (not plain(one.name).startswith(wanted[0]), -len(one.schools)))
    return found[:MOST_TRUSTS]


def trust_of(known: Sequence[RegisterSchool], code: str) -> FoundTrust | None:
    """The trust with this number, or with this very name."""
    is_it = [one for one in trusts(known, code) if code in (one.code, one.name)]
    return is_it[0] if len(is_it) == 1 else None


def _trust(code: str, members: list[RegisterSchool]) -> FoundTrust:
    members.sort(key=lambda one: (one.name, one.urn))
    return FoundTrust(code=code, name=readable(members[0].trust), schools=tuple(members))


def readable(name: str) -> str:
    """A name in capitals, as companies are registered, as one writes it."""
    if name != name.upper():
        return name
    words = name.lower().split()
    return " ".join(
        word if number and word in _SMALL else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    )


def listed(
    known: Sequence[RegisterSchool], text: str
) -> tuple[tuple[RegisterSchool, ...], tuple[Unclear, ...]]:
    """The schools of a list, one number or name a line, and the lines that are not one school."""
    by_urn = {one.urn: one for one in known}
    by_name: dict[str, list[RegisterSchool]] = {}
    for one in known:
        for name in (one.name, f"{one.name} {one.town}", *one.former_names):
            by_name.setdefault(_bare(name), []).append(one)
    found, unclear = {}, []
    for line in _lines(text):
        candidates = _candidates(line, by_urn, by_name)
        if len(candidates) == 1:
            found[candidates[0].urn] = candidates[0]
        else:
            unclear.append(Unclear(line=line[:100], candidates=candidates[:8]))
    return tuple(found.values()), tuple(unclear)


def _lines(text: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    yield from [line for line in lines if line][:MOST_LINES]


def _candidates(
    line: str, by_urn: dict[str, RegisterSchool], by_name: dict[str, list[RegisterSchool]]
) -> tuple[RegisterSchool, ...]:
    """By a number anywhere in the line, else by the whole line or what stands before a comma."""
    for number in re.findall(r"\b\d{5,7}\b", line):
        if one := by_urn.get(number):
            return (one,)
    for name in (line, line.split(",")[0]):
        if same := by_name.get(_bare(name)):
            return tuple(dict.fromkeys(same))
    return ()


def _bare(name: str) -> str:
    return plain(name).removeprefix("the ")


def plain(text: str) -> str:
    """Lower-case words of letters and digits."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", "")))
