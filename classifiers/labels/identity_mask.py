"""Names of protected groups replaced by one placeholder before features are made.

A word for a group must not count for or against a text, so that "gay", "Muslim" and "women"
are judged alike (policy 1.2, Equality Act 2010 s. 4). Slurs are not masked. Words that mostly
mean something else ("old", "straight") are masked only beside a word for people.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifiers.labels.tokens import Token

PLURAL, SINGLE = "GRPS", "GRP"
_WHO_DOES = ("ist", "ists", "ian", "ians", "wife", "wives", "man", "men", "woman", "women")
"""How words for people by what they do often end."""
_LIST = Path(__file__).with_name("identities.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Word sequences by their first word, longest first, and the words beside them."""

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    guarded: frozenset[str]
    people: frozenset[str]
    many: frozenset[str]
    copulas: frozenset[str]


@cache
def identities() -> Identities:
    with _LIST.open("rb") as file:
        raw = tomllib.load(file)
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for key, placeholder in (("plural", PLURAL), ("single", SINGLE)):
        for line in raw[key]["words"].split(","):
            words = tuple(line.split())
            if words:
                phrases.setdefault(words[0], []).append((words, placeholder))
    ordered = {
        first: tuple(sorted(found, key=lambda pair: -len(pair[0])))
        for first, found in phrases.items()
    }
    return Identities(
        phrases=ordered,
        guarded=frozenset(raw["guarded"]["words"].replace(",", " ").split()),
        people=frozenset(raw["people"]["words"].replace(",", " ").split()),
        many=frozenset(raw["many"]["words"].replace(",", " ").split()),
        copulas=frozenset(raw["copulas"]["words"].replace(",", " ").split()),
    )


def _phrase_at(found: list[Token], at: int, known: Identities) -> tuple[int, str] | None:
    for words, placeholder in known.phrases.get(found[at].norm, ()):
        length = len(words)
        if all(
            at + step < len(found) and found[at + step].norm == words[step]
            for step in range(1, length)
        ):
            return length, placeholder
    return None


def _guarded_at(found: list[Token], at: int, known: Identities) -> bool:
    if found[at].norm not in known.guarded:
        return False
    after = found[at + 1].norm if at + 1 < len(found) else ""
    before = found[at - 1].norm if at else ""
    return _names_somebody(found, at + 1, known) or (
        before in known.copulas and (not after or not after.isalpha())
    )


def _names_somebody(found: list[Token], at: int, known: Identities) -> bool:
    after = found[at].norm if at < len(found) else ""
    return after in known.people or after.endswith(_WHO_DOES)


def mask(found: list[Token]) -> list[Token]:
    """The tokens with each group's name, and a word for people right after it, as one."""
    known = identities()
    masked: list[Token] = []
    at = 0
    while at < len(found):
        hit = _phrase_at(found, at, known) if found[at].norm in known.phrases else None
        if hit is None and _guarded_at(found, at, known):
            hit = (1, SINGLE)
        if hit is None:
            masked.append(found[at])
            at += 1
            continue
        length, placeholder = hit
        if length > 1 and found[at].norm == "the" and _names_somebody(found, at + length, known):
            masked.append(found[at])  # "the Irish nurse" is one person; "the Irish" are many
            at, length, placeholder = at + 1, length - 1, SINGLE
        first, end = found[at], at + length
        if end < len(found) and found[end].norm in known.people:
            placeholder = PLURAL if found[end].norm in known.many else SINGLE
            end += 1
        masked.append(Token(placeholder, first.start, found[end - 1].end))
        at = end
    return masked
