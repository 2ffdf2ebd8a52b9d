"""Who checks themselves, and what of their own life tells them apart from namesakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from config.words import INSTITUTION, ORDINARY
from monitor.selfcheck.lists import Phrase, synonyms
from monitor.selfcheck.names import Name, fold, folded_words

SHORTEST = 5
"""Letters that the beginning of a school's name needs to stand for the whole of it."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """`name` is verified: single sign-on or IT gave it. `also` are variants and `handles` accounts
    that the person confirmed as their own; `words` places, clubs and workplaces of theirs; `sites`
    hosts of the school's own."""

    name: str
    schools: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    subject: str = ""
    role: str = ""
    also: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    @cached_property
    def verified(self) -> Name:
        return Name(self.name)

    @cached_property
    def variants(self) -> tuple[Name, ...]:
        """Those they gave, and each of their first names with each of their surnames."""
        names = (self.name, *self.also)
        given = dict.fromkeys(one.split()[0] for one in names)
        surnames = {Name(one).surname: one.split(maxsplit=1)[-1] for one in names}
        mixed = (f"{first} {last}" for first in given for last in surnames.values())
        return tuple(map(Name, dict.fromkeys((*self.also, *mixed))))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return (self.verified, *self.variants)

    @cached_property
    def last_words(self) -> frozenset[str]:
        """The words on which their surnames end: a place near one is near the name."""
        return frozenset(name.surname[-1] for name in self.names if name.surname)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Every word of their names, short forms too."""
        return frozenset(
            word for one in self.names for word in (*folded_words(one.written), *one.given_forms)
        )

    @cached_property
    def own_handles(self) -> frozenset[str]:
        return frozenset(fold(handle).removeprefix("@") for handle in self.handles)

    @cached_property
    def own_town(self) -> frozenset[Phrase]:
        return _phrases(self.towns)

    @cached_property
    def own_words(self) -> frozenset[Phrase]:
        return _phrases(self.words)

    @cached_property
    def school_phrases(self) -> frozenset[Phrase]:
        """What a school is called, and the beginning of that which no place is called."""
        whole = _phrases(self.schools)
        return whole | frozenset(school[: self._telling(school)] for school in whole)

    @cached_property
    def joined_schools(self) -> frozenset[str]:
        """School phrases as one word, as they stand in addresses."""
        return frozenset("".join(phrase) for phrase in self.school_phrases)

    @cached_property
    def roles(self) -> frozenset[Phrase]:
        return synonyms("roles", folded_words(self.role))

    @cached_property
    def subjects(self) -> frozenset[Phrase]:
        return synonyms("subjects", folded_words(self.subject))

    @cached_property
    def own_life(self) -> frozenset[Phrase]:
        """What they do and where else they belong: no sign of another person."""
        return self.roles | self.subjects | self.own_words

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of their names, places, schools and work."""
        named = (word for name in self.names for word in name.words)
        phrases = self.own_town | self.school_phrases | self.own_life
        return frozenset((*named, *(word for phrase in phrases for word in phrase)))

    def _telling(self, school: Phrase) -> int:
        """How many words of a school's name tell it from others."""
        generic = INSTITUTION | ORDINARY
        size = next((at for at, word in enumerate(school) if word in generic), len(school)) or 1
        is_place = school[:size] in self.own_town
        return size + 1 if is_place or sum(map(len, school[:size])) < SHORTEST else size


def _phrases(written: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(filter(None, map(folded_words, written)))
