"""Who holds a role for an assessment: the people of certain schools, and the Trust's own.

A school that is only possible has nobody here: its people are not told of what may concern
another school.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.types import Role
from classifiers.types import Assessment
from config.trust import School, Trust

SCHOOL_ROLES: frozenset[Role] = frozenset(
    {"headteacher", "safeguarding_lead", "deputy_safeguarding_lead"}
)

_STAND_INS: dict[Role, tuple[Role, ...]] = {
    "safeguarding_lead": ("safeguarding_lead",),
    "deputy_safeguarding_lead": ("safeguarding_lead",),
    "deputy_head_of_pr": ("executive",),
    "headteacher": ("executive", "chair"),
    "chair": ("executive",),
    "executive": ("chair",),
}
_HELD: dict[Role, str] = {
    "safeguarding_lead": "school's safeguarding lead",
    "deputy_safeguarding_lead": "school's deputy safeguarding lead",
    "deputy_head_of_pr": "Deputy Head of PR",
    "headteacher": "headteacher",
    "chair": "chair",
    "executive": "Executive Team",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A role at a school (None: the Trust). An empty address means nobody can be told."""

    role: Role
    school_id: str | None
    address: str
    note: str = ""
    """Why this seat and not the one that was called, or why it is empty."""


def certain_schools(assessment: Assessment, trust: Trust) -> tuple[School, ...]:
    """The enabled schools that the text is certainly about, in the order of their links."""
    return _linked(assessment, trust, certainty="certain")


def possible_schools(assessment: Assessment, trust: Trust) -> tuple[School, ...]:
    """The enabled schools that the text is only possibly about."""
    return _linked(assessment, trust, certainty="possible")


def _linked(assessment: Assessment, trust: Trust, *, certainty: str) -> tuple[School, ...]:
    enabled = {school.id: school for school in trust.enabled_schools}
    ids = [link.school_id for link in assessment.schools if link.certainty == certainty]
    return tuple(enabled[school_id] for school_id in ids if school_id in enabled)


def holders(
    role: Role, certain: Sequence[School], trust: Trust, barred: frozenset[str] = frozenset()
) -> list[Seat]:
    """The seats a call of `role` means, empty ones included; at least one.

    A seat whose address is in `barred` (case-folded) counts as empty.
    """
    if role not in SCHOOL_ROLES:
        return [_trust_seat(role, trust, barred)]
    if not certain:
        return [Seat(role=role, school_id=None, address="", note="No school is certain.")]
    return [_school_seat(role, school, barred) for school in certain]


def _trust_seat(role: Role, trust: Trust, barred: frozenset[str], note: str = "") -> Seat:
    address = str(getattr(trust.contacts, role)).strip()
    lack = _lack(address, barred, "No address is set.")
    return Seat(role=role, school_id=None, address="" if lack else address, note=lack or note)


def _school_seat(role: Role, school: School, barred: frozenset[str]) -> Seat:
    address = str(getattr(school.contacts, role)).strip()
    lack = _lack(address, barred, f"No address is set at {school.name}.")
    deputy = school.contacts.deputy_safeguarding_lead.strip()
    if lack and role == "safeguarding_lead" and not _lack(deputy, barred, "none"):
        note = f"The deputy safeguarding lead of {school.name} is told. {lack}"
        return Seat(role=role, school_id=school.id, address=deputy, note=note)
    return Seat(role=role, school_id=school.id, address="" if lack else address, note=lack)


def _lack(address: str, barred: frozenset[str], if_blank: str) -> str:
    """Why nobody can be told at this address; empty when somebody can."""
    if address.casefold() in barred:
        return "The address is that of somebody whom the post may be about."
    return "" if address else if_blank


def stand_in(role: Role, empty: Seat, trust: Trust, barred: frozenset[str] = frozenset()) -> Seat:
    """Who has the first duty where its own seat is empty; `empty` again when nobody has.

    A safeguarding lead's falls to the Trust's, that of PR's deputy to the executive; the
    headteacher's, the chair's and the executive's fall to one another above the school.
    """
    for other in _STAND_INS.get(role, ()):
        note = f"You are told in place of the {_HELD[role]}. {empty.note}"
        seat = _trust_seat(other, trust, barred, note)
        if seat.address:
            return seat
    return empty


def heads(assessment: Assessment, trust: Trust) -> frozenset[str]:
    """Addresses (case-folded) of the heads whom a post about a head may mean.

    Those of every school it may be about, unsure ones included; of all schools when it
    names none.
    """
    linked = certain_schools(assessment, trust) + possible_schools(assessment, trust)
    addresses = (school.contacts.headteacher.strip() for school in linked or trust.enabled_schools)
    return frozenset(address.casefold() for address in addresses if address)
