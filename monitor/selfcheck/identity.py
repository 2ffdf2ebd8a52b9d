"""Own name only: what somebody may be searched for, and why anything else is refused.

The verified name comes from people.toml, which IT keeps. What the person adds must be theirs: a
short form, a misspelling, a former surname, an account. No list of pupils or parents exists here
to hold it against (the service keeps none), so a variant must share the first name, a colleague's
name is refused, and results by a former name need more to speak for them (`monitor.selfcheck.
checking`). The person confirms each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from config.terms import holds_a_person
from config.words import INSTITUTION, TITLES
from monitor.selfcheck.names import Name, fold, folded_words

Why = Literal["verified", "short form", "misspelling", "former surname", "account"]

MOST_VARIANTS, MOST_FORMER, MOST_HANDLES, MOST_WORDS = 6, 2, 4, 6
LONGEST = 60
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_HANDLE = re.compile(r"@?[A-Za-z0-9_.-]{3,30}")


class Refused(Exception):
    """Why a name is not searched for, in words for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another form of one's own name, and what it is taken for."""

    written: str
    why: Why


def variant(written: str, verified: Name, colleagues: Iterable[str]) -> Variant:
    """What a form of the name is taken for, to be confirmed. Raises Refused."""
    tidy = " ".join(written.split())
    name = Name(tidy)
    if len(tidy) > LONGEST or not _NAME.fullmatch(tidy) or not name.given:
        raise Refused(
            f"“{tidy[:LONGEST]}” is no first name with a surname: write both, in letters."
        )
    if TITLES.intersection(name.words):
        raise Refused(f"“{tidy}” holds a title: leave it out.")
    if name.words == verified.words:
        raise Refused(f"“{tidy}” is searched for already: it is your verified name.")
    if _is_colleague(name, verified, colleagues):
        raise Refused(f"“{tidy}” is a colleague's name. You can check only your own.")
    return Variant(written=tidy, why=_taken_for(tidy, name, verified))


def _taken_for(tidy: str, name: Name, verified: Name) -> Why:
    is_same_surname = name.surname == verified.surname or _is_part(name, verified)
    own_first = verified.given_forms | set(verified.middle)
    if name.given in own_first or set(name.given_forms) & own_first:
        if is_same_surname:
            return "short form"
        if _is_near("".join(name.surname), "".join(verified.surname)):
            return "misspelling"
        return "former surname"
    is_initial = len(name.given) == 1 and name.given == verified.given[:1]
    if is_same_surname and (is_initial or _is_near(name.given, verified.given)):
        return "short form" if is_initial else "misspelling"
    raise Refused(
        f"“{tidy}” is not a form of your name: it needs your first name, or a short form of it. "
        "A pupil's, a parent's or anybody else's name is never searched for."
    )


def _is_part(name: Name, verified: Name) -> bool:
    return bool(name.surname_parts) and set(name.surname_parts) <= set(verified.surname_parts)


def _is_colleague(name: Name, verified: Name, colleagues: Iterable[str]) -> bool:
    for other in map(Name, colleagues):
        if other.words != verified.words and other.surname == name.surname:
            is_own = name.surname == verified.surname and name.given in verified.given_forms
            if name.given in other.given_forms and not is_own:
                return True
    return False


def handle(
    written: str, verified: Name, variants: Iterable[Name], colleagues: Iterable[str]
) -> Variant:
    """An account that the person says is theirs. Raises Refused where it is somebody's name."""
    tidy = written.strip()
    if not _HANDLE.fullmatch(tidy):
        raise Refused(f"“{tidy[:40]}” is no name of an account: letters, numbers, . _ - alone.")
    bare = "".join(char for char in fold(tidy) if char.isalnum())
    for other in map(Name, colleagues):
        if other.words != verified.words and "".join(other.words) in bare:
            raise Refused(
                f"“{tidy}” holds a colleague's name. You can check only your own accounts."
            )
    own = {word for name in (verified, *variants) for word in (*name.words, *name.given_forms)}
    rest = [word for word in re.findall(r"[a-z]+", fold(tidy)) if word not in own]
    if holds_a_person(rest):
        raise Refused(
            f"“{tidy}” holds another person's name. You can check only your own accounts."
        )
    return Variant(written=tidy, why="account")


def own_words(written: str, verified: Name) -> str:
    """A place, club, subject or workplace of the person's own. Raises Refused where it is a
    person's name: that would be a search for them."""
    tidy = " ".join(written.split())
    found = folded_words(tidy)
    if not found or len(tidy) > LONGEST:
        raise Refused(f"“{tidy[:LONGEST]}” cannot be looked for: write a few words.")
    if not INSTITUTION.intersection(found) and len(found) > 1:
        rest = [word for word in found if word not in verified.words]
        if holds_a_person(rest) and len(rest) == len(found) <= 3:
            raise Refused(
                f"“{tidy}” looks like a person's name. Give a place, a club or a workplace."
            )
    return tidy


def _is_near(one: str, other: str) -> bool:
    """Whether one is the other with a slip or two: a letter more, less, changed or swapped."""
    most = 1 if len(other) < 7 else 2
    return (
        one != other and one[:1] == other[:1] and len(other) > 3 and _distance(one, other) <= most
    )


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: insertions, deletions, changes and swaps of neighbours."""
    before, row = list(range(len(other) + 1)), list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i, *[0] * len(other)]
        for j, right in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]
