"""What must hold between the parts of the playbook: each function gives the faults it finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.clauses import CLAUSES
from config.errors import Fault, KeyPath
from config.policy import Policy

NO_CLAUSE = "is no clause of the policy"
MEND_CLAUSE = 'Write a number such as "9.8", or "intent"'


def playbook_faults(policy: Policy) -> Iterator[Fault]:
    yield from _steps(policy)
    yield from _clauses("playbook", [one.clauses for one in policy.playbook])
    yield from _clauses("letters", [one.clauses for one in policy.letters])
    yield from _twice("playbook", [one.id for one in policy.playbook])
    yield from _twice("letters", [one.id for one in policy.letters])
    yield from _twice("platforms", [one.id for one in policy.platforms])
    yield from _twice("helplines", [one.id for one in policy.helplines])
    yield from _twice("clocks", [one.level for one in policy.clocks], "level")
    for at, clock in enumerate(policy.clocks):
        if clock.action < clock.seen:
            mend = "Give more time to act than to look"
            yield Fault(("clocks", at, "action"), "is over before it must be seen", mend)
        if clock.closed is not None and clock.closed < clock.action:
            mend = "Give more time to close a case than to begin it"
            yield Fault(("clocks", at, "closed"), "is over before its first step", mend)


def _steps(policy: Policy) -> Iterator[Fault]:
    known = {letter.id for letter in policy.letters}
    for at, step in enumerate(policy.playbook):
        path: KeyPath = ("playbook", at)
        for place, letter in enumerate(step.letters):
            if letter not in known:
                mend = "Add it under [[letters]], or take it out here"
                yield Fault((*path, "letters", place), "is no letter there is", mend)
        if (step.kind == "question") != (step.question is not None):
            mend = 'Give both: kind = "question" and what is asked, as question = "police"'
            yield Fault((*path, "kind"), "and the question do not fit each other", mend)


def _clauses(key: str, cited: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    for at, clauses in enumerate(cited):
        for place, clause in enumerate(clauses):
            if clause not in CLAUSES:
                yield Fault((key, at, "clauses", place), NO_CLAUSE, MEND_CLAUSE)


def _twice(key: str, ids: Sequence[str], name: str = "id") -> Iterator[Fault]:
    for at, one in enumerate(ids):
        if one in ids[:at]:
            yield Fault((key, at, name), "is there already", "Choose another")
