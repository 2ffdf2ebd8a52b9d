"""What the national register lets us propose: schools by what they are called or where they
stand, what else people call them, their places, and feeds to be looked at.

`known` is the register that is asked: the shipped one, or the department's own download.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from config.national import RegisterSchool
from config.terms import words
from config.trust import School, Trust
from config.trust_checks import trust_faults
from monitor.setup.answers import Answers
from monitor.setup.national import plain

MOST_FOUND = 40
Known = Sequence[RegisterSchool]
MIN_INITIALS = 4
"""Fewer stand for too much."""
_ENDS = ("school", "academy", "college")
_FOUNDATION = re.compile(
    r"(?i) (?:c ?of ?e|ce|church of england|r\.?c\.?|(?:roman )?catholic|va|vc|\([^)]*\))(?= |$)"
)
"""Whose foundation a school is, which people leave out."""


def search(known: Known, written: str, *, most: int = MOST_FOUND) -> list[RegisterSchool]:
    """Schools that have, for every word, one that begins so in name, place, postcode, authority
    or URN; those whose name begins so first."""
    wanted = plain(written).split()
    if not wanted:
        return []
    found = [one for one in known if all(f" {word}" in _haystack(one) for word in wanted)]
    first = wanted[0]
    found.sort(key=lambda one: (not plain(one.name).startswith(first), one.name, one.urn))
    return found[:most]


def by_urn(known: Known, urns: Iterable[str]) -> list[RegisterSchool]:
    """Those of the register, in the order asked; unknown numbers are left out."""
    numbers = {one.urn: one for one in known}
    return [numbers[urn] for urn in dict.fromkeys(urns) if urn in numbers]


def _haystack(one: RegisterSchool) -> str:
    parts = (one.name, one.town, one.locality, one.la, one.postcode, one.postcode.replace(" ", ""))
    return f" {plain(' '.join((*parts, one.urn, *one.former_names)))}"


def trust(answers: Answers, known: Known) -> Trust:
    """The trust as proposed: names that would be refused, or that two schools share, are left
    out, so that what is written can be read; so is what somebody wants left out."""
    chosen = by_urn(known, answers.schools)
    ids = _ids(chosen)
    schools = [_school(one, ids[one.urn], answers.left_out) for one in chosen]
    places = dict.fromkeys(place for one in schools for place in (one.town, one.locality) if place)
    name = answers.trust or "Our trust"
    aliases = dict.fromkeys((*answers.other_names, *_trust_aliases(answers.trust)))
    made = Trust(
        id=_slug(name),
        name=name,
        aliases=tuple(one for one in aliases if one not in answers.left_out),
        domains=tuple(filter(None, [_host(answers.website)])),
        places=tuple(one for one in places if one not in answers.left_out),
        schools=tuple(schools),
    )
    return _without_refused(made)


def names_and_places(answers: Answers, known: Known) -> list[str]:
    """All that is proposed beside official names, also what is to be left out."""
    made = trust(answers.with_(left_out=()), known)
    names = [*made.aliases, *(name for one in made.schools for name in one.aliases)]
    return list(dict.fromkeys((*names, *made.places)))


def refused(answers: Answers, known: Known) -> list[str]:
    """Why names that somebody typed are not taken, a person's above all, in sentences."""
    if not answers.schools or not answers.other_names:
        return []
    made = trust(answers.with_(other_names=()), known)
    typed = made.model_copy(update={"aliases": answers.other_names})
    return [
        f"“{answers.other_names[int(fault.path[-1])]}” {fault.message}. {fault.mend}."
        for fault in trust_faults(typed)
        if fault.path[0] == "aliases"
    ]


def _trust_aliases(name: str) -> Iterator[str]:
    """ "The Fair Hill Learning Trust": "Fair Hill Learning Trust" and "FHLT"."""
    if (bare := _bare(name)) != name:
        yield bare
    initials = "".join(word[0] for word in bare.split() if word[0].isupper())
    if len(initials) >= MIN_INITIALS:
        yield initials


def _ids(schools: Iterable[RegisterSchool]) -> dict[str, str]:
    """A readable id for each; the URN ends those that would be the same."""
    ids: dict[str, str] = {}
    for one in schools:
        short = _slug(_bare(one.name))
        ids[one.urn] = short if short not in ids.values() else f"{short[:50]}-{one.urn}"
    return ids


def _school(one: RegisterSchool, school_id: str, left_out: tuple[str, ...]) -> School:
    phase = one.phase if one.phase in ("P", "S", "S6", "PS", "PS6", "N", "6", "16") else ""
    return School(
        id=school_id,
        name=one.name,
        urn=one.urn,
        town=one.town,
        locality=one.locality,
        postcode=one.postcode,
        la=one.la,
        phase=phase,
        website=one.website,
        aliases=tuple(name for name in _aliases(one.name) if name not in left_out),
        former_names=tuple(name for name in one.former_names if name != one.name),
    )


def _aliases(name: str) -> Iterator[str]:
    """ "The Hill CofE Primary School": "Hill CofE Primary School", "Hill CofE Primary", "Hill
    Primary School" and "Hill Primary"."""
    for full in dict.fromkeys((_bare(name), _bare(_FOUNDATION.sub("", name)))):
        if full != name:
            yield full
        head, _, last = full.rpartition(" ")
        if last.lower() in _ENDS and " " in head:
            yield head


def _bare(name: str) -> str:
    return name[4:] if name.lower().startswith("the ") else name


def _slug(name: str) -> str:
    return "-".join(words(name))[:60].strip("-") or "school"


def _host(website: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", website.strip().lower()).split("/")[0]


def _without_refused(made: Trust) -> Trust:
    """Aliases that the checks of trust.toml refuse are not proposed."""
    for _ in range(len(made.schools) * 6 + 10):
        fault = next((one for one in trust_faults(made) if _is_list(one.path)), None)
        if fault is None:
            return made
        made = _dropped(made, fault.path)
    return made


def _is_list(path: tuple[str | int, ...]) -> bool:
    return len(path) >= 2 and path[-2] in ("aliases", "former_names", "hashtags")


def _dropped(made: Trust, path: tuple[str | int, ...]) -> Trust:
    key, at = str(path[-2]), int(path[-1])
    if path[0] != "schools":
        return made.model_copy(update={key: _less(getattr(made, key), at)})
    number = int(path[1])
    school = made.schools[number]
    changed = school.model_copy(update={key: _less(getattr(school, key), at)})
    schools = (*made.schools[:number], changed, *made.schools[number + 1 :])
    return made.model_copy(update={"schools": schools})


def _less(names: tuple[str, ...], at: int) -> tuple[str, ...]:
    return (*names[:at], *names[at + 1 :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source that is proposed: nothing is known of the address but that sites of this kind
    often have one there. It is off until somebody has opened it."""

    source_id: str
    name: str
    url: str
    school_id: str = ""


def feeds(answers: Answers, known: Known) -> list[Feed]:
    """The news pages of the trust's and the schools' own sites."""
    made = trust(answers, known)
    found = []
    if host := _host(answers.website):
        found.append(Feed(source_id="trust-site", name="The Trust’s own news", url=_feed(host)))
    for school in made.schools:
        if host := _host(school.website):
            name = f"{school.name}: news"
            source = f"{school.id[:55]}-site"
            url = _feed(school.website.lower().removeprefix("http://").removeprefix("https://"))
            found.append(Feed(source_id=source, name=name, url=url, school_id=school.id))
    return found


def _feed(host: str) -> str:
    return f"https://{host.split('/')[0]}/feed/"


def unknown(known: Known, urns: Iterable[str]) -> list[str]:
    """Numbers that no school of the register has."""
    numbers = {one.urn for one in known}
    return [urn for urn in urns if urn not in numbers]
