"""The roles that words play ("violence", "you", "staff"), from `cues.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("cues.toml")


@cache
def roles() -> Mapping[str, tuple[str, ...]]:
    """Each listed word's roles, in alphabetical order."""
    with _LIST.open("rb") as file:
        raw: dict[str, str] = tomllib.load(file)
    found: dict[str, set[str]] = {}
    for role, words in raw.items():
        for word in words.split():
            found.setdefault(word, set()).add(role)
    return {word: tuple(sorted(names)) for word, names in found.items()}
