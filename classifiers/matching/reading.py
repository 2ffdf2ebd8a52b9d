"""A text as the evidence looks at it: its words with their places, and what the source says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from classifiers.matching.vocabulary import (
    HONORIFICS,
    SCHOOL_PHRASES,
    SCHOOL_WORDS,
    UNCERTAIN_PLACES,
)
from classifiers.resources.words import english
from classifiers.text import Folded
from config.national import FirstName

_OUTWARD = re.compile(r" ([a-z]{1,2}\d[a-z\d]?)(?= )(?: \d[a-z]{2}(?= ))?")
_YEAR = re.compile(r" (?:year|yr|y) ?(?:[1-9]|1[0-3])(?= )")
_CAPITAL_INSIDE = re.compile(r"[a-z,] [A-Z][a-z]")
_FORM = re.compile(r" (?:[7-9]|1[0-3])(?!am |pm |th |st |k |km |m |d |x |yo )[a-z]{1,2}(?= )")

_COMMON_NAME = 1_000
"""Births in 25 years of a first name that makes the next word a surname."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the source stands for: folded places, and whose page it is (a subject's id)."""

    places: frozenset[str] = frozenset()
    school: str | None = None
    official: bool = False


class Reading:
    """One folded text with its words; places and school words are found when first asked."""

    def __init__(
        self,
        given: str,
        folded: Folded,
        source: Source,
        places: Container[str],
        names: Sequence[tuple[int, int]] = (),
        given_names: Mapping[str, FirstName] | None = None,
    ) -> None:
        """`names` are folded stretches that hold a school's name: no place stands in them, nor
        after one of the `given_names` ("Oscar Wetherby")."""
        self.given = given
        self.folded = folded
        self.source = source
        self.words = folded.text.split()
        self._all_places = places
        self._names = names
        self._given_names = given_names or {}

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in the folded text."""
        text = self.folded.text
        return [i + 1 for i, char in enumerate(text[:-1]) if char == " "]

    def word_at(self, offset: int) -> int:
        """The number of the word that holds a folded offset."""
        return bisect_right(self.starts, offset) - 1

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def school_words(self) -> tuple[int, ...]:
        """Numbers of the words that speak of school life, phrases and "year 9" included."""
        found = {i for i, word in enumerate(self.words) if word in SCHOOL_WORDS}
        text = self.folded.text
        for phrase in SCHOOL_PHRASES:
            at = text.find(f" {phrase} ")
            if at >= 0:
                found.add(self.word_at(at + 1))
        for pattern in (_YEAR, _FORM):
            found.update(self.word_at(match.start() + 1) for match in pattern.finditer(text))
        return tuple(sorted(found))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Registered towns, localities and authorities in the text, with word numbers."""
        found: dict[str, list[int]] = {}
        for size in (3, 2, 1):
            for i in range(len(self.words) - size + 1):
                name = " ".join(self.words[i : i + size])
                if name in self._all_places and self._is_place(name, i):
                    found.setdefault(name, []).append(i)
        return found

    def _is_place(self, name: str, word: int) -> bool:
        offset = self.starts[word]
        if len(name) < 3 or name in SCHOOL_WORDS:
            return False
        if any(start <= offset < end for start, end in self._names):
            return False
        if word and self._names_a_person(self.words[word - 1]):
            return False
        if " " in name or name not in UNCERTAIN_PLACES:
            return True
        return word > 0 and self.given[self.folded.starts[offset]].isupper()

    def _names_a_person(self, word: str) -> bool:
        """Whether the word makes the next one a surname: "Mrs", "Oscar"."""
        found = self._given_names.get(word)
        return word in HONORIFICS or (
            found is not None
            and found.births_1996_2020 >= _COMMON_NAME
            and word not in english()
            and word not in self._all_places
        )

    @cached_property
    def outwards(self) -> frozenset[str]:
        """Postcode districts in the text ("b74")."""
        return frozenset(match[1] for match in _OUTWARD.finditer(self.folded.text))

    def is_upper(self, start: int, end: int) -> bool:
        """Whether the given text has this folded stretch in capitals."""
        first, last = self.folded.original(start, end)
        return self.given[first:last].isupper()

    @cached_property
    def is_cased(self) -> bool:
        """Whether the given text uses capitals inside its sentences."""
        return _CAPITAL_INSIDE.search(self.given) is not None

    def is_plain_lower(self, start: int, end: int) -> bool:
        """Whether the last word here is in small letters though the text has capitals."""
        first, last = self.folded.original(start, end)
        words = self.given[first:last].split()
        return self.is_cased and bool(words) and words[-1].islower() and not self.in_tag(start)

    def in_tag(self, start: int) -> bool:
        """Whether the word here stands in a hashtag or handle."""
        return self.tag_sign(start) != ""

    def tag_sign(self, start: int) -> str:
        first = self.folded.starts[start]
        while first > 0 and (self.given[first - 1].isalnum() or self.given[first - 1] == "_"):
            first -= 1
        return self.given[first - 1] if first > 0 and self.given[first - 1] in "#@" else ""


def near(numbers: Sequence[int], first: int, last: int, *, within: int) -> Iterator[int]:
    """Word numbers at most `within` words before `first` or after `last`."""
    return (n for n in numbers if first - within <= n < first or last < n <= last + within)
