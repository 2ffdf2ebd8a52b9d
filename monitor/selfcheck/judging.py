"""Whose a result probably is, why, and what earlier answers of the person teach about it.

A weighted sum of clues, as a probability. The weights were fitted on the first half of the
proof set and rounded; the second half was left alone (tests/selfcheck/proof).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Literal

from monitor.selfcheck.clues import Clue, Clues, Result, clues
from monitor.selfcheck.names import Form, Rarity
from monitor.selfcheck.person import Person

Group = Literal["you", "perhaps", "else"]
PROBABLY, PERHAPS = 0.5, 0.2
"""Probabilities from which a result is shown as about the person, or perhaps about them."""

_BIAS = -1.1
_FORMS: Mapping[Form, float] = {
    "full": 0.0, "variant": 0.2, "handle": 1.7, "part": -0.3, "initial": -0.4, "titled": 0.1,
    "surname": -1.3, "none": -6.0,
}  # fmt: skip
_RARITY: Mapping[Rarity, float] = {"common": -0.4, "uncommon": 0.0, "rare": 0.5}
_WHOLE: Mapping[Rarity, float] = {"common": -0.7, "uncommon": -0.4, "rare": 1.8}
"""On top, where the whole name stands there: it says much only where few have it."""
_RARE_VARIANT, _DOUBLE_SURNAME = 0.5, 1.2
""" On top, for a variant that few have, and for the whole of a surname of several parts without
the first name."""
_CLUES: Mapping[Clue, float] = {
    "town": 3.4, "school": 2.5, "subject": 2.2, "role": 1.6, "own_word": 1.5, "schooling": 1.2,
    "other_work": -1.9, "child": -3.0, "gone": -1.8, "sport": -1.0, "other_place": -0.8,
    "other_school": -0.5, "list": -0.4, "street": -1.0,
}  # fmt: skip
_LEARNT, _MOST_LEARNT = 1.2, 2.4
"""What a word of an earlier answer weighs, and all such words together."""


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """What the person has answered before: addresses that are theirs or not, and words that only
    the one or only the other kind of result held."""

    mine: frozenset[str] = field(default_factory=frozenset)
    not_mine: frozenset[str] = field(default_factory=frozenset)
    my_words: frozenset[str] = field(default_factory=frozenset)
    other_words: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A result with whose it probably is. `because` and `against` name the clues."""

    result: Result
    group: Group
    probability: float
    clues: Clues
    is_answered: bool = False
    """The person themselves has said so, now or before."""

    @property
    def because(self) -> tuple[Clue, ...]:
        return tuple(clue for clue in _CLUES if clue in self.clues.found and _CLUES[clue] > 0)

    @property
    def against(self) -> tuple[Clue, ...]:
        return tuple(clue for clue in _CLUES if clue in self.clues.found and _CLUES[clue] < 0)


NOTHING_LEARNT = Lessons()


def judge(person: Person, result: Result, lessons: Lessons = NOTHING_LEARNT) -> Judged:
    found = clues(person, result)
    if result.url in lessons.mine | lessons.not_mine:
        is_mine = result.url in lessons.mine
        group: Group = "you" if is_mine else "else"
        probability = 1.0 if is_mine else 0.0
        return Judged(
            result=result, group=group, probability=probability, clues=found, is_answered=True
        )
    score = _score(found) + _learnt(result, lessons)
    probability = 1 / (1 + exp(-score))
    return Judged(result=result, group=_group(probability), probability=probability, clues=found)


def _score(found: Clues) -> float:
    weights = sum(_CLUES.get(clue, 0.0) for clue in found.found)
    return _BIAS + _FORMS[found.named] + _RARITY[found.name.rarity] + _name(found) + weights


def _name(found: Clues) -> float:
    """What the form and the rarity of the name say together."""
    name = found.name
    if found.named == "full":
        return _WHOLE[name.rarity]
    if found.named == "variant":
        return _RARE_VARIANT if name.rarity == "rare" else 0.0
    is_whole = found.named in ("initial", "titled", "surname") and len(name.surname_parts) > 1
    return _DOUBLE_SURNAME if is_whole else 0.0


def _learnt(result: Result, lessons: Lessons) -> float:
    words = set(result.folded) | {result.host}
    balance = len(words & lessons.my_words) - len(words & lessons.other_words)
    return max(-_MOST_LEARNT, min(_MOST_LEARNT, _LEARNT * balance))


def _group(probability: float) -> Group:
    if probability >= PROBABLY:
        return "you"
    return "perhaps" if probability >= PERHAPS else "else"
