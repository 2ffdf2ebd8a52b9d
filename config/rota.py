"""Who is reachable when, and what must hold between those values: rota.toml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from config.base import Hours, MailAddress, Model, Name
from config.errors import Fault, KeyPath
from config.policy import Condition

DigestEvery = Literal["daily", "weekly", "never"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Days(Model):
    """A stretch of days, first and last included."""

    since: date
    until: date


class Quiet(Model):
    """When only what cannot wait is told; the rest follows when the hours are over."""

    hours: Hours = ""
    weekends: StrictBool = False
    """True: Saturday and Sunday are quiet all day."""
    broken_by: tuple[Condition, ...] = ()
    """Any of these is told at once all the same, as everything critical is."""


class Digests(Model):
    """How often headteachers have their digest, and whom a reply to one reaches."""

    every: DigestEvery = "daily"
    weekly_on: WeekdayName = "monday"
    reply_to: MailAddress = ""
    """A person's; empty: the Head of PR & Communications."""


class Person(Model):
    """What is known of one person's reachability, by mail address."""

    who: Annotated[MailAddress, Field(min_length=1)]
    deputy: MailAddress = ""
    """Told in their place while they are away."""
    quiet: Hours | None = None
    """Instead of everybody's hours."""
    digest: DigestEvery | None = None
    """Instead of everybody's choice."""
    away: tuple[Days, ...] = ()


class Holiday(Days):
    """A school holiday: the Trust's safeguarding lead is told beside the schools' own."""

    name: Name


class Closure(Days):
    """Days on which schools are shut: posts that say no more than that page nobody."""

    name: Name
    schools: tuple[str, ...] = ()
    """Ids; empty: all of them."""


class Rota(Model):
    """Who is reachable when. What follows from it is in `alerts.duty`."""

    quiet: Quiet = Quiet()
    digests: Digests = Digests()
    people: tuple[Person, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    closures: tuple[Closure, ...] = ()


def rota_faults(rota: Rota, schools: frozenset[str] | None = None) -> Iterator[Fault]:
    """What must hold between the values; `schools` are the ids there are, None where the list of
    them is itself wrong."""
    seen: set[str] = set()
    for at, person in enumerate(rota.people):
        who = person.who.casefold()
        if who in seen:
            yield Fault(("people", at, "who"), "stands twice", "Join the two entries")
        seen.add(who)
        if person.deputy.casefold() == who:
            mend = "Name somebody else, or leave it out"
            yield Fault(("people", at, "deputy"), "is the same person", mend)
        for number, days in enumerate(person.away):
            yield from _order_faults(days, ("people", at, "away", number))
    for at, holiday in enumerate(rota.holidays):
        yield from _order_faults(holiday, ("holidays", at))
    for at, closure in enumerate(rota.closures):
        yield from _order_faults(closure, ("closures", at))
        if schools is not None and not schools.issuperset(closure.schools):
            mend = "Write ids of trust.toml, or leave it out for all schools"
            yield Fault(("closures", at, "schools"), "names a school that is not there", mend)


def _order_faults(days: Days, path: KeyPath) -> Iterator[Fault]:
    if days.until < days.since:
        yield Fault((*path, "until"), "is before its beginning", "Exchange the two days")
