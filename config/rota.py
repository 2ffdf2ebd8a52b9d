"""What must hold between the values of rota.toml."""

from __future__ import annotations

from collections.abc import Iterator

from config.errors import Fault, KeyPath
from config.settings import Days, Rota


def rota_faults(rota: Rota) -> Iterator[Fault]:
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


def _order_faults(days: Days, path: KeyPath) -> Iterator[Fault]:
    if days.until < days.since:
        yield Fault((*path, "until"), "is before its beginning", "Exchange the two days")
