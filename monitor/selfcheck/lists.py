"""The lists of words by which results are told apart (words.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

Phrase = tuple[str, ...]
"""Folded words that stand beside each other."""


@cache
def phrases(group: str, key: str = "words") -> frozenset[Phrase]:
    return frozenset(_split(_lists()[group][key]))


@cache
def single(group: str, key: str) -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase in phrases(group, key))


def synonyms(kind: str, asked: Phrase) -> frozenset[Phrase]:
    """What a role or subject is called elsewhere, itself included; nothing for nothing."""
    lines = [_split(line) for line in _lists()["own"][kind]] if asked else []
    found = (
        phrase for line in lines if asked in line[:2] or _holds(asked, line[0]) for phrase in line
    )
    return frozenset((*found, asked)) if asked else frozenset()


def _holds(asked: Phrase, phrase: Phrase) -> bool:
    size = len(phrase)
    return any(asked[at : at + size] == phrase for at in range(len(asked) - size + 1))


def _split(line: str) -> list[Phrase]:
    return [tuple(phrase.split()) for phrase in line.split(",") if phrase.strip()]


@cache
def _lists() -> dict[str, Any]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)
