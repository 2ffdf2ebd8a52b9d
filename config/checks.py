"""What the models cannot see alone: references, shared aliases, terms, hours."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from config.errors import Problem
from config.settings import Settings, Trust
from config.terms import SHORTEST_TERM, looks_like_a_person, names_a_school

_HOST_PORT = re.compile(r"[A-Za-z0-9.-]+:\d{1,5}|\[[0-9A-Fa-f:]+\]:\d{1,5}")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def problems(settings: Settings) -> list[Problem]:
    """Everything that is wrong between the parts of a configuration that is valid by itself."""
    return [
        *_duplicate_ids(settings),
        *_shared_aliases(settings.trust),
        *_terms(settings),
        *_sources(settings),
        *_digest_hour(settings),
    ]


def _duplicate_ids(settings: Settings) -> Iterator[Problem]:
    schools = [school.id for school in settings.trust.schools]
    for at in _repeated([settings.trust.id, *schools]):
        yield Problem(
            file="trust.toml",
            key=f"trust.schools.{at - 1}.id",
            message="is used twice.",
            mend="Give every school an id of its own.",
        )
    for at in _repeated([source.id for source in settings.sources]):
        yield Problem(
            file="sources.toml",
            key=f"sources.{at}.id",
            message="is used twice.",
            mend="Give every source an id of its own.",
        )


def _repeated(ids: list[str]) -> Iterator[int]:
    counts: Counter[str] = Counter()
    for at, name in enumerate(ids):
        counts[name] += 1
        if counts[name] > 1:
            yield at


def _shared_aliases(trust: Trust) -> Iterator[Problem]:
    """An alias that two enabled schools use must be declared, so that it ends as possible."""
    declared = {shared.alias.casefold() for shared in trust.shared_aliases}
    holders: dict[str, set[int]] = defaultdict(set)
    for at, school in enumerate(trust.schools):
        for alias in (school.name, *school.aliases):
            holders[alias.casefold()].add(at)
    for alias, schools in holders.items():
        if len(schools) > 1 and alias not in declared:
            names = " and ".join(trust.schools[at].name for at in sorted(schools))
            yield Problem(
                file="trust.toml",
                key=f"trust.schools.{max(schools)}.aliases",
                message=f'"{alias}" is an alias of {names}.',
                mend="Declare it under [[shared_aliases]], or drop it from one.",
            )
    known = {school.id for school in trust.schools}
    for at, shared in enumerate(trust.shared_aliases):
        for unknown in sorted(set(shared.schools) - known):
            yield Problem(
                file="trust.toml",
                key=f"trust.shared_aliases.{at}.schools",
                message=f'"{unknown}" is no school of this file.',
                mend="Use the id of a school.",
            )


def _terms(settings: Settings) -> Iterator[Problem]:
    trust = settings.trust
    places: list[tuple[str, str, Iterable[str]]] = [
        ("trust.toml", "trust.aliases", trust.aliases),
        ("trust.toml", "trust.hashtags", trust.hashtags),
    ]
    for at, school in enumerate(trust.schools):
        places.append(("trust.toml", f"trust.schools.{at}.aliases", school.aliases))
        places.append(("trust.toml", f"trust.schools.{at}.hashtags", school.hashtags))
    for at, source in enumerate(settings.sources):
        places.append(("sources.toml", f"sources.{at}.terms", source.terms))
    for file, key, terms in places:
        for term in terms:
            yield from _term(file, key, term, trust)


def _term(file: str, key: str, term: str, trust: Trust) -> Iterator[Problem]:
    if len(term.strip(" #@")) < SHORTEST_TERM:
        yield Problem(
            file=file,
            key=key,
            message=f'"{term}" is too short to mean one school.',
            mend=f"Use at least {SHORTEST_TERM} letters.",
        )
    elif looks_like_a_person(term) and not names_a_school(term, trust):
        yield Problem(
            file=file,
            key=key,
            message=f'"{term}" reads as the name of a person.',
            mend="The product watches the Trust and its schools, never a person: drop it.",
        )


def _sources(settings: Settings) -> Iterator[Problem]:
    known = {school.id for school in settings.trust.schools}
    for at, source in enumerate(settings.sources):
        if source.school is not None and source.school not in known:
            yield Problem(
                file="sources.toml",
                key=f"sources.{at}.school",
                message=f'"{source.school}" is no school of trust.toml.',
                mend="Use the id of a school, or leave it out.",
            )
        for entry in source.allow:
            if not _HOST_PORT.fullmatch(entry):
                yield Problem(
                    file="sources.toml",
                    key=f"sources.{at}.allow",
                    message=f'"{entry}" is not one host and port.',
                    mend='Write exactly "host:port", such as "intranet.example:8080".',
                )


def _digest_hour(settings: Settings) -> Iterator[Problem]:
    hour = settings.clock.digest_at
    if not _HOUR.fullmatch(hour) or hour.startswith("01"):
        yield Problem(
            file="settings.toml",
            key="clock.digest_at",
            message=f'"{hour}" is no usable hour.',
            mend="Write HH:MM outside 01:00 to 02:00, which daylight saving repeats.",
        )
