"""About how many pupils fit what a text says: the anonymity set, as a number people can read.

An estimate from the school's roll, the size of a year or a form, and how often a first name
was given in the years the pupils were born; it explains a grade and never lowers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from classifiers.pupil.signals import SignalKind
from classifiers.types import Reason
from config.national import FirstName

_BIRTHS_2006_2020 = 10_200_000
"""Births in England and Wales in the fifteen years that the name counts cover (ONS)."""

_ROLL = 600
"""Pupils of a school whose roll is not known."""

_YEAR_SHARE = 1 / 7
_FORM = 30
_TEAM = 16
_SHARES: Mapping[SignalKind, float] = {
    "ROLE": 0.0,
    "DESCRIPTOR": 0.02,
    "KIN": 0.1,
    "AGE": 1 / 7,
    "SENSITIVE": 0.1,
}
"""Part of the pupils that such an attribute leaves."""


def about(
    kinds: Iterable[SignalKind],
    given: str | None,
    first_names: Mapping[str, FirstName],
    *,
    roll: int | None = None,
) -> float:
    """Estimated number of pupils who fit, at least 1; `given` is a lower-case first name."""
    present = set(kinds)
    count = float(roll or _ROLL)
    if "YEAR" in present:
        count *= _YEAR_SHARE
    if "FORM" in present:
        count = min(count, _FORM)
    if "TEAM" in present:
        count = min(count, _TEAM)
    for kind, share in _SHARES.items():
        if kind in present:
            count *= share
    if given is not None:
        known = first_names.get(given)
        count *= max(known.births_2006_2020 if known else 0, 3) / _BIRTHS_2006_2020
    return max(1.0, count)


def reason(
    kinds: Iterable[SignalKind],
    given: str | None,
    first_names: Mapping[str, FirstName],
    *,
    roll: int | None = None,
) -> Reason:
    """The estimate in words; its weight is zero, since it explains and does not decide."""
    count = round(about(kinds, given, first_names, roll=roll))
    words = "about 1 pupil fits" if count == 1 else f"about {count} pupils fit"
    return Reason(name=words, weight=0.0, detail="estimated from year size and births by name")
