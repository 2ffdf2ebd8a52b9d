"""A post as words with their places; the ground on which all recognisers stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from classifiers.types import SchoolLink, Span

_WORD = re.compile(r"0?[^\W\d_]+(?:['’‘`-][^\W\d_]+|[01](?=[a-z])[^\W\d_]+)*|\d+")
_STOP = re.compile(r"[.!?;]+(?=\s|$)|\n+|…")
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]")
_NO_STOP = re.compile(
    r"(?:(?<![^\W\d_])[A-Z]|\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Ss]t|[Rr]ev|[Pp]rof|vs?|no))$"
    r"|(?<!year)(?<!yr)(?<!aged)(?<!age)(?<!is)(?<!was)(?<!of)(?<!at)(?<!to)(?<!by)(?<!on)(?<!set)"
    r"(?:^|[\s,;])\d{1,2}$"
)
"""Before the dot of an initial, a title or a number in a list."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word at [start, end) of the text; `low` is lower case with a plain apostrophe and
    without a possessive ending, `end` the end of the word without it."""

    start: int
    end: int
    text: str
    low: str
    possessive: bool

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def _plain(text: str) -> str:
    """With one kind of apostrophe, and letters for the figures that a scanner read."""
    if text.isdigit():
        return text
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'")
    return text.replace("0", "O" if text[0] == "0" else "o").replace("1", "l")


def _word(match: re.Match[str]) -> Word:
    text = match[0]
    if not text.isalpha():
        text = _plain(text)
    low = text.lower()
    for ending in ("'s", "s'"):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            text = text[:-2] if ending == "'s" else text[:-1]
            return Word(match.start(), match.start() + len(text), text, text.lower(), True)
    return Word(match.start(), match.end(), text, low, False)


def _owner(word: Word, owns: Callable[[str], bool]) -> Word:
    """The word as a possessive where somebody left the apostrophe out."""
    if word.possessive or not word.low.endswith("s") or not owns(word.low):
        return word
    text = word.text[:-1]
    return replace(word, end=word.end - 1, text=text, low=text.lower(), possessive=True)


def _is_titled(text: str) -> bool:
    return len(text) > 2 and text[0].isupper() and not text.isupper()


class Post:
    """`text` with its words and sentences; `links` are the schools it is about, `owns` says
    whether a word without its last letter is a name ("poppys mum")."""

    def __init__(
        self,
        text: str,
        links: Sequence[SchoolLink] = (),
        school_names: Sequence[Span] = (),
        owns: Callable[[str], bool] = lambda low: False,
    ) -> None:
        self.text = text
        self.links = tuple(links)
        self.school_names = [*school_names, *(span for link in links for span in link.spans)]
        self.words = [_owner(_word(match), owns) for match in _WORD.finditer(text)]

    @cached_property
    def starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def lower(self) -> str:
        """The text in lower case with plain apostrophes, a space for each emoji; as long."""
        if self.text.isascii():
            return self.text.lower().replace("`", "'")
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in self.text)
        low = _EMOJI.sub(" ", low)
        return low.replace("’", "'").replace("‘", "'").replace("`", "'")

    @cached_property
    def stops(self) -> list[int]:
        """Where sentences end."""
        return [
            match.start() for match in _STOP.finditer(self.text) if not self._abbreviates(match)
        ]

    def _abbreviates(self, stop: re.Match[str]) -> bool:
        last = stop.end() == len(self.text)
        return (
            stop[0] == "." and not last and bool(_NO_STOP.search(self.text[: stop.start()][-12:]))
        )

    def sentence(self, at: int) -> tuple[int, int]:
        """Bounds of the sentence around an offset."""
        number = bisect_left(self.stops, at)
        first = self.stops[number - 1] if number else 0
        last = self.stops[number] if number < len(self.stops) else len(self.text)
        return first, last

    def number_at(self, offset: int) -> int:
        """Number of the word at or before an offset; -1 before the first."""
        return bisect_right(self.starts, offset) - 1

    def low(self, number: int) -> str:
        return self.words[number].low if 0 <= number < len(self.words) else ""

    def joined(self, first: int, last: int) -> str:
        """The words from `first` to `last`, lower case, one space between."""
        return " ".join(word.low for word in self.words[first : last + 1])

    @cached_property
    def is_cased(self) -> bool:
        """Whether capitals mean anything here: some word inside a sentence has one of its own.
        A telephone puts one at the beginning by itself; "9KL" and "OMG" say nothing."""
        titled = (n for n, word in enumerate(self.words) if _is_titled(word.text))
        return any(not self.begins_sentence(n) for n in titled)

    def begins_sentence(self, number: int) -> bool:
        """Whether the word stands first, where a capital says nothing."""
        if number == 0:
            return True
        between = self.text[self.words[number - 1].end : self.words[number].start]
        return any(char in '.!?\n:;"“' for char in between)

    def in_school_name(self, start: int, end: int) -> bool:
        return any(span.start < end and start < span.end for span in self.school_names)
