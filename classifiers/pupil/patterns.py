"""Tables of regular expressions kept as data (cues.toml, clues.toml), compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One table entry: its own keys, and the expression its `words` and `any` make."""

    keys: Mapping[str, Any]
    pattern: re.Pattern[str]


@cache
def read(file: str, table: str) -> tuple[Entry, ...]:
    """The entries of [[table]] in a file beside this module, in order."""
    text = resources.files("classifiers.pupil").joinpath(file).read_text("utf-8")
    given = tomllib.loads(text)
    lists = {name: "|".join(parts) for name, parts in given.get("words", {}).items()}
    return tuple(Entry(entry, re.compile(_expression(entry, lists))) for entry in given[table])


def _expression(entry: Mapping[str, Sequence[str]], lists: Mapping[str, str]) -> str:
    parts = list(entry.get("any", ()))
    if words := entry.get("words"):
        parts.append(rf"\b(?:{'|'.join(words)})\b")
    whole = "|".join(parts)
    for name, alternatives in lists.items():
        whole = whole.replace(f"{{{name}}}", alternatives)
    return whole
