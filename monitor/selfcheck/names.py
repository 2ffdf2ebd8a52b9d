"""The forms of one's own name, and where they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal

from config.national import first_names, surnames
from config.words import TITLES

Form = Literal["full", "variant", "handle", "part", "initial", "titled", "surname", "none"]
"""How a text names somebody, the surest first: by the whole verified name, by a variant that they
confirmed, by an account of theirs, by a part of a surname of several, by an initial and the
surname, by a title and the surname, by the surname alone."""
FORMS: tuple[Form, ...] = (
    "full", "variant", "handle", "part", "initial", "titled", "surname", "none",
)  # fmt: skip
Rarity = Literal["common", "uncommon", "rare"]

PARTICLES = frozenset(
    ("ab", "al", "ap", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el",
     "la", "le", "mac", "mc", "o", "van", "von")
)  # fmt: skip
FEW_BIRTHS = 1_000
"""Births in 25 years below which a first name alone sets somebody apart."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_BREAKS = re.compile(r"[.:;|!?()\[\]]|\s[-–—/]\s")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: folded, as it is written, and whether a sentence or part ends after it."""

    folded: str
    raw: str
    ends: bool
    comma: bool = False
    """A comma follows."""

    @property
    def is_capital(self) -> bool:
        return self.raw[:1].isupper()


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return bare.casefold().replace("'", "").replace("’", "")


def split(text: str) -> tuple[Word, ...]:
    found = list(_WORD.finditer(text))
    words: list[Word] = []
    for at, match in enumerate(found):
        after = text[match.end() : found[at + 1].start() if at + 1 < len(found) else None]
        comma = after.startswith(",")
        own = _POSSESSIVE.sub("", match[0])
        words.append(Word(fold(own), own, bool(_BREAKS.search(after)), comma))
    return tuple(words)


def folded_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in split(text))


@dataclass(frozen=True)
class Name:
    """A name in its parts, folded: "emma", (), ("clarke",)."""

    written: str

    @cached_property
    def _parts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        given: list[str] = []
        surname = self.written.split()
        while len(surname) > 1 and (not given or fold(surname[0]) not in PARTICLES):
            given.append(surname.pop(0))
        return folded_words(" ".join(given)), folded_words(" ".join(surname))

    @property
    def given(self) -> str:
        return self._parts[0][0] if self._parts[0] else ""

    @cached_property
    def given_forms(self) -> frozenset[str]:
        """The first name and what people of that name are called."""
        return short_forms(self.given) | {self.given}

    @property
    def middle(self) -> tuple[str, ...]:
        return self._parts[0][1:]

    @property
    def surname(self) -> tuple[str, ...]:
        """Several words where it is of several parts; a name of one word is a surname."""
        return self._parts[1]

    @property
    def surname_parts(self) -> tuple[str, ...]:
        """The parts that could stand alone as a surname."""
        return tuple(part for part in self.surname if part not in PARTICLES)

    @property
    def words(self) -> tuple[str, ...]:
        return (*self._parts[0], *self.surname)

    @property
    def rarity(self) -> Rarity:
        """How many share it, by what births and surnames say; a surname of several parts is
        shared by hardly anybody."""
        known = first_names().get(self.given)
        is_seldom = known is None or known.births_1996_2020 < FEW_BIRTHS
        is_usual = "".join(self.surname) in surnames()
        if len(self.surname_parts) > 1 or (is_seldom and not is_usual):
            return "rare"
        return "common" if is_usual and not is_seldom else "uncommon"


def short_forms(given: str) -> frozenset[str]:
    return _nicknames().get(given, frozenset())


@cache
def _nicknames() -> Mapping[str, frozenset[str]]:
    """By first name or short form every other of its families."""
    found: dict[str, set[str]] = {}
    for line in Path(__file__).with_name("nicknames.txt").read_text(encoding="utf-8").splitlines():
        family = () if line.startswith("#") else line.split()
        for name in family:
            found.setdefault(name, set()).update(family)
    return {name: frozenset(others) for name, others in found.items()}


def form(words: Sequence[Word], name: Name) -> Form:
    """The surest form in which the words hold the name, "none" where they do not."""
    folded = [word.folded for word in words]
    surname = list(name.surname)
    best: Form = "none"
    for at in places(folded, surname):
        best = _surer(best, _form_at(words, folded, at, name))
    if best in ("none", "surname") and len(name.surname_parts) > 1:
        best = _surer(best, _part_form(folded, name))
    return best


def places(folded: Sequence[str], phrase: Sequence[str]) -> list[int]:
    """Where a phrase begins."""
    size = len(phrase)
    return [
        at for at in range(len(folded) - size + 1) if list(folded[at : at + size]) == list(phrase)
    ]


def _surer(one: Form, other: Form) -> Form:
    return min(one, other, key=FORMS.index)


def _form_at(words: Sequence[Word], folded: Sequence[str], at: int, name: Name) -> Form:
    """What stands around a surname that begins at a place."""
    before = words[max(at - 3, 0) : at][::-1]
    after = words[at + len(name.surname) : at + len(name.surname) + 3]
    last = words[at + len(name.surname) - 1]
    for step, word in enumerate(before[:3]):
        if word.folded in name.given_forms and _are_inner(before[:step], name):
            return "full" if word.folded == name.given else "variant"
    if last.comma and after and after[0].folded in name.given_forms:
        return "full"  # as registers write it: CLARKE, Emma
    nearest = before[0].folded if before else ""
    is_initial = len(nearest) <= 2 and nearest[:1] == name.given[:1] and nearest != ""
    if is_initial or _initials_after(last, after, name):
        return "initial"
    is_other_name = bool(before) and before[0].is_capital and not before[0].ends
    if nearest in TITLES:
        return "titled"
    return "none" if is_other_name and _is_given(nearest) else "surname"


def _are_inner(between: Sequence[Word], name: Name) -> bool:
    """Whether what stands between given name and surname can be middle names."""
    return all(
        len(word.folded) == 1 or word.folded in name.middle or _is_given(word.folded)
        for word in between
    )


def _initials_after(last: Word, after: Sequence[Word], name: Name) -> bool:
    """ "Shaw A" or "Brown, M." as lists and papers write it."""
    return (
        bool(after)
        and len(after[0].folded) == 1
        and (after[0].folded == name.given[:1] and after[0].is_capital and not last.ends)
    )


def _is_given(word: str) -> bool:
    known = first_names().get(word)
    return known is not None and known.births_1996_2020 > 100


def _part_form(folded: Sequence[str], name: Name) -> Form:
    """The given name beside a part of a surname of several, or "Grace M-L"."""
    initials = [part[0] for part in name.surname_parts]
    parts = set(name.surname_parts)
    for one, two in pairwise(folded):
        if one in name.given_forms and two in parts:
            return "part"
    if any(places(folded, [given, *initials]) for given in name.given_forms if given):
        return "part"
    return "none"
