"""Where names of people stand: births data, capitals and shapes, no statistical model.

Whose name it is (a pupil's, a teacher's) is for `classifiers.pupil.roles` to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from classifiers.pupil.post import Post
from classifiers.resources.words import english
from config.national import FirstName

_SURNAME_SHAPE = re.compile(r"(?:o'|mc|mac|ap |fitz)[^\W\d_]{3,}|[^\W\d_]{2,}-[^\W\d_]{2,}")
_PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "la", "le", "di", "da", "dos", "du", "ap", "ab", "al", "el", "ul", "ur", "bin", "bint", "ibn", "ní", "ni", "nic", "ó", "o", "mac", "uí", "st"]
)
_NOT_SURNAME = frozenset(
    ["and", "or", "in", "is", "was", "has", "had", "the", "a", "to", "at", "from", "of", "for", "with", "who", "on", "by", "are", "were", "will", "can", "did", "does", "said", "got", "won", "year", "class", "form", "school", "academy", "primary", "high", "road", "street", "house", "team", "mum", "mums", "dad", "dads", "sister", "brother", "mother", "father", "nan", "family", "parents", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "christmas", "easter", "x", "xx", "xxx", "xo", "i", "im", "ive", "ill", "he", "she", "they", "we", "you", "it", "so", "but", "as", "if", "off", "up", "out", "down", "day", "cup", "award", "prize", "fc"]
)
_NOT_FIRST = frozenset(
    ["an", "so", "my", "the", "in", "is", "it", "no", "my", "me", "he", "she", "they", "we", "can", "may", "will", "said", "t", "a", "i", "de", "al", "el", "la", "le", "ya", "man", "love", "baby", "china", "india", "israel", "london", "england", "wales", "france", "paris", "christian", "muslim", "english", "king", "queen", "prince", "lord", "ever", "every", "never", "even", "given", "job", "page", "link", "math", "meta", "mr", "mrs", "miss", "sir", "dr", "st", "year", "head", "early"]
)
_COMMON = 10_000
"""Births in 25 years from which a name is read as one although it is also a word."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name at words [first, last]; `given` and `family` are lower case, "" when absent.
    `listed` says that the first name is in the births data."""

    kind: Literal["full", "first"]
    first: int
    last: int
    start: int
    end: int
    given: str
    family: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class NameLists:
    """The national lists, lower case."""

    first: Mapping[str, FirstName]
    last: frozenset[str]

    def births(self, low: str) -> int:
        found = self.first.get(low) or self.first.get(low.split("-")[0] if "-" in low else "")
        return found.births_1996_2020 if found else 0


def names(post: Post, lists: NameLists) -> Iterator[Name]:
    """Full names and first names in reading order, without overlaps."""
    number = 0
    while number < len(post.words):
        found = _name_at(post, number, lists)
        if found is None:
            number += 1
        else:
            yield found
            number = found.last + 1


def _name_at(post: Post, number: int, lists: NameLists) -> Name | None:
    word = post.words[number]
    if post.in_school_name(word.start, word.end) or word.low.isdigit() or len(word.low) < 2:
        return None
    listed = is_first(post, number, lists)
    if not listed and not _may_open_rare(post, number):
        return None
    last = _surname_end(post, number, lists) if not word.possessive else None
    if last is not None:
        if not listed and not _is_rare_pair(post, number, last):
            return None
        family = " ".join(post.words[i].low for i in range(number + 1, last + 1))
        return Name(
            "full", number, last, word.start, post.words[last].end, word.low, family, listed
        )
    return Name("first", number, number, word.start, word.end, word.low) if listed else None


def is_first(post: Post, number: int, lists: NameLists) -> bool:
    """Whether the word reads as a first name where it stands."""
    word = post.words[number]
    low = word.low
    births = lists.births(low)
    if not births and low.endswith("s") and not word.possessive:
        return False
    if births < 3 or low in _NOT_FIRST:
        return False
    if low in english():
        return _word_as_name(post, number, births, lists)
    if not post.is_cased:
        return births >= 60
    return word.is_capital or births >= 400


def _word_as_name(post: Post, number: int, births: int, lists: NameLists) -> bool:
    """ "Grace", "Will" and "Summer": names only with a capital that means something."""
    word = post.words[number]
    if not post.is_cased:
        return births >= 4 * _COMMON
    if not word.is_capital:
        return False
    following = post.words[number + 1] if number + 1 < len(post.words) else None
    before_surname = following is not None and following.is_capital and following.low in lists.last
    if post.begins_sentence(number):
        return before_surname or births >= _COMMON
    return before_surname or births >= 200


def _may_open_rare(post: Post, number: int) -> bool:
    word = post.words[number]
    return (
        post.is_cased and word.is_capital and word.low not in english() and word.low.isalpha()
        and word.low not in _NOT_FIRST and len(word.low) > 2 and not word.text.isupper()
    )  # fmt: skip


def _is_rare_pair(post: Post, number: int, last: int) -> bool:
    """Two capitalised words that are no English words may be a name the lists do not know."""
    return last == number + 1 and post.words[last].low not in english()


def _surname_end(post: Post, number: int, lists: NameLists) -> int | None:
    """Number of the last word of a surname that follows, with middle names and particles."""
    at = number + 1
    for _ in range(3):
        if at >= len(post.words) or not _adjoins(post, at):
            return None
        low = post.words[at].low
        if low in _PARTICLES and at + 1 < len(post.words) and _adjoins(post, at + 1):
            at += 1
            continue
        if not _is_surname(post, at, lists):
            return None
        further = (
            at + 1 < len(post.words) and _adjoins(post, at + 1) and not post.words[at].possessive
        )
        if further and lists.births(low) >= 100 and _is_surname(post, at + 1, lists):
            at += 1
            continue
        return at
    return None


def _adjoins(post: Post, number: int) -> bool:
    """Only a space, or the dot of an initial, stands before the word."""
    between = post.text[post.words[number - 1].end : post.words[number].start]
    return between in (" ", ". ", "  ", "-", "_", " -") and len(between) <= 2


def _is_surname(post: Post, number: int, lists: NameLists) -> bool:
    word = post.words[number]
    low = word.low
    if (
        low in _NOT_SURNAME
        or low.isdigit()
        or len(low) < 2
        or post.in_school_name(word.start, word.end)
    ):
        return False
    if post.is_cased:
        if not word.is_capital:
            return (low in lists.last and low not in english()) or bool(_SURNAME_SHAPE.fullmatch(low))
        return low in lists.last or low not in english() or lists.births(low) >= 200
    return low in lists.last or low not in english() or bool(_SURNAME_SHAPE.fullmatch(low))
