"""Whose name is it? Each name is judged by what stands around it, for and against a pupil.

Every cue has a name and a weight in log-odds; counter-signals (titles, jobs, adult ages,
former pupils, authors, pets, years of service) are the only terms below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from classifiers.pupil.names import Name
from classifiers.pupil.patterns import read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal
from classifiers.types import Reason

THRESHOLD = 2.0
"""Log-odds from which a name counts as a pupil's."""

_Cue = tuple[str, float, re.Pattern[str]]


@cache
def _cues_at(where: str) -> tuple[_Cue, ...]:
    return tuple(
        (entry.keys["name"], float(entry.keys["weight"]), entry.pattern)
        for entry in read("cues.toml", "cue")
        if entry.keys["where"] == where
    )


_PRONOUN = re.compile(r"[.!?;\s]+(?:he|she|his|her|they|hes|shes|poor (?:lad|girl|kid|thing))\b")
_AT_SCHOOL = re.compile(
    r",? (?:who )?(?:(?P<surely>goes to|attends|started at|starts at|left|leaves)"
    r"|(?:is )?at|from|of) (?:the )?"
)
_SURELY_AT_SCHOOL, _AT_A_SCHOOL = 2.5, 1.0
_BESIDE_SCHOOL = 1.4
_PAIRED = (" and ", " & ", ", ")
_BESIDE_PUPIL = 2.5
_RARE = -1.6
"""A pair of words that is in no list of names needs more to count."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A name with what speaks for and against its being a pupil's."""

    name: Name
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_pupil(self) -> bool:
        return self.log_odds >= THRESHOLD


def judge(post: Post, found: Sequence[Name], clues: Sequence[Signal]) -> tuple[Judged, ...]:
    """Each name judged; what is said of a person once holds wherever the name recurs."""
    singly = [Judged(name, tuple(_cues(post, name, clues))) for name in found]
    joined = [_with_neighbour(post, at, singly) for at in range(len(singly))]
    return tuple(Judged(one.name, _shared(one, joined)) for one in joined)


def _with_neighbour(post: Post, at: int, judged: Sequence[Judged]) -> Judged:
    """ "X and Y, both 8H": what makes one of a pair a pupil counts for the other."""
    one = judged[at]
    if at + 1 == len(judged) or any(reason.weight < -2 for reason in one.reasons):
        return one
    after = judged[at + 1]
    between = post.lower[one.name.end : after.name.start]
    if one.name.kind != after.name.kind or between not in _PAIRED or not after.is_pupil:
        return one
    return Judged(one.name, (*one.reasons, Reason(name="beside a pupil", weight=_BESIDE_PUPIL)))


def _cues(post: Post, name: Name, clues: Sequence[Signal]) -> Iterator[Reason]:
    first, last = post.sentence(name.start)
    before = post.lower[max(first, name.start - 60) : name.start].lstrip("\n")
    after = post.lower[name.end : min(last, name.end + 90)]
    yield from _matching(_cues_at("before"), before)
    yield from _matching(_cues_at("after"), after)
    yield from _matching(_cues_at("name"), post.lower[name.start : name.end])
    yield from _matching(_cues_at("given"), name.given)
    told = _with_pronouns(post, last)
    yield from _matching(_cues_at("sentence"), post.lower[first:told])
    yield from _clues_around(clues, first, told)
    if name.kind == "full" and name.listed and any(clue.kind == "SCHOOL" for clue in clues):
        yield Reason(name="a full name in a text about a school", weight=_BESIDE_SCHOOL)
    for clue in clues:
        between = _AT_SCHOOL.fullmatch(post.lower, name.end, max(name.end, clue.start))
        if clue.kind == "SCHOOL" and between:
            weight = _SURELY_AT_SCHOOL if between["surely"] else _AT_A_SCHOOL
            yield Reason(name="at the school", weight=weight)
    if not name.listed:
        yield Reason(name="name in no list", weight=_RARE)


def _matching(cues: Sequence[_Cue], text: str) -> Iterator[Reason]:
    for name, weight, pattern in cues:
        if pattern.search(text):
            yield Reason(name=name, weight=weight)


_NEAR = {
    "YEAR": 2.2,
    "FORM": 2.2,
    "TEAM": 1.6,
    "AGE": 2.2,
    "ROLE": 2.6,
    "SCHOOL": 0.8,
    "DOB": 2.0,
    "HANDLE": 0.8,
}
_FAR = {"YEAR": 1.0, "FORM": 1.0, "AGE": 1.0, "KIN": 1.0, "SCHOOL": 0.6, "ROLE": 0.8, "CHILD": 0.8}


def _with_pronouns(post: Post, last: int) -> int:
    """The end of the next sentence where it goes on about the same child ("She is 12 ...")."""
    if _PRONOUN.match(post.lower, last):
        return post.sentence(min(last + 2, len(post.text)))[1]
    return last


def _clues_around(clues: Sequence[Signal], first: int, last: int) -> Iterator[Reason]:
    seen: set[str] = set()
    for near in (True, False):
        for clue in clues:
            inside = first <= clue.start < last
            weight = (_NEAR if near else _FAR).get(clue.kind, 0.0)
            if weight and inside is near and clue.kind not in seen:
                seen.add(clue.kind)
                where = "in the sentence" if near else "in the text"
                yield Reason(name=f"{clue.kind.lower()} {where}", weight=weight)


def _shared(one: Judged, all_judged: Sequence[Judged]) -> tuple[Reason, ...]:
    """The strongest of each cue over all mentions of the same person."""
    strongest: dict[str, Reason] = {}
    for other in all_judged:
        if not _same_person(one.name, other.name):
            continue
        for reason in other.reasons:
            held = strongest.get(reason.name)
            if held is None or abs(reason.weight) > abs(held.weight):
                strongest[reason.name] = reason
    return tuple(strongest.values())


def _same_person(one: Name, other: Name) -> bool:
    if one.given != other.given:
        return False
    return not one.family or not other.family or one.family == other.family
