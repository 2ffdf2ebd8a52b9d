"""Closing a case: what an outcome needs, and what would be left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from alerts import words
from config.policy import Policy
from monitor.cases import playbook
from monitor.store.casefile import CaseFile

CaseOutcome = Literal["upheld", "settled", "not_upheld", "handed_over", "exhausted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case may end; what it needs is asked for, and nothing else is."""

    id: CaseOutcome
    words: str
    meaning: str
    needs_reason: bool = False
    needs_evidence: bool = False
    needs_receipt: bool = False
    needs_answers: bool = False
    """Questions that the playbook asks are answered or skipped: the police, the LADO."""


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        id="upheld",
        words="Upheld",
        meaning="It broke the policy or the platform's terms, as people found.",
        needs_reason=True,
        needs_evidence=True,
        needs_answers=True,
    ),
    Outcome(
        id="settled",
        words="Settled",
        meaning="It was removed, or those concerned have come to an end with it.",
        needs_answers=True,
    ),
    Outcome(
        id="handed_over",
        words="Handed over",
        meaning="The school's child-protection system has it; here it is kept for a short time.",
        needs_receipt=True,
    ),
    Outcome(
        id="exhausted",
        words="Nothing more can be done",
        meaning="Every road was tried, and it is still there.",
        needs_reason=True,
        needs_answers=True,
    ),
    Outcome(
        id="not_upheld",
        words="Not upheld",
        meaning="Lawful criticism, a mistake, or nothing to it.",
    ),
)
BY_ID = {one.id: one for one in OUTCOMES}


def problems(
    case: CaseFile, policy: Policy, outcome: CaseOutcome, *, reason: str, without_evidence: str
) -> Iterator[tuple[str, str]]:
    """What is missing to close so: the field, and a sentence."""
    wanted = BY_ID[outcome]
    if wanted.needs_reason and not reason.strip():
        yield "reason", f"“{wanted.words}” needs a reason: whoever reads the record asks for it."
    if wanted.needs_evidence and not has_evidence(case, policy) and not without_evidence.strip():
        yield (
            "without_evidence",
            "No evidence was saved (policy 9.4). Save it first, or say why there is none.",
        )
    if wanted.needs_receipt and case.handed_over is None:
        yield "outcome", "Nobody has taken it over yet: record who did, when and its reference."
    if wanted.needs_answers:
        for one in _unanswered(case, policy):
            yield "outcome", f"This is still to be answered, or skipped with a reason: {one}"


def has_evidence(case: CaseFile, policy: Policy) -> bool:
    """Evidence is kept, or the step that asks for it was done by hand."""
    done = [
        one
        for one in playbook.offered(case, policy)
        if one.step.kind == "evidence" and one.state == "done"
    ]
    return bool(case.evidence or done)


def _unanswered(case: CaseFile, policy: Policy) -> Iterator[str]:
    for one in playbook.offered(case, policy):
        if one.step.kind == "question" and one.state == "open":
            yield one.step.title


def remaining(case: CaseFile, policy: Policy) -> tuple[str, ...]:
    """What would be left open, in sentences; said before closing and kept with it."""
    left = [
        f"Step not done: {one.step.title} ({words.clauses(one.step.clauses)})"
        for one in playbook.offered(case, policy)
        if one.state == "open"
    ]
    left += [f"Task not done: {one.facts['what']}" for one in case.open_tasks]
    left += [f"No end yet of the report to {one.platform}" for one in case.open_take_downs]
    return tuple(left)
