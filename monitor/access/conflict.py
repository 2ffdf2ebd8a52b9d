"""Conflicts of interest: a story about one of the console's own people is hidden from them and
goes along the executive's road (policy 1.1, 1.4).

Whom a text names is found by the names and handles of people.toml, which are asked of no source
and searched for nowhere outside: here alone, to keep somebody from what is about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b

from alerts.duty import Duty
from classifiers.text import fold, joined
from config.people import Member, People
from config.trust import School, Trust
from monitor.context import Context
from monitor.store import conflicts
from monitor.store.database import Tx

TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev")
AT_ONCE = 500
"""Stored mentions that are looked through in one transaction."""


def named(people: People, text: str) -> frozenset[str]:
    """The subjects of the people whom a text names: by a whole name, by a title or an initial and
    the surname, by what else they are called, or by a handle."""
    folded = fold(text)
    handles = {one.casefold() for one in re.findall(r"@([\w.-]*\w)", text)}
    return frozenset(
        one.subject
        for one in people.people
        if any(name in folded or f"{name[:-1]}s " in folded for name in _names(one))
        or any(handle.lstrip("@").casefold() in handles for handle in one.handles)
    )


@cache
def _names(member: Member) -> tuple[str, ...]:
    """As folded text has them, with a space at both ends."""
    first, *rest = member.name.split()
    names = [member.name, *member.also_called]
    if rest:
        names += [f"{before} {rest[-1]}" for before in (*TITLES, first[0])]
    return tuple(folded for name in names if (folded := fold(name)).strip())


def heeding(tx: Tx, duty: Duty, trust: Trust, story_id: int) -> Duty:
    """The duty as it is for one story: whom it names are told nothing of it."""
    return barring(duty, trust, conflicts.named(tx, story_id))


def barring(duty: Duty, trust: Trust, subjects: frozenset[str]) -> Duty:
    """The duty without these of the people."""
    return replace(duty, barred=addresses(duty.people, subjects, trust))


def addresses(people: People, subjects: frozenset[str], trust: Trust) -> frozenset[str]:
    """Where these people are told by mail (case-folded): where people.toml says so, else at every
    seat that could be theirs by their roles."""
    theirs = (one for one in people.people if one.subject in subjects)
    return frozenset(address for one in theirs for address in _addresses(one, trust))


def at(people: People, address: str, trust: Trust) -> frozenset[str]:
    """The subjects of the people who may read what is sent to an address."""
    folded = address.casefold()
    return frozenset(one.subject for one in people.people if folded in set(_addresses(one, trust)))


def _addresses(member: Member, trust: Trust) -> Iterator[str]:
    seats = [member.mail] if member.mail else _seats(member, trust)
    return (address.casefold() for address in seats if address)


def _seats(member: Member, trust: Trust) -> Iterator[str]:
    contacts, roles = trust.contacts, member.roles
    if "pr" in roles:
        yield from (contacts.head_of_pr, contacts.deputy_head_of_pr)
    if "executive" in roles:
        yield contacts.executive
    if "safeguarding" in roles and member.whole_trust:
        yield contacts.safeguarding_lead
    for school in filter(None, map(trust.school, member.schools)):
        yield from _school_seats(member, school)


def _school_seats(member: Member, school: School) -> Iterator[str]:
    contacts = school.contacts
    if "headteacher" in member.roles:
        yield contacts.headteacher
    if "safeguarding" in member.roles:
        yield from (contacts.safeguarding_lead, contacts.deputy_safeguarding_lead)


def look_through(ctx: Context) -> int:
    """Look in what is stored for people who are new in people.toml, or called otherwise now; the
    number of mentions looked through."""
    people = ctx.people()
    digests = {one.subject: _digest(one) for one in people.people}
    with ctx.store.read() as tx:
        is_new = conflicts.known_names(tx) != digests
        if not is_new and not conflicts.unread(tx, 1)[1]:
            return 0
    with ctx.store.begin() as tx:
        conflicts.begin(tx, digests)
        down_to, found = conflicts.unread(tx, AT_ONCE)
        for number, title, text in found:
            wanted = conflicts.waiting(tx, number)
            conflicts.put_for(tx, number, wanted, named(people, joined(title, text)) & wanted)
        conflicts.note_read(tx, down_to)
    return len(found)


def _digest(member: Member) -> str:
    names: Iterable[str] = (member.name, *member.also_called, "@", *member.handles)
    return blake2b("\0".join(names).encode(), digest_size=8).hexdigest()
