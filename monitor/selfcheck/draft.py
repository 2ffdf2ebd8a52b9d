"""From what a person wrote to what is searched for: each part accepted and named, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from config.trust import School, Trust
from monitor.selfcheck import identity
from monitor.selfcheck.identity import Refused, Variant
from monitor.selfcheck.names import Name
from monitor.selfcheck.person import Person

TakenT = TypeVar("TakenT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the person wrote of themselves; nothing of it is believed before it is confirmed."""

    role: str = ""
    subject: str = ""
    also: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Whom the search would be for. `variants` wait for the person's word that they are theirs;
    `refused` says of everything else why not."""

    person: Person
    variants: tuple[Variant, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.person.name, *(one.written for one in self.variants))


def drafted(
    name: str, schools: Iterable[School], details: Details, *, colleagues: Iterable[str]
) -> Draft:
    """The person of a verified name at these schools, with what they wrote of themselves."""
    others = [other for other in colleagues if other != name]
    verified, refused = Name(name), []

    def taken(written: Iterable[str], take: Callable[[str], TakenT], most: int) -> list[TakenT]:
        found: list[TakenT] = []
        for one in dict.fromkeys(one.strip() for one in written if one.strip()):
            try:
                found.append(take(one))
            except Refused as error:
                refused.append(str(error))
        if len(found) > most:
            refused.append(f"At most {most} of a kind are searched for: the first {most} are kept.")
        return found[:most]

    also = taken(
        details.also, lambda one: identity.variant(one, verified, others), identity.MOST_VARIANTS
    )
    also = _few_former(also, refused)
    names = [Name(one.written) for one in also]
    handles = taken(
        details.handles,
        lambda one: identity.handle(one, verified, names, others),
        identity.MOST_HANDLES,
    )
    words = taken(details.words, lambda one: identity.own_words(one, verified), identity.MOST_WORDS)
    work = taken((details.role, details.subject), lambda one: identity.own_words(one, verified), 2)
    places = list(schools)
    person = Person(
        name=name,
        schools=tuple(school.name for school in places),
        towns=tuple(dict.fromkeys(school.town for school in places if school.town)),
        role=details.role.strip() if details.role.strip() in work else "",
        subject=details.subject.strip() if details.subject.strip() in work else "",
        also=tuple(one.written for one in also),
        handles=tuple(one.written for one in handles),
        words=tuple(words),
        sites=_sites(places),
    )
    return Draft(person=person, variants=(*also, *handles), refused=tuple(refused))


def schools_of(trust: Trust, ids: Iterable[str] | None) -> tuple[School, ...]:
    """Somebody's own schools; none for those who are for the whole Trust, whose schools' names
    would tell nobody apart."""
    wanted = frozenset(ids or ())
    return tuple(school for school in trust.schools if school.id in wanted)


def _few_former(also: list[Variant], refused: list[str]) -> list[Variant]:
    former = [one for one in also if one.why == "former surname"]
    for one in former[identity.MOST_FORMER :]:
        refused.append(
            f"“{one.written}”: at most {identity.MOST_FORMER} former surnames are searched for."
        )
    return [one for one in also if one not in former[identity.MOST_FORMER :]]


def _sites(schools: Iterable[School]) -> tuple[str, ...]:
    bare = (school.website.partition("://")[2] or school.website for school in schools)
    hosts = (one.split("/")[0].removeprefix("www.").casefold() for one in bare)
    return tuple(dict.fromkeys(host for host in hosts if host))
