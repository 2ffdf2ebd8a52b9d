"""Whose name is it? Each name is judged by what stands around it, for and against a pupil.

Every cue has a name and a learnt weight in log-odds (weights.json); counter-signals (titles,
jobs, adult ages, former pupils, authors, pets, years of service) are the only terms below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from classifiers.pupil.names import Name
from classifiers.pupil.patterns import read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal, SignalKind
from classifiers.pupil.weights import ANY_NAME, RoleWeights
from classifiers.types import Reason

_Cue = tuple[str, re.Pattern[str]]


@cache
def _cues_at(where: str) -> tuple[_Cue, ...]:
    return tuple(
        (entry.keys["name"], entry.pattern)
        for entry in read("cues.toml", "cue")
        if entry.keys["where"] == where
    )


_PRONOUN = re.compile(r"[.!?;\s]+(?:he|she|his|her|they|hes|shes|poor (?:lad|girl|kid|thing))\b")
_AT_SCHOOL = re.compile(
    r",? (?:who )?(?:(?P<surely>goes to|attends|started at|starts at|left|leaves)"
    r"|(?:is )?at|from|of) (?:the )?"
)
_BETWEEN = re.compile(
    r",? (?:and|&|n|with|or|\+) |, ?|\+| ?/ ?|,? (?:\d{1,2}[.)]|1st|2nd|3rd|\dth):? "
    r"|\s*\n[\s\d.)*•-]*"
)
_SPACES = re.compile(" {2,}")
_SHORTEST_SIGNED = 40
"""Characters of a text that somebody signs."""
_OUTRIGHT = -1.5
"""Log-odds below which a single cue says that this is no pupil, save for those of _MILD."""
_MILD = frozenset(
    {ANY_NAME, "a name of an older generation", "a name in no list of names", "beside a grown-up"}
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A name with what speaks for and against its being a pupil's."""

    name: Name
    terms: frozenset[str]
    weights: RoleWeights

    @property
    def log_odds(self) -> float:
        return sum(self.weights.terms[term] for term in self.terms)

    @property
    def is_pupil(self) -> bool:
        return self.log_odds >= self.weights.pupil

    @property
    def may_be_pupil(self) -> bool:
        """Likely enough to be hidden where the text is about pupils anyway."""
        return self.log_odds >= self.weights.hidden

    @property
    def is_countered(self) -> bool:
        """Whether something says outright that this is no pupil."""
        return any(self.weights.terms[term] < _OUTRIGHT for term in self.terms - _MILD)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What tells of this name, the strongest first."""
        found = [Reason(name=term, weight=self.weights.terms[term]) for term in self.terms]
        told = (reason for reason in found if reason.name != ANY_NAME)
        return tuple(sorted(told, key=lambda one: (-abs(one.weight), one.name)))


def judge(
    post: Post, found: Sequence[Name], clues: Sequence[Signal], weights: RoleWeights
) -> tuple[Judged, ...]:
    """Each name judged; what is said of a person once holds wherever the name recurs."""
    singly = [Judged(name, frozenset(_terms(post, name, clues)), weights) for name in found]
    joined = [one for listed in _lists(post, singly) for one in _as_a_list(listed)]
    return tuple(replace(one, terms=_shared(one, joined)) for one in joined)


def _lists(post: Post, judged: Sequence[Judged]) -> Iterator[list[Judged]]:
    """Names told in one breath ("X, Y and Z"); most lists are of one."""
    current: list[Judged] = []
    for one in judged:
        if current and not _BETWEEN.fullmatch(
            post.lower, current[-1].name.end, max(current[-1].name.end, one.name.start)
        ):
            yield current
            current = []
        current.append(one)
    if current:
        yield current


def _as_a_list(listed: Sequence[Judged]) -> Iterator[Judged]:
    """ "X and Y, both 8H": what makes one of a list a pupil, or a grown-up, tells of the others
    of whom nothing is said against it."""
    has_pupil = any(one.is_pupil for one in listed)
    has_adult = any(one.is_countered for one in listed)
    for one in listed:
        if one.is_countered or one.is_pupil or has_pupil == has_adult:
            yield one
        else:
            beside = "beside a pupil" if has_pupil else "beside a grown-up"
            yield replace(one, terms=one.terms | {beside})


def _terms(post: Post, name: Name, clues: Sequence[Signal]) -> Iterator[str]:
    first, last = post.sentence(name.start)
    before = _SPACES.sub(" ", post.lower[max(first, name.start - 60) : name.start].lstrip("\n"))
    after = _SPACES.sub(" ", post.lower[name.end : min(last, name.end + 90)])
    yield ANY_NAME
    yield from _matching(_cues_at("before"), before)
    yield from _matching(_cues_at("after"), after)
    yield from _matching(_cues_at("name"), post.lower[name.start : name.end])
    yield from _matching(_cues_at("given"), name.given)
    told = _with_pronouns(post, last)
    yield from _matching(_cues_at("sentence"), post.lower[first:told])
    yield from _clues_around(clues, first, told)
    yield from _about_school(post, name, clues)
    if not name.listed:
        yield "a name in no list of names"
    if _is_signature(post, name, first):
        yield "signs or sends it"


def _is_signature(post: Post, name: Name, first: int) -> bool:
    """Whether nothing but the name stands at the end of a text of some length."""
    alone = not post.text[first : name.start].strip(" .!?\n-–,x")
    return alone and name.start > _SHORTEST_SIGNED and not post.text[name.end :].strip(" .!\nx")


def _about_school(post: Post, name: Name, clues: Sequence[Signal]) -> Iterator[str]:
    kinds = {clue.kind for clue in clues}
    if name.kind == "full" and name.listed and "SCHOOL" in kinds:
        yield "a full name in a text about a school"
    elif name.kind == "full" and name.listed and "SCHOOL_LIFE" in kinds:
        yield "a full name in a text of school life"
    for clue in clues:
        between = _AT_SCHOOL.fullmatch(post.lower, name.end, max(name.end, clue.start))
        if clue.kind == "SCHOOL" and between:
            yield "said to go to the school" if between["surely"] else "at the school"


def _matching(cues: Sequence[_Cue], text: str) -> Iterator[str]:
    return (name for name, pattern in cues if pattern.search(text))


_SPOKEN: Mapping[SignalKind, str] = {
    "YEAR": "a year",
    "FORM": "a form",
    "TEAM": "a team",
    "AGE": "an age",
    "ROLE": "a role",
    "SCHOOL": "a school",
    "DOB": "a date of birth",
    "HANDLE": "a handle",
    "SCHOOL_LIFE": "school life",
    "INCIDENT": "something that happened",
    "KIN": "somebody's own child",
    "CHILD": "a single child",
}
_NEAR = _SPOKEN.keys() - {"KIN", "CHILD"}
_FAR = frozenset({"YEAR", "FORM", "AGE", "KIN", "SCHOOL", "ROLE", "CHILD"})


def _with_pronouns(post: Post, last: int) -> int:
    """The end of the next sentence where it goes on about the same child ("She is 12 ...")."""
    if _PRONOUN.match(post.lower, last):
        return post.sentence(min(last + 2, len(post.text)))[1]
    return last


def _clues_around(clues: Sequence[Signal], first: int, last: int) -> Iterator[str]:
    """Each kind of clue once: in the sentence, or else anywhere in the text."""
    near = {clue.kind for clue in clues if first <= clue.start < last} & _NEAR
    far = ({clue.kind for clue in clues} & _FAR) - near
    for kinds, where in ((near, "in the same sentence"), (far, "elsewhere in the text")):
        yield from (f"{_SPOKEN[kind]} {where}" for kind in kinds)


def _shared(one: Judged, all_judged: Sequence[Judged]) -> frozenset[str]:
    """The cues of all mentions of the same person."""
    same = (other.terms for other in all_judged if _same_person(one.name, other.name))
    return frozenset().union(*same)


def _same_person(one: Name, other: Name) -> bool:
    if one.given != other.given:
        return False
    return not one.family or not other.family or one.family == other.family
