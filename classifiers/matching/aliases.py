"""Every folded form that may mean one of ours, with the class its ambiguity puts it in.

The class is computed from the register (how many other schools share the form) and from the
lists of first names, surnames and places; nobody writes it by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from classifiers.matching.forms import (
    core,
    folded,
    has_type_word,
    host,
    in_figures,
    joined,
    name_forms,
)
from classifiers.matching.register import Register
from classifiers.matching.vocabulary import PLACE_TAILS, TRUST_WORDS
from classifiers.resources.words import english
from config.national import FirstName
from config.trust import School, Trust

AliasClass = Literal[
    "own address", "own handle", "own hashtag", "full name", "shared name", "distinctive name",
    "rare single name", "name like a person's", "name like a place's", "short name", "initials",
    "long initials", "shared short name",
]  # fmt: skip
Origin = Literal["name", "alias", "shortened", "former", "hashtag", "handle", "host", "joined"]

_MIN_BIRTHS = 500
"""Births in 25 years that make a word a first name when it opens an alias."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One form of one subject. `sharers` are numbers in the register; `declared` says that
    the operator declared it as shared, so that it never ends as certain."""

    form: str
    subject: int
    kind: AliasClass
    origin: Origin
    sharers: tuple[int, ...] = ()
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The national lists that the classes need."""

    first: Mapping[str, FirstName]
    last: frozenset[str]


def aliases(trust: Trust, register: Register, names: Names) -> dict[str, list[Alias]]:
    """Alias forms of the Trust (subject 0) and its enabled schools (1, 2, ...), by form."""
    declared = {folded(shared.alias) for shared in trust.shared_aliases}
    initials = {folded(alias) for alias in _all_aliases(trust) if _is_initials(alias)}
    found: dict[str, list[Alias]] = {}
    for number, forms in enumerate(_all_forms(trust)):
        for form, origin in forms.items():
            sharers = (
                ()
                if origin in ("hashtag", "handle", "host")
                else register.sharing(form, official=origin == "name")
            )
            kind = _kind(form, origin, bool(sharers), form in initials, number, register, names)
            alias = Alias(form, number, kind, origin, tuple(sharers), form in declared)
            found.setdefault(form, []).append(alias)
            if (compact := joined(form)) and compact not in forms and origin != "host":
                whole = Alias(compact, number, kind, "joined", alias.sharers, alias.declared)
                found.setdefault(compact, []).append(whole)
    return found


def _all_aliases(trust: Trust) -> Iterator[str]:
    yield from trust.aliases
    for school in trust.enabled_schools:
        yield from school.aliases


def _is_initials(alias: str) -> bool:
    return alias.isupper() and alias.isalpha() and len(alias) <= 6


def _all_forms(trust: Trust) -> Iterator[dict[str, Origin]]:
    forms: dict[str, Origin] = {}
    _collect(forms, "name", [folded(trust.name)])
    _collect(forms, "alias", map(folded, trust.aliases))
    _collect(forms, "host", (host(domain) or "" for domain in trust.domains))
    _tags(forms, trust.hashtags, trust.handles)
    yield forms
    for school in trust.enabled_schools:
        yield _school_forms(school)


def _school_forms(school: School) -> dict[str, Origin]:
    forms: dict[str, Origin] = {}
    _collect(forms, "name", name_forms(school.name))
    _collect(forms, "alias", map(folded, school.aliases))
    for alias in school.aliases:
        if not _is_initials(alias) and not alias.lower().startswith("the "):
            _collect(forms, "alias", name_forms(alias))
    plain = core(folded(school.name))
    if " " in plain:
        _collect(forms, "alias", [f"{plain} school"])
        _collect(forms, "shortened", [plain])
    for former in school.former_names:
        _collect(forms, "former", name_forms(former))
    _collect(forms, "host", [host(school.website) or ""])
    _tags(forms, school.hashtags, school.handles)
    return forms


def _tags(forms: dict[str, Origin], hashtags: Iterable[str], handles: Iterable[str]) -> None:
    _collect(forms, "hashtag", (folded(tag.lower()) for tag in hashtags))
    _collect(forms, "handle", (folded(handle.lower()) for handle in handles))


def _collect(forms: dict[str, Origin], origin: Origin, found: Iterable[str]) -> None:
    for form in found:
        if len(form) >= 3:
            forms.setdefault(form, origin)
            forms.setdefault(in_figures(form), origin)


_TAG_KINDS: Mapping[Origin, AliasClass] = {
    "host": "own address",
    "handle": "own handle",
    "hashtag": "own hashtag",
}


def _kind(
    form: str,
    origin: Origin,
    shared: bool,
    initials: bool,
    number: int,
    register: Register,
    names: Names,
) -> AliasClass:
    if origin in _TAG_KINDS:
        return _TAG_KINDS[origin]
    if initials:
        return "long initials" if len(form) >= 4 and form not in english() else "initials"
    if number == 0 and len(form.split()) > 1 and TRUST_WORDS.intersection(form.split()):
        return "full name"
    if has_type_word(form) and core(form):
        return "shared name" if shared else "full name"
    if shared:
        return "shared short name"
    kind = _unshared_kind(form.split(), form, register, names)
    return "short name" if origin == "shortened" and kind == "distinctive name" else kind


def _unshared_kind(words: list[str], form: str, register: Register, names: Names) -> AliasClass:
    if form in register.places or (len(words) == 2 and _is_place_like(words, register)):
        return "name like a place's"
    births = names.first.get(words[0])
    if len(words) == 2 and births and births.births_1996_2020 >= _MIN_BIRTHS:
        return "name like a person's"
    if words[0] == "the":
        return "short name"
    if len(words) == 1:
        known = form in names.last or form in names.first or form in english() or len(form) < 6
        return "short name" if known else "rare single name"
    return "distinctive name"


def _is_place_like(words: list[str], register: Register) -> bool:
    return words[1] in PLACE_TAILS or (words[0] in PLACE_TAILS and words[1] in register.places)
