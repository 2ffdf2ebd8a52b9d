"""The term validator: the Trust and its schools are looked for, never a person.

"Lines the product never crosses" in the policy's digest: a term that is a pupil's or parent's
name is refused. The one exception, a member of staff asking for their own name (policy 6.15),
is no configuration and does not come past here. Refused as well: what is too short or too
common to be about a school of the Trust. Lists can be wrong in both directions, so every
refusal says what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from config.national import first_names, register, surnames
from config.trust import Trust
from config.words import (
    BEFORE_A_SAINT,
    DOUBLE_FIRST_NAMES,
    DOUBLE_SURNAMES,
    INSTITUTION,
    ORDINARY,
    TITLES,
)

MIN_LETTERS = 4
MAX_LENGTH = 120
COMMON_BIRTHS = 20
"""Births in 25 years from which a word is taken for a first name wherever it stands."""
SURELY_A_NAME = 2_000
"""Births from which it is one even where a place in England is called so."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ACCOUNT = re.compile(r"(?i)(?:\b(?:from|to|author|user|username|by|inauthor)\s*:|(?:^|\s)@)\s*\w")


class Refusal(NamedTuple):
    """Why a term is not asked, with the clause, and what to write instead."""

    message: str
    mend: str


PERSON = Refusal(
    "is or contains the name of a person. The service watches the Trust and its schools, never "
    "a person (policy: lines never crossed; 1.1, 6.10)",
    "Remove the name. If a school is called so, give that school's name in trust.toml",
)
ACCOUNT = Refusal(
    "follows an account or an author. The service watches the Trust and its schools, never a "
    "person (policy: lines never crossed)",
    "Ask for the name of the Trust or of a school",
)
UNTIED = Refusal(
    "names neither the Trust nor a school of trust.toml, so it may be the name of a person "
    "(policy: lines never crossed)",
    "Put a school's name in it, or add it in trust.toml where the Trust or a school is called so",
)
BARE = Refusal(
    "is a school's name that a person could have as well, and asks for it without a school word "
    "(policy: lines never crossed)",
    'Add a school word: "..." school',
)
TOO_SHORT = Refusal(
    f"is too short: under {MIN_LETTERS} letters it finds mostly other people's posts",
    "Write the name in full",
)
TOO_COMMON = Refusal(
    "is too common: it finds every school's posts", "Put the name of the Trust or a school in it"
)
TOO_LONG = Refusal(f"is longer than {MAX_LENGTH} characters", "Ask for one name")
MIXED = Refusal(
    "mixes letters of two alphabets or holds invisible characters", "Type it again by hand"
)


@dataclass(frozen=True, slots=True)
class Known:
    """Folded names by which the Trust and its schools are known, and their places."""

    names: frozenset[tuple[str, ...]]
    places: frozenset[tuple[str, ...]]

    @property
    def joined(self) -> frozenset[str]:
        return frozenset("".join(words) for words in self.names)


def known(trust: Trust) -> Known:
    """Every configured name, alias, former name, hashtag and place."""
    names = [trust.name, *trust.aliases, *trust.hashtags, *trust.handles]
    places = list(trust.places)
    for school in trust.schools:
        names += [school.name, *school.aliases, *school.former_names]
        names += [*school.hashtags, *school.handles]
        places += [school.town, school.locality, school.la]
    return Known(folded_names(names), folded_names(places))


def folded_names(names: Iterable[str]) -> frozenset[tuple[str, ...]]:
    folded = (tuple(words(name)) for name in names)
    return frozenset(name for name in folded if name)


def words(text: str) -> list[str]:
    """The words in lower case, without accents and apostrophes; a hashtag's are parted."""
    if " " not in text.strip():
        text = _CAMEL.sub(" ", text)
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return [word.replace("'", "") for word in _WORD.findall(bare.casefold())]


def term_refusal(term: str, names: Known) -> Refusal | None:
    """Why a search term is refused; None when it may be asked."""
    if len(term) > MAX_LENGTH:
        return TOO_LONG
    if _is_disguised(term):
        return MIXED
    if _ACCOUNT.search(term) and "".join(words(term)) not in names.joined:
        return ACCOUNT
    found = words(term)
    rest = _without(found, names.names)
    if holds_a_person(_without_parts(rest, names.places)):
        return PERSON
    return _aim_refusal(found, rest, names)


def is_bare(term: str) -> bool:
    """True where the term could be taken for a person's name by whoever is asked: a school is
    named after somebody, and no word says that a school is meant."""
    found = words(term)
    return holds_a_person(found) and not INSTITUTION.intersection(found)


def asked(term: str) -> str:
    """The term as it may be sent: never a bare name that a person could have."""
    return f"{term} school" if is_bare(term) else term


def _aim_refusal(found: Sequence[str], rest: Sequence[str], names: Known) -> Refusal | None:
    """Whether the term is about us at all."""
    if sum(map(len, found)) < MIN_LETTERS:
        return TOO_SHORT
    if "" in rest or "".join(found) in names.joined:
        return None
    open_words = _without(rest, names.places)
    strange = [word for word in open_words if word and word not in INSTITUTION | ORDINARY]
    if strange:
        return UNTIED
    return None if "" in open_words and INSTITUTION.intersection(open_words) else TOO_COMMON


def name_refusal(name: str, official: Known) -> Refusal | None:
    """Why an alias or hashtag of a school is refused: it is a person's name that the school's
    official and former names do not hold."""
    if _is_disguised(name):
        return MIXED
    rest = _without_parts(words(name), official.names | official.places)
    return PERSON if holds_a_person(rest) else None


def holds_a_person(found: Sequence[str]) -> bool:
    """True when a person's name stands in the words; "" parts what is not adjacent."""
    return any(_is_person(found, at) for at in range(len(found)))


def _is_person(found: Sequence[str], at: int) -> bool:
    word, after = found[at], found[at + 1] if at + 1 < len(found) else ""
    before = found[at - 1] if at else ""
    if not word or BEFORE_A_SAINT.intersection((word, before)):
        return False
    if word in TITLES:
        return bool(after) and after not in INSTITUTION | ORDINARY
    if len(word) == 1:
        return _is_plain_surname(after)
    return (
        _is_first_name(word)
        or _is_plain_surname(word)
        or _is_pair(word, after)
        or _is_pair(after, word)
        or _is_joined(word)
    )


def _is_first_name(word: str) -> bool:
    """Nothing but a first name."""
    return any(_is_plain_first_name(form) for form in (word, _singular(word)))


def _is_plain_first_name(word: str) -> bool:
    births = _births(word)
    if births < COMMON_BIRTHS or word in DOUBLE_FIRST_NAMES | INSTITUTION | ORDINARY:
        return False
    return births >= SURELY_A_NAME or word not in _places()


def _is_plain_surname(word: str) -> bool:
    """Nothing but a surname."""
    other = DOUBLE_SURNAMES | DOUBLE_FIRST_NAMES | INSTITUTION | ORDINARY
    return _is_surname(word) and word not in other and word not in _places()


def _is_pair(first: str, last: str) -> bool:
    """A first name, however rare, beside a surname, unless both are words as well."""
    if not first or not last or last in INSTITUTION or first in INSTITUTION | ORDINARY:
        return False
    both_words = first in DOUBLE_FIRST_NAMES and last in DOUBLE_SURNAMES | ORDINARY
    return _births(first) > 0 and _is_surname(last) and not both_words


def _is_joined(word: str) -> bool:
    """ "oliversmith": a first name and a surname in one."""
    if len(word) < 7 or _births(word) or _is_surname(word) or word in INSTITUTION | ORDINARY:
        return False
    if word in _places():
        return False
    return any(
        _births(word[:cut]) >= SURELY_A_NAME and _is_plain_surname(word[cut:])
        for cut in range(3, len(word) - 2)
    )


@cache
def _places() -> frozenset[str]:
    """Places in England whose name is one word."""
    places = (place for school in register() for place in (school.town, school.locality, school.la))
    return frozenset(word for place in set(places) if (word := "".join(words(place))))


def _births(word: str) -> int:
    found = first_names().get(word)
    return found.births_1996_2020 if found else 0


def _is_surname(word: str) -> bool:
    return bool(word) and (word in _surnames() or _singular(word) in _surnames())


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name.replace("'", "") for name in surnames())


def _singular(word: str) -> str:
    """Without the s of a possessive whose apostrophe is gone."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _without(found: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> list[str]:
    """The words with every known phrase, the longest first, replaced by one ""."""
    rest: list[str] = []
    lengths = sorted({len(phrase) for phrase in phrases}, reverse=True)
    at = 0
    while at < len(found):
        size = next((n for n in lengths if tuple(found[at : at + n]) in phrases), 0)
        rest.append("" if size else found[at])
        at += size or 1
    return rest


def _without_parts(found: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> list[str]:
    """As `_without`, with single words of the phrases taken out as well."""
    parts = frozenset((word,) for phrase in phrases for word in phrase)
    return _without(found, phrases | parts)


def _is_disguised(text: str) -> bool:
    letters = {_alphabet(char) for char in text if char.isalpha()}
    hidden = any(unicodedata.category(char) in ("Cf", "Cc", "Co", "Cn") for char in text)
    return hidden or ("LATIN" in letters and len(letters) > 1)


def _alphabet(char: str) -> str:
    """LATIN, CYRILLIC, ...: the first word of the character's name in Unicode."""
    shown = unicodedata.normalize("NFKC", char)[:1]
    return unicodedata.name(shown, "").split(" ")[0].split("-")[0]


def registered_names(urn: str) -> Iterator[str]:
    """What the national register calls the school, now and before."""
    for school in register():
        if school.urn == urn:
            yield school.name
            yield from school.former_names
