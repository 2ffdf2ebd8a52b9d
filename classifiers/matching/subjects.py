"""What a text can be linked to: each enabled school of the Trust, and the Trust itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifiers.matching.forms import folded
from config.trust import School, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`near` are its town and locality, folded; `outward` the first half of its postcode."""

    id: str
    name: str
    kind: Literal["school", "trust"]
    near: frozenset[str] = frozenset()
    authority: str = ""
    outward: str = ""
    phase: str = ""
    faith: bool = False
    core: str = ""

    @property
    def takes_juniors(self) -> bool:
        return self.phase.startswith(("P", "N")) or not self.phase

    @property
    def takes_seniors(self) -> bool:
        return "S" in self.phase or "6" in self.phase or not self.phase


def subjects(trust: Trust) -> tuple[Subject, ...]:
    """The Trust first, then its enabled schools in their order."""
    return (
        Subject(
            id=trust.id, name=trust.name, kind="trust", near=frozenset(map(folded, trust.places))
        ),
        *(_school(school) for school in trust.enabled_schools),
    )


def _school(school: School) -> Subject:
    near = frozenset(folded(place) for place in (school.town, school.locality) if place)
    name = folded(school.name)
    return Subject(
        id=school.id,
        name=school.name,
        kind="school",
        near=near,
        authority=folded(school.la),
        outward=school.postcode.split(" ")[0].lower(),
        phase=school.phase,
        faith="cofe" in name or "catholic" in name,
    )
