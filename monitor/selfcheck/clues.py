"""What speaks for and against a result being about somebody: words around a name, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

from config.words import DOUBLE_SURNAMES, INSTITUTION, ORDINARY
from monitor.selfcheck.lists import Phrase, phrases, single
from monitor.selfcheck.names import FORMS, Form, Name, Word, fold, folded_words, form, places, split
from monitor.selfcheck.person import Person

Clue = Literal[
    "town", "school", "subject", "role", "own_word", "schooling",
    "other_work", "child", "gone", "sport", "other_place", "other_school", "list", "street",
]  # fmt: skip
"""The first six speak for the person, the others against."""

GROWN_UP, OLD = 18, 70
"""A member of staff is no younger, and seldom older."""
LONG_AGO = 1975
"""Who stands in a text of such a year is at school no more."""
NEAR, BESIDE = 6, 3
"""Words this side of a name or that are said of whom it names; of a street called so."""
_SEGMENT = re.compile(r"\s+[-–—|]\s+")
_CLASS = re.compile(r"(?:y?(?:[1-9]|1[0-3])[a-z]|y(?:[1-9]|1[0-3]))")
_BETWEEN = re.compile(r"[/?=&@]+")


@dataclass(frozen=True, kw_only=True)
class Result:
    """One result of a search, as the provider gave it."""

    title: str
    snippet: str
    url: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return split(f"{self.title} | {self.snippet}")

    @cached_property
    def folded(self) -> Phrase:
        return tuple(word.folded for word in self.words)

    @cached_property
    def host(self) -> str:
        try:
            return (urlsplit(self.url).hostname or "").removeprefix("www.")
        except ValueError:
            return ""

    @cached_property
    def site(self) -> str:
        """The first part of the host, in letters and numbers alone."""
        return "".join(char for char in self.host.partition(".")[0] if char.isalnum())

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The parts of the address behind its host, folded."""
        rest = self.url.partition("://")[2].partition("/")[2]
        return tuple(part.strip("~.") for part in _BETWEEN.split(fold(rest)) if part)

    def holds(self, wanted: Iterable[Sequence[str]]) -> bool:
        return any(places(self.folded, phrase) for phrase in wanted)


@dataclass(frozen=True, kw_only=True)
class Clues:
    """`named` is how the result names the person, `name` which of their names that is."""

    named: Form
    name: Name
    found: frozenset[Clue] = field(default_factory=frozenset)


def clues(person: Person, result: Result) -> Clues:
    named, name = _named(person, result)
    found = frozenset((*_for(person, result), *_against(person, result)))
    return Clues(named=named, name=name, found=found)


def _named(person: Person, result: Result) -> tuple[Form, Name]:
    forms = [(form(result.words, person.verified), person.verified)]
    for name in person.variants:
        found = form(result.words, name)
        forms.append(("variant" if found == "full" else found, name))
    if _holds_handle(person, result):
        forms.append(("handle", person.verified))
    elif all(one == "none" for one, _ in forms) and _is_joined(person, result):
        forms.append(("part", person.verified))
    return min(forms, key=lambda pair: FORMS.index(pair[0]))


def _holds_handle(person: Person, result: Result) -> bool:
    said = fold(f"{result.title} {result.snippet}").replace("@", " ")
    tokens = {token.strip(".,:;()!?~") for token in said.split()}
    return bool(person.own_handles & (tokens | set(result.path)))


def _is_joined(person: Person, result: Result) -> bool:
    """Whether the name stands as one word, as accounts write it."""
    said = fold(f"{result.title} {result.url}")
    bare = "".join(char for char in said if char.isalnum() or char.isspace())
    joined = ("".join((name.given, *name.surname)) for name in person.names)
    return any(one in bare for one in joined if len(one) > 7)


def _for(person: Person, result: Result) -> Iterator[Clue]:
    bare = fold(result.url.replace("-", "").replace("/", ""))
    own: tuple[tuple[Clue, bool], ...] = (
        ("school", result.holds(person.school_phrases)
            or any(school in bare for school in person.joined_schools)
            or result.host in person.sites),
        ("town", result.holds(person.own_town)
            or any("".join(town) in result.site for town in person.own_town)),
        ("own_word", result.holds(person.own_words)),
        ("subject", result.holds(person.subjects)),
        ("role", result.holds(person.roles)),
        ("schooling", result.holds(phrases("school"))),
    )  # fmt: skip
    yield from (clue for clue, is_there in own if is_there)


def _against(person: Person, result: Result) -> Iterator[Clue]:
    own, near = person.own_life, _near(person, result, NEAR)
    beside, ages = _near(person, result, BESIDE), list(_ages(person, result))
    is_word = any(name.surname[-1] in DOUBLE_SURNAMES for name in person.names)
    others: tuple[tuple[Clue, bool], ...] = (
        ("other_work", _hold(near, phrases("work") - own) or _has_other_calling(person, result)),
        ("gone", result.holds(phrases("gone") - own) or _is_long_ago(result)
            or any(age > OLD for age in ages)),
        ("sport", result.holds(phrases("sport") - own)),
        ("list", result.holds(phrases("lists") - own)),
        ("child", _hold(near, phrases("child") - own) or _is_in_a_class(person, result)
            or any(age < GROWN_UP for age in ages)),
        ("street", is_word and _hold(beside, phrases("street") - own)),
        ("other_place", _is_elsewhere(person, result)),
        ("other_school", _is_of_another_school(person, result)),
    )  # fmt: skip
    yield from (clue for clue, is_there in others if is_there)


def _near(person: Person, result: Result, size: int) -> list[Phrase]:
    """The words around each place where the name stands."""
    spots = [at for at, word in enumerate(result.folded) if word in person.last_words]
    return [result.folded[max(at - size, 0) : at + size + 1] for at in spots]


def _hold(stretches: Iterable[Sequence[str]], wanted: Iterable[Sequence[str]]) -> bool:
    return any(places(stretch, phrase) for stretch in stretches for phrase in wanted)


def _has_other_calling(person: Person, result: Result) -> bool:
    """Whether the title says of the name what somebody is, as profiles do ("Emma Clarke - Estate
    Agent"), and it is nothing of the person's."""
    name, *said = (part for part in _SEGMENT.split(result.title) if part)
    words = split(name)
    if not said or len(words) > 4 or all(form(words, one) != "full" for one in person.names):
        return False
    own = person.own_life | person.own_town | person.school_phrases | phrases("school")
    return not any(_hold([folded_words(part)], own) for part in said)


def _is_long_ago(result: Result) -> bool:
    years = (word.raw for word in result.words if word.raw.isdecimal() and len(word.raw) == 4)
    return any(1500 <= int(year) <= LONG_AGO for year in years)


def _ages(person: Person, result: Result) -> Iterator[int]:
    """Ages that stand behind the name ("Emma Clarke, 51, of") or after "aged"."""
    own = person.last_words | {person.verified.given}
    for before, word in pairwise(result.words):
        is_said = before.folded in ("aged", "age")
        stands_so = before.folded in own and before.comma and (word.comma or word.ends)
        is_number = word.raw.isdecimal() and word.raw[0] != "0" and len(word.raw) < 4
        if is_number and (is_said or stands_so) and int(word.raw) >= 4:
            yield int(word.raw)


def _is_in_a_class(person: Person, result: Result) -> bool:
    """Whether the name stands before a class or year: "Emma Clarke of 8C", "Ian, Y6"."""
    own = person.last_words | {person.verified.given}
    for at, word in enumerate(result.words):
        if word.folded in own and not word.ends:
            after = result.folded[at + 1 : at + 4]
            if after[:1] == ("year",) or any(_CLASS.fullmatch(one) for one in after):
                return True
    return False


def _is_elsewhere(person: Person, result: Result) -> bool:
    """Whether a place of others is named: after "of" or "in", or before "Harriers" or "Council"."""
    never = person.vocabulary | single("elsewhere", "never")
    return any(
        word.is_capital
        and not word.raw.isupper()
        and len(word.folded) > 3
        and word.folded not in never
        and _is_place(result, at)
        for at, word in enumerate(result.words)
    )


def _is_place(result: Result, at: int) -> bool:
    before = result.words[at - 1] if at else None
    if before and before.folded in single("elsewhere", "before") and not before.ends:
        return True
    after = result.folded[at + 1 : at + 3]
    bodies = phrases("elsewhere", "bodies")
    return not result.words[at].ends and (after[:1] in bodies or after in bodies)


def _is_of_another_school(person: Person, result: Result) -> bool:
    never = person.vocabulary | INSTITUTION | ORDINARY
    kinds = single("school", "institutions")
    return any(
        two.folded in kinds
        and one.is_capital
        and two.is_capital
        and not one.ends
        and len(one.folded) > 3
        and one.folded not in never
        for one, two in pairwise(result.words)
    )
