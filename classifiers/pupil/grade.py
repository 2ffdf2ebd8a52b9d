"""From signals to a grade (policy 6.10): the greatest rule that holds, so that one more
signal can never lower it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from classifiers.pupil.signals import Signal, SignalKind
from classifiers.types import PUPIL_LEVELS, PupilLevel

_NAMES = frozenset({"FIRST_NAME", "NICKNAME", "INITIALS", "SURNAME"})
_PLACES_IN_SCHOOL = frozenset({"YEAR", "FORM", "TEAM"})
_CONTACTS = frozenset({"HANDLE", "PHONE", "EMAIL", "ADDRESS", "DOB"})


class Rule(NamedTuple):
    """Holds when one signal of each group is present."""

    level: PupilLevel
    why: str
    groups: tuple[frozenset[str], ...]


def _rule(level: PupilLevel, why: str, *groups: frozenset[str] | set[str] | str) -> Rule:
    return Rule(level, why, tuple(frozenset({g} if isinstance(g, str) else g) for g in groups))


_DETAIL = {"YEAR", "FORM", "TEAM", "AGE", "SENSITIVE", "INCIDENT", "ROLE", "DESCRIPTOR"}

RULES: tuple[Rule, ...] = (
    _rule("direct", "a pupil's full name", "FULL_NAME"),
    _rule("direct", "a unique pupil number", "UPN"),
    _rule("direct", "a pupil's contact, address or date of birth", _CONTACTS),
    _rule("indirect", "a name with a year, form or team", _NAMES, _PLACES_IN_SCHOOL),
    _rule("indirect", "a name with an age", _NAMES, "AGE"),
    _rule("indirect", "a name with a role", _NAMES, "ROLE"),
    _rule("indirect", "a name and the school", _NAMES, "SCHOOL"),
    _rule("indirect", "a role that one pupil holds", "ROLE", "SCHOOL"),
    _rule("indirect", "a role that one pupil holds", "ROLE", _PLACES_IN_SCHOOL),
    _rule("indirect", "a description with a year, form or team", "DESCRIPTOR", _PLACES_IN_SCHOOL),
    _rule("indirect", "a description and the school", "DESCRIPTOR", "SCHOOL"),
    _rule("indirect", "one's own child with detail, and the school", "KIN", "SCHOOL", _DETAIL),
    _rule("indirect", "one's own child with form or team", "KIN", {"FORM", "TEAM"}),
    _rule("indirect", "one's own child with year and detail", "KIN", "YEAR", _DETAIL - {"YEAR"}),
    _rule(
        "indirect", "a child's age and what happened", "AGE", "INCIDENT", {"SCHOOL", "SCHOOL_LIFE"}
    ),
    _rule("indirect", "a child of an age, and the school", "AGE", "CHILD", "SCHOOL"),
    _rule("class", "a year, form or team", _PLACES_IN_SCHOOL),
)


def holding(signals: Iterable[Signal]) -> tuple[Rule, ...]:
    """Every rule that holds, in the order of RULES."""
    kinds: set[SignalKind] = {signal.kind for signal in signals}
    return tuple(rule for rule in RULES if all(kinds & group for group in rule.groups))


def level(rules: Iterable[Rule]) -> PupilLevel:
    """The gravest level of the rules that hold."""
    return max((rule.level for rule in rules), key=PUPIL_LEVELS.index, default="none")
