"""The named terms of evidence that one hit means one of ours; each is true or absent.

Every function yields `(term, detail)`; the weight of a term stands in weights.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.matching.aliases import Alias
from classifiers.matching.automaton import Hit
from classifiers.matching.reading import Reading, near
from classifiers.matching.register import Register
from classifiers.matching.subjects import Subject
from classifiers.matching.vocabulary import (
    CHILD_WORDS,
    CLUBS,
    COMPOUNDS,
    COUNTER_NEAR,
    COUNTER_PHRASES,
    COUNTER_RIGHT,
    FAITH_WORDS,
    GOING_WORDS,
    PERSON_AFTER,
    PERSON_TITLES,
    PHASE_WORDS,
    PLAIN_WORDS,
    PRIMARY_WORDS,
    SECONDARY_WORDS,
    SPORTS,
    STREETS,
    TYPE_WORDS,
)

Term = tuple[str, str]
_BESIDE = 5
"""A school word at most so many words away stands beside the name."""
_INITIALS = frozenset({"initials", "long initials"})
_NOT_PLACES = frozenset({"name like a person's", "short name", "rare single name", "initials"})
_STRONG = frozenset({"own address", "own handle", "own hashtag"})
WEAK = frozenset(
    {"name like a person's", "name like a place's", "short name", "initials", "shared short name",
     "distinctive name", "rare single name"}
)  # fmt: skip
_AGE = re.compile(r"(?:, | \()(1[89]|[2-9]\d)(?:,|\)| from | of )")


@dataclass(frozen=True, slots=True)
class Case:
    """One hit of one alias, with everything the terms look at."""

    alias: Alias
    hit: Hit
    subject: Subject
    reading: Reading
    register: Register
    trust_places: frozenset[str]
    misspelt: bool = False

    @property
    def first(self) -> int:
        return self.reading.word_at(self.hit.start)

    @property
    def last(self) -> int:
        return self.reading.word_at(self.hit.end - 1)

    @property
    def stops_after(self) -> bool:
        """Whether a comma, a full stop or the like stands between the name and what follows."""
        _, end = self.reading.folded.original(self.hit.start, self.hit.end)
        return self.reading.given[end : end + 1] in tuple(",.;:!?()\n")

    def word(self, number: int) -> str:
        words = self.reading.words
        return words[number] if 0 <= number < len(words) else ""


def terms(case: Case) -> Iterator[Term]:
    """Everything that one hit has for and against it."""
    yield from _alias_terms(case)
    yield from _school_life(case)
    yield from _places(case)
    yield from _source(case)
    if case.alias.kind not in _STRONG:
        yield from _contradictions(case)
        yield from _elsewhere(case)


def _alias_terms(case: Case) -> Iterator[Term]:
    alias, reading = case.alias, case.reading
    yield alias.kind, alias.form
    if alias.kind.startswith("shared") and alias.sharers:
        yield "each school sharing it", str(len(alias.sharers))
    if alias.origin == "former":
        yield "former name", alias.form
    if alias.origin == "joined":
        yield "joined spelling", alias.form
    if case.misspelt:
        yield "misspelt", alias.form
    if alias.kind in _INITIALS and reading.is_upper(case.hit.start, case.hit.end):
        yield "initials in capitals", alias.form
    if alias.kind in WEAK - _INITIALS and reading.is_plain_lower(case.hit.start, case.hit.end):
        yield "not written as a name", alias.form
    if alias.kind not in _STRONG and reading.in_tag(case.hit.start):
        yield "in a hashtag", alias.form


def _school_life(case: Case) -> Iterator[Term]:
    """For names that could be something else; a full name says "school" itself."""
    if case.alias.kind in _STRONG:
        return
    if case.alias.kind not in WEAK:
        yield from _phase(case)
        return
    own = range(case.first, case.last + 1)
    around = [n for n in case.reading.school_words if n not in own]
    telling = [n for n in around if case.word(n) not in PLAIN_WORDS]
    beside = next(near(telling, case.first, case.last, within=_BESIDE), None)
    if beside is not None:
        yield "school word beside it", case.word(beside)
        if (next_to := _next_to(case, telling)) is not None:
            yield "school word next to it", case.word(next_to)
    elif around:
        yield "school word in the text", case.word(around[0])
    elif child := _child_beside(case):
        yield "children beside it", child
    if case.alias.kind in _NOT_PLACES and (going := _going_there(case)):
        yield "one goes there", going
    yield from _phase(case)


def _next_to(case: Case, telling: list[int]) -> int | None:
    """ "X pupils", "teachers at X": the word that leaves no doubt."""
    if case.last + 1 in telling and not case.stops_after:
        return case.last + 1
    if case.word(case.first - 1) in ("at", "from", "of", "to") and case.first - 2 in telling:
        return case.first - 2
    return None


def _child_beside(case: Case) -> str | None:
    beside = [case.word(n) for n in range(case.first - _BESIDE, case.last + _BESIDE + 1)]
    return next((word for word in beside if word in CHILD_WORDS), None)


def _going_there(case: Case) -> str | None:
    """ "still go Edith Marlow", "went to St Chad's": what one does with schools."""
    before = [case.word(case.first - n) for n in (1, 2, 3)]
    while before and before[0] in ("to", "at", "the", "from"):
        before.pop(0)
    return before[0] if before and before[0] in GOING_WORDS else None


def _could_be_something_else(case: Case) -> bool:
    """A name of streets, people or churches too, in a text without school life: then the
    town says nothing about whether the school is meant."""
    own = range(case.first, case.last + 1)
    if case.alias.kind not in WEAK or _child_beside(case):
        return False
    return not any(n not in own for n in case.reading.school_words)


def _phase(case: Case) -> Iterator[Term]:
    subject, words = case.subject, case.reading.word_set
    if subject.kind == "trust" or not subject.phase:
        return
    own = set(case.alias.form.split())
    junior = next(iter((words & PRIMARY_WORDS) - own), None)
    senior = next(iter((words & SECONDARY_WORDS) - own), None)
    fits = (junior and subject.takes_juniors) or (senior and subject.takes_seniors)
    if fits:
        yield "phase agrees", str((junior if subject.takes_juniors else senior) or "")
    elif junior or senior:
        yield "phase disagrees", str(junior or senior)


def _places(case: Case) -> Iterator[Term]:
    subject, reading = case.subject, case.reading
    found = reading.places
    own_words = set(case.alias.form.split())
    town = next((p for p in sorted(subject.near) if p in found and p not in own_words), None)
    before = case.word(case.first - 1)
    if town and _could_be_something_else(case) and not _is_saint_of(case, before):
        yield "its place, but no school word", town
    elif town:
        yield "its place", town
    if subject.outward and subject.outward in reading.outwards:
        yield "its postcode district", subject.outward.upper()
    if town or _could_be_something_else(case):
        return
    if subject.authority in found and subject.authority not in own_words:
        yield "its local authority", subject.authority
    elif shared := next((p for p in sorted(case.trust_places) if p in found), None):
        yield "a place of the Trust", shared


def _is_saint_of(case: Case, before: str) -> bool:
    """ "Wellmarsh St Chad's": the town before a saint says which, and that it is ours."""
    return before in case.subject.near and case.alias.form.startswith("st ")


def _source(case: Case) -> Iterator[Term]:
    source, subject = case.reading.source, case.subject
    if source.school == subject.id:
        yield "its own page", ""
    elif source.school:
        yield "page of another of our schools", source.school
    elif source.official:
        yield "official source", ""
    if not source.places:
        return
    ours = subject.near | case.trust_places | {subject.authority}
    if fits := next((p for p in sorted(source.places) if p in ours), None):
        if _could_be_something_else(case):
            yield "its place, but no school word", fits
        else:
            yield "place of the source", fits
    elif any(p in case.register.places for p in source.places):
        yield "a second source place", next(iter(sorted(source.places)))


def _contradictions(case: Case) -> Iterator[Term]:
    before = case.word(case.first - 1)
    after = "" if case.stops_after else case.word(case.last + 1)
    own = set(case.alias.form.split())
    weak = case.alias.kind in WEAK
    compound = f"{case.word(case.last)} {after}" in COMPOUNDS
    club = weak and after in SPORTS and case.word(case.last + 2) in CLUBS
    if club or compound or after in (COUNTER_RIGHT if weak else STREETS):
        yield "something else of that name", after
    if weak:
        yield from _other_school(case, own)
        if person := _person(case, before, after):
            yield "a person's name", person
        if noise := _noise(case.reading):
            yield "houses, traffic or people", noise


def _person(case: Case, before: str, after: str) -> str | None:
    """ "Cllr X", "X died", "X, 54, of Leeds": what is said of people."""
    if before in PERSON_TITLES:
        return before
    if after in PERSON_AFTER:
        return after
    _, end = case.reading.folded.original(case.hit.start, case.hit.end)
    age = _AGE.match(case.reading.given, end)
    return age[1] if age else None


def _noise(reading: Reading) -> str | None:
    phrase = next((p for p in COUNTER_PHRASES if f" {p} " in reading.folded.text), None)
    return phrase or next(iter(sorted(reading.word_set & COUNTER_NEAR)), None)


def _other_school(case: Case, own: set[str]) -> Iterator[Term]:
    following = [case.word(case.last + n) for n in (1, 2, 3)]
    kinds = []
    for word in following:
        if word not in TYPE_WORDS and word not in FAITH_WORDS:
            break
        kinds.append(word)
    phases = PHASE_WORDS.intersection(kinds)
    if "catholic" in kinds or ("cofe" in kinds and not case.subject.faith and "cofe" not in own):
        yield "another faith", " ".join(kinds)
    if phases and case.subject.kind == "school" and not _phase_fits(phases, case.subject):
        yield "another kind of school", " ".join(kinds)


def _phase_fits(phases: frozenset[str] | set[str], subject: Subject) -> bool:
    if phases & {"primary", "infant", "infants", "junior", "juniors", "nursery", "first"}:
        return subject.takes_juniors and not phases & {"nursery", "infant", "infants", "first"}
    return subject.takes_seniors


def _elsewhere(case: Case) -> Iterator[Term]:
    """Places that speak for a namesake, or for somewhere that is not ours."""
    reading, alias = case.reading, case.alias
    ours = _our_places(case)
    found = {p: at for p, at in reading.places.items() if p not in ours and p != alias.form}
    foreign = {p: at for p, at in found.items() if not _inside(at, case)}
    if not foreign:
        return
    near_ours = any(p in ours for p in reading.places)
    namesakes = [case.register.namesake(n) for n in alias.sharers]
    theirs = next((p for p in foreign if any(p in n.places for n in namesakes)), None)
    beside = next((p for p, at in foreign.items() if _said_of_it(case, p, at)), None)
    if theirs and not any(p in case.subject.near for p in reading.places):
        yield "place of a namesake", theirs
    elif beside:
        yield "said to be elsewhere", beside
    elif not near_ours and alias.kind.startswith("shared"):
        yield "another place, for a shared name", next(iter(foreign))
    elif not near_ours and alias.kind in WEAK:
        yield "another place in the text", next(iter(foreign))


def _our_places(case: Case) -> frozenset[str]:
    return case.subject.near | case.trust_places | {case.subject.authority}


def _inside(numbers: list[int], case: Case) -> bool:
    return all(case.first <= n <= case.last for n in numbers)


def _said_of_it(case: Case, place: str, numbers: list[int]) -> bool:
    """ "St X in Leeds", "St X, Leeds", "Leeds St X": the place says where the name is."""
    after = case.last + 1
    if case.word(after) in TYPE_WORDS:
        after += 1
    if case.word(after) in ("in", "at", "near", "over"):
        after += 1
    return after in numbers or case.first - len(place.split()) in numbers
