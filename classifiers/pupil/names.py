"""Where names of people stand: births data, capitals and shapes, no statistical model.

Whose name it is (a pupil's, a teacher's) is for `classifiers.pupil.roles` to judge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from classifiers.pupil.name_words import (
    CALENDAR,
    NOT_FIRST,
    NOT_SURNAME,
    PARTICLES,
    SYLLABLES,
    VERBS,
    WORD_SURNAMES,
)
from classifiers.pupil.post import Post
from classifiers.resources.words import english
from classifiers.spelling import is_slip_of
from config.national import FirstName

_SURNAME_SHAPE = re.compile(r"(?:o'|mc|mac|fitz)[^\W\d_]{3,}|[^\W\d_]{2,}-[^\W\d_]{2,}")
_LAUGHTER = re.compile(r"a*(?:ha){2,}h*|(?:he){2,}h*|l+o+l+|lm+f?a+o+|x+d+|omg+")

_COMMON = 10_000
"""Births in 25 years from which a name is read as one although it is also a word."""

_CHINESE = re.compile(
    r"(?=[a-z]{5})(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:i?ang|i?ong|uang|eng|ing|ian|iao|uai|uan|[aeo]i|ao|ou|[aeiu]n|i[aeu]|u[aioe]|[aeiou])){2}"
)
"""Two syllables of pinyin ("Haoran", "Yutong")."""
_ABROAD = 50
"""Births that a name known abroad only is taken to have: too few to be one by itself in a text
without capitals."""

_FOLLOWED_AS_PUPIL = re.compile(
    r" in (?:my|our) (?:year|class|form|set)\b|"
    r"\s*[,(]?\s*(?:[a-z]\.? )?(?:in|from|of)? ?(?:my |our )?"
    r"(?:(?:year|yr|y) ?\d{1,2}\b|\d{1,2}[a-z]{1,2}\b|\d{1,2} (?:oak|ash|elm|beech|birch|willow"
    r"|maple|rowan|holly)\b)"
    r"| (?:from|in) (?:mr|mrs|miss|ms) [\w']+ class\b"
)
_PRAISED = re.compile(
    r"(?:well done|proud of|congratulations|congrats|shout ?out|star of the week)"
    r"(?: is| to| goes to)? $"
)
_TOLD_OF = re.compile(
    r" (?:is|was|has|hasnt|keeps|got|gets|and|won|did|in|from|who|slept|hit|fancies|needs)\b| &|!"
)
_ENDS_NAME = re.compile(r"[,)(.!]| \(")
_INITIAL = re.compile(r" [A-Z](?=[,;:)!?\n.]|$| (?:and|&|\(|in|from|who|has|was|is|for)\b)(?<! I)")
_SMALL_INITIAL = re.compile(
    r" [e-hj-mp-qs-tvwz](?= (?:and|in|from|has|was|is|got|did|said|told)\b|$)"
)
_BESIDE_NAME = re.compile(r" (?:and|&) (?=[A-Z][a-z])")
_OURS = re.compile(r"\b(?:our|my|little|poor) $")
_OF_AN_AGE = re.compile(r"(?: is| was| has|,)? ?(?:only |just )?\(?(?:1[0-8]|[3-9])\b")
_SAID_OF = re.compile(r" (?:is|says|said|has|keeps|needs|thinks|reckons)\b")
_PARENTS = re.compile(
    r"(?:'s|s)? (?:mum|mam|dad|parents|nan)\b| and (?:his|her) (?:mum|dad|mam|sister|brother)\b"
    r"|(?: [\w']+){1,4}\. (?:he|she)(?:'s|s| is) (?:in (?:year|yr|y\d)|\d)"
)
_CALLED = re.compile(
    r"\b(?:called|named|goes to|winner is|star is|my (?:\w+ )?(?:son|daughter|lad|boy|girl|"
    r"nephew|niece))"
    r"(?:\.{1,3}|…|:)? ?$"
)


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
    abroad: frozenset[str] = frozenset()

    def births(self, low: str) -> int:
        """Births from 1996 to 2020; of a double name, of its first half."""
        plain = _without_accents(low).replace("'", "")
        found = self.first.get(plain) or self.first.get(plain.split("-")[0] if "-" in low else "")
        if found is None:
            return _ABROAD if plain in self.abroad or _CHINESE.fullmatch(plain) else 0
        return found.births_1996_2020

    def owns(self, low: str) -> bool:
        """Whether a word that ends in s is a name with a possessive s and no apostrophe."""
        if low in self.last or low in english() or self.births(low):
            return False
        return low[:-1] in self.last or self.births(low[:-1]) >= 400


def _without_accents(low: str) -> str:
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFKD", low.replace("ł", "l").replace("ø", "o"))
    return "".join(char for char in parts if not unicodedata.combining(char))


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
    if (short := _initial_and_surname(post, number, lists)) is not None:
        return short
    if len(word.low) < 2 or word.low.isdigit() or post.in_school_name(word.start, word.end):
        return None
    if number and post.low(number - 1) == "the" and _adjoins(post, number):
        return None  # "The Otter King" is a title; "the Henderson boy" is for monikers
    inner = number + 1 if _is_given_in_two(post, number, lists) else number
    listed = inner > number or is_first(post, number, lists)
    if not listed and not _may_open_rare(post, number):
        return None
    given = post.joined(number, inner)
    last = None if post.words[inner].possessive else _surname_end(post, inner, lists)
    if last is None and inner > number:
        given, inner, last = word.low, number, inner  # or a short surname: whole either way
    if last is None:
        if not listed and not _is_childs(post, number):
            return None
        end = _end_with_initial(post, number)
        return Name("first", number, number, word.start, end, given, listed=listed)
    if not listed and not _is_rare_name(post, number, last, lists):
        return None
    family = post.joined(inner + 1, last)
    known = listed or family in lists.last
    return Name("full", number, last, word.start, post.words[last].end, given, family, known)


def _initial_and_surname(post: Post, number: int, lists: NameLists) -> Name | None:
    """ "R. Fairclough", "T Adeyemi": a capital and a listed surname."""
    word, last = post.words[number], number + 1
    if len(word.text) != 1 or word.text.isdigit() or last >= len(post.words):
        return None
    if _is_initial(post, last):
        last += 1  # "E. J. Pennington"
    following = post.words[last]
    between = post.text[post.words[last - 1].end : following.start]
    if not word.is_capital:
        placed = _FOLLOWED_AS_PUPIL.match(post.lower, following.end)
        is_name = between == ". " and following.low not in english()
        if placed and is_name:
            return Name("full", number, last, word.start, following.end, word.low, following.low)
        return None
    if between not in (". ", ".") and (between != " " or word.text in "AI"):
        return None
    rare = following.low not in english() and len(following.low) > 3
    if not (following.is_capital and (following.low in lists.last or rare)):
        return None
    if post.in_school_name(following.start, following.end) or following.text.isupper():
        return None
    return Name("full", number, last, word.start, following.end, word.low, following.low)


def _is_initial(post: Post, number: int) -> bool:
    """Whether the word is one more initial before a surname."""
    word = post.words[number]
    before = post.text[post.words[number - 1].end : word.start]
    more = number + 1 < len(post.words)
    return more and before in (". ", ".") and len(word.text) == 1 and word.is_capital


def _end_with_initial(post: Post, number: int) -> int:
    """ "Florence A" with the letter, where it is no word of the sentence."""
    name = post.words[number]
    if name.possessive:
        return name.end
    found = _INITIAL.match(post.text, name.end)
    if found is None and not post.is_cased:
        found = _SMALL_INITIAL.match(post.text, name.end)
    return found.end() if found else name.end


def _is_given_in_two(post: Post, number: int, lists: NameLists) -> bool:
    """ "Ka Ho": both words are syllables of Chinese names, written alike; without capitals one
    must be no English word, or a surname follow."""
    if number + 1 >= len(post.words) or not _adjoins(post, number + 1):
        return False
    pair = post.words[number], post.words[number + 1]
    if any(word.low not in SYLLABLES for word in pair):
        return False
    if post.is_cased:
        return pair[0].is_capital and pair[1].is_capital
    return any(word.low not in english() for word in pair) or post.low(number + 2) in lists.last


def is_first(post: Post, number: int, lists: NameLists) -> bool:
    """Whether the word reads as a first name where it stands."""
    word = post.words[number]
    births = lists.births(word.low)
    if births < 3 or (word.low in NOT_FIRST and not _is_calendar_name(post, number)):
        return False
    if _stands_as_name(post, number, lists):
        return True
    if word.low in english():
        return _word_as_name(post, number, births, lists)
    if not post.is_cased:
        return births >= 60 or _opens_pair(post, number)
    return word.is_capital or births >= 400 or (births >= 60 and _opens_pair(post, number))


def _is_calendar_name(post: Post, number: int) -> bool:
    """ "Summer Gatley", "Will Tranter": before a capital that is no English word."""
    if post.words[number].low not in CALENDAR or number + 1 >= len(post.words):
        return False
    after = post.words[number + 1]
    capitals = post.words[number].is_capital and after.is_capital and post.is_cased
    return capitals and _adjoins(post, number + 1) and after.low not in english()


def _stands_as_name(post: Post, number: int, lists: NameLists) -> bool:
    """ "Mo in yr 8", "a girl called Hope": the place makes the word a name."""
    word = post.words[number]
    if _opens_placed_pair(post, number, lists):
        return True
    if word.low in english() and not word.is_capital:
        return bool(_CALLED.search(post.lower, max(0, word.start - 40), word.start))
    return bool(
        _FOLLOWED_AS_PUPIL.match(post.lower, word.end)
        or _CALLED.search(post.lower, max(0, word.start - 40), word.start)
    )


def _opens_placed_pair(post: Post, number: int, lists: NameLists) -> bool:
    """ "blessing eze in year 9": the second word is no English and a year follows."""
    if number + 1 >= len(post.words) or not _adjoins(post, number + 1):
        return False
    after = post.words[number + 1]
    if post.words[number].low in VERBS:
        return False
    if after.low in english() or after.low in NOT_SURNAME or after.low.isdigit():
        return False
    if lists.births(post.words[number].low) >= 200 and _TOLD_OF.match(post.lower, after.end):
        return not post.is_cased or post.words[number].is_capital
    return bool(_FOLLOWED_AS_PUPIL.match(post.lower, after.end))


def _opens_pair(post: Post, number: int) -> bool:
    """A rare first name counts without capitals where a word that is no English follows."""
    if number + 1 >= len(post.words) or not _adjoins(post, number + 1):
        return False
    after = post.words[number + 1].low
    return (
        after.isalpha() and len(after) > 2 and after not in english() and after not in NOT_SURNAME
    )


def _word_as_name(post: Post, number: int, births: int, lists: NameLists) -> bool:
    """ "Grace" and "Will": names only with a capital that means something."""
    word = post.words[number]
    if not post.is_cased:
        return births >= 4 * _COMMON
    if not word.is_capital:
        return False
    following = post.words[number + 1] if number + 1 < len(post.words) else None
    before_surname = (
        following is not None
        and following.is_capital
        and (following.low in lists.last or following.low not in english())
        and _adjoins(post, number + 1)
    )
    if post.begins_sentence(number):
        told = births >= 200 and _TOLD_OF.match(post.lower, word.end)
        return before_surname or bool(told) or births >= 4 * _COMMON
    return before_surname or births >= 200


def _may_open_rare(post: Post, number: int) -> bool:
    word = post.words[number]
    if not post.is_cased:
        return _is_praised_or_placed(post, number)
    return (
        post.is_cased
        and word.is_capital
        and not word.text.isupper()
        and len(word.low) > 2
        and word.low.replace("-", "").replace("'", "").isalpha()
        and word.low not in english()
        and word.low not in NOT_FIRST
    )


def _is_childs(post: Post, number: int) -> bool:
    """An unknown word where only a child's name would stand ("Kaper and his mum", "Oleksandr
    and Daryna")."""
    word = post.words[number]
    if _is_of_an_age(post, number):
        return True
    if _BESIDE_NAME.match(post.text, word.end) and _is_rare_pair(post, number + 2):
        return True
    return bool(
        _FOLLOWED_AS_PUPIL.match(post.lower, word.end) or _PARENTS.match(post.lower, word.end)
    )


def _is_of_an_age(post: Post, number: int) -> bool:
    """ "Our Nomvula is 8", "my Selam (6)"."""
    word = post.words[number]
    before = post.lower[max(0, word.start - 12) : word.start]
    is_ours = _OURS.search(before) and word.low not in english() and len(word.low) > 2
    return bool(is_ours and _OF_AN_AGE.match(post.lower, word.end))


def _is_rare_pair(post: Post, number: int) -> bool:
    """Two capitals in a row that are no English words."""
    if number + 1 >= len(post.words) or not _adjoins(post, number + 1):
        return False
    pair = post.words[number], post.words[number + 1]
    return all(one.is_capital and one.low not in english() for one in pair)


def _is_praised_or_placed(post: Post, number: int) -> bool:
    """Without capitals: two words that are no English, praised, or put into a year; one that
    is no slip of an English word and put into a year or said to be of an age."""
    if _is_of_an_age(post, number) or _is_placed_alone(post, number):
        return True
    if number + 1 >= len(post.words):
        return False
    pair = post.words[number], post.words[number + 1]
    if pair[0].low in NOT_FIRST or pair[1].low in NOT_SURNAME:
        return False
    if any(len(word.low) < 3 or not word.low.isalpha() or word.low in english() for word in pair):
        return False
    before = post.lower[max(0, pair[0].start - 30) : pair[0].start]
    if post.begins_sentence(number) and _TOLD_OF.match(post.lower, pair[1].end):
        return True
    return bool(_FOLLOWED_AS_PUPIL.match(post.lower, pair[1].end) or _PRAISED.search(before))


def _is_placed_alone(post: Post, number: int) -> bool:
    word = post.words[number]
    low = word.low
    if len(low) < 3 or not low.isalpha() or low in english() or low in NOT_FIRST | NOT_SURNAME:
        return False
    told = _FOLLOWED_AS_PUPIL.match(post.lower, word.end)
    return bool(told) and not is_slip_of(low, english())


def _is_rare_name(post: Post, number: int, last: int, lists: NameLists) -> bool:
    """Two capitalised words that are no English words may be a name the lists do not know;
    three, when they end in a known surname ("Tsz Yan Lau")."""
    low = post.words[last].low
    if last == number + 1:
        return low not in english()
    return last == number + 2 and low in lists.last


def _surname_end(post: Post, number: int, lists: NameLists) -> int | None:
    """Number of the last word of a surname that follows, with middle names and particles."""
    end: int | None = None
    at = number + 1
    while at <= number + 3 and at < len(post.words) and _adjoins(post, at):
        if end is not None and _opens_another(post, at, lists):
            break
        if post.words[at].low in PARTICLES and _may_go_on(post, at):
            at += 1
            continue
        if not _is_surname(post, at, lists):
            break
        end = at
        if post.words[at].possessive or (end > number + 1 and not post.is_cased):
            break
        at += 1
    return end


def _opens_another(post: Post, number: int, lists: NameLists) -> bool:
    """ "Ruaridh Sinclair Grace Oyeleye": a common first name with a surname after it."""
    if not post.is_cased or number + 1 >= len(post.words) or not _adjoins(post, number + 1):
        return False
    after = post.words[number + 1]
    return lists.births(post.words[number].low) >= _COMMON // 10 and after.is_capital


def _may_go_on(post: Post, number: int) -> bool:
    return number + 1 < len(post.words) and _adjoins(post, number + 1)


def _adjoins(post: Post, number: int) -> bool:
    """Only a space, a hyphen or the dot of an initial stands before the word."""
    between = post.text[post.words[number - 1].end : post.words[number].start]
    return between in (" ", "  ", "-", "_") or (
        between == ". " and len(post.words[number - 1].low) == 1
    )


def _is_surname(post: Post, number: int, lists: NameLists) -> bool:
    word = post.words[number]
    low = word.low
    if low in NOT_SURNAME or low.isdigit() or len(low) < 2 or _LAUGHTER.fullmatch(low):
        return False
    if post.in_school_name(word.start, word.end):
        return False
    known = low in lists.last or low in WORD_SURNAMES or bool(_SURNAME_SHAPE.fullmatch(low))
    if post.is_cased and word.is_capital:
        plain = low not in english() or lists.births(low) >= 200
        return known or plain or _closes_name(post, number, lists)
    if post.is_cased and post.words[number - 1].is_capital:
        return known and low not in english()
    if known or low not in english():
        return True
    told = _SAID_OF.match(post.lower, word.end) and _is_plainly_first(post, number - 1, lists)
    return bool(told or _FOLLOWED_AS_PUPIL.match(post.lower, word.end))


def _is_plainly_first(post: Post, number: int, lists: NameLists) -> bool:
    low = post.words[number].low
    return low not in english() and lists.births(low) >= 200


def _closes_name(post: Post, number: int, lists: NameLists) -> bool:
    """ "Hattie Crook is leaving": an English word with a capital of its own ends a name whose
    first word is no English and after which no further capital follows."""
    first, end = post.words[number - 1].low, post.words[number].end
    births = lists.births(first)
    if first in english() or births < 3 or (births < 200 and not _ENDS_NAME.match(post.text, end)):
        return False
    return number + 1 >= len(post.words) or not (
        post.words[number + 1].is_capital and _adjoins(post, number + 1)
    )
