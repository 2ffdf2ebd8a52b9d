"""What must hold within the Trust: one id each, no name that two schools share unsaid, no
person's name among the names."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks import repeated
from config.errors import Fault, KeyPath
from config.terms import (
    PERSON,
    Known,
    folded_names,
    holds_a_person,
    is_bare,
    name_refusal,
    registered_names,
    words,
)
from config.trust import School, Trust
from config.words import INSTITUTION, ORDINARY

NAME_LISTS = ("aliases", "former_names", "hashtags", "handles")
MIN_ALIAS_LETTERS = 3


def trust_faults(trust: Trust) -> Iterator[Fault]:
    yield from _repeated_ids(trust)
    yield from _undeclared(trust)
    yield from _declarations(trust)
    yield from _own_names(trust)
    for at, school in enumerate(trust.schools):
        yield from _school_names(school, ("schools", at))


def _repeated_ids(trust: Trust) -> Iterator[Fault]:
    for at in repeated([trust.id, *(school.id for school in trust.schools)]):
        yield Fault(("schools", at - 1, "id"), "is used twice", "Give each school its own id")
    for at in repeated([school.urn for school in trust.schools]):
        mend = "Look it up at Get Information About Schools"
        yield Fault(("schools", at, "urn"), "is the URN of two schools", mend)


def _undeclared(trust: Trust) -> Iterator[Fault]:
    """Names that mean two of ours, unless `shared_aliases` says so."""
    declared = {_joined(shared.alias) for shared in trust.shared_aliases}
    own = [trust.name, *trust.aliases, *trust.hashtags, *trust.handles]
    bearers = dict.fromkeys(map(_joined, own), trust.id)
    for at, school in enumerate(trust.schools):
        for path, name in _names(school):
            joined = _joined(name)
            bearer = bearers.setdefault(joined, school.id)
            if bearer != school.id and joined and joined not in declared:
                yield _shared_unsaid(("schools", at, *path), bearer, trust)


def _joined(name: str) -> str:
    """A hashtag and the name it is made of are the same."""
    return "".join(words(name))


def _shared_unsaid(path: KeyPath, bearer: str, trust: Trust) -> Fault:
    if bearer == trust.id:
        return Fault(path, "is a name of the Trust as well", "Keep it in one place")
    return Fault(
        path,
        f'is a name of "{bearer}" as well, and nothing says that they share it',
        "Remove it from one of the two, or declare it in [[shared_aliases]] with both schools",
    )


def _names(school: School) -> Iterator[tuple[KeyPath, str]]:
    yield ("name",), school.name
    for key in NAME_LISTS:
        for at, name in enumerate(getattr(school, key)):
            yield (key, at), name


def _declarations(trust: Trust) -> Iterator[Fault]:
    for at, shared in enumerate(trust.shared_aliases):
        alias = _joined(shared.alias)
        for number, school_id in enumerate(shared.schools):
            path: KeyPath = ("shared_aliases", at, "schools", number)
            school = trust.school(school_id)
            if school is None:
                yield Fault(path, "is no school of this file", "Write the id of a school")
            elif alias not in {_joined(name) for _, name in _names(school)}:
                mend = "Add the alias to that school, or take the school out"
                yield Fault(path, "does not have the alias among its names", mend)


def _own_names(trust: Trust) -> Iterator[Fault]:
    official = Known(
        folded_names([trust.name, *(school.name for school in trust.schools)]), frozenset()
    )
    if is_bare(trust.name):
        yield Fault(("name",), *PERSON)
    for key in ("aliases", "hashtags"):
        for at, name in enumerate(getattr(trust, key)):
            yield from _name_faults(name, (key, at), official)


def _school_names(school: School, path: KeyPath) -> Iterator[Fault]:
    """An alias may hold a person's name only where an official name of the school does."""
    registered = list(registered_names(school.urn)) if _needs_register(school) else []
    formal: list[tuple[KeyPath, str]] = [(("name",), school.name)]
    formal += [(("former_names", at), name) for at, name in enumerate(school.former_names)]
    official = list(registered)
    for place, name in formal:
        if is_bare(name) and name not in registered:
            yield Fault((*path, *place), *PERSON)
        else:
            official.append(name)
    places = folded_names([school.town, school.locality])
    for key in ("aliases", "hashtags"):
        for at, name in enumerate(getattr(school, key)):
            yield from _name_faults(name, (*path, key, at), Known(folded_names(official), places))


def _needs_register(school: School) -> bool:
    """The register is only asked where a name could be a person's: it takes a moment to read."""
    return bool(school.urn) and any(holds_a_person(words(name)) for _, name in _names(school))


def _name_faults(name: str, path: KeyPath, official: Known) -> Iterator[Fault]:
    found = words(name)
    if sum(map(len, found)) < MIN_ALIAS_LETTERS:
        mend = "Write a longer one, or remove it"
        yield Fault(path, f"has fewer than {MIN_ALIAS_LETTERS} letters", mend)
    elif all(word in INSTITUTION | ORDINARY for word in found):
        mend = "Write what only this school is called"
        yield Fault(path, "could be any school", mend)
    elif refusal := name_refusal(name, official):
        yield Fault(path, *refusal)
