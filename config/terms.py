"""What may be watched for: the Trust and its schools, never a person.

A term that is a person's name is refused, unless it is the official, former or configured
name of a registered school, such as a school named after somebody (design decision 8).
"""

from __future__ import annotations

import re

from config.national import first_names, registered_names, surnames
from config.settings import School, Trust

SCHOOL_WORDS = frozenset(
    "school academy primary infant infants junior juniors secondary high college nursery "
    "grammar federation trust partnership learning sixth form centre mat teaching hub comp".split()
)
COMMON_FIRST_NAME = 200
"""Births 1996-2020 from which a word counts as a first name; rarer ones are mostly words."""
SHORTEST_TERM = 3


def words_of(term: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+(?:['’-][a-z]+)*", term.casefold()))


def looks_like_a_person(term: str) -> bool:
    """Two or three words of which the first is a first name and none a school word."""
    words = words_of(term)
    if not 2 <= len(words) <= 3 or SCHOOL_WORDS & set(words):
        return False
    first = first_names().get(words[0])
    is_first = first is not None and first.births_1996_2020 >= COMMON_FIRST_NAME
    return is_first and (words[-1] in surnames() or words[-1] in first_names())


def names_a_school(term: str, trust: Trust) -> bool:
    """Whether the term stands in the name of a school: registered, former or configured."""
    wanted = words_of(term)
    named = (_name_words(name) for school in trust.schools for name in _names(school))
    return any(_holds(words, wanted) for words in named) or _is_registered(wanted)


def _names(school: School) -> tuple[str, ...]:
    return (school.name, *school.former_names)


def _name_words(name: str) -> tuple[str, ...]:
    """The words of a school's name, if a school word says that it is one."""
    words = words_of(name)
    return words if SCHOOL_WORDS & set(words) else ()


def _is_registered(wanted: tuple[str, ...]) -> bool:
    return any(_holds(_name_words(name), wanted) for name in registered_names())


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))
