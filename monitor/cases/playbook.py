"""The steps of the policy that a case calls for, in the policy's order, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from classifiers.types import SEVERITIES
from config.playbook import CaseCondition, PlaybookStep
from config.policy import Policy
from monitor.store.casefile import CaseFile, Entry

StepState = Literal["open", "done", "skipped"]
WELFARE_LABELS = frozenset({"self_harm", "sexual"})
WELFARE_LEVELS = frozenset({"indirect", "direct"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A step with the entry that settled it, where one did."""

    step: PlaybookStep
    entry: Entry | None
    due_at: datetime | None

    @property
    def state(self) -> StepState:
        if self.entry is None:
            return "open"
        return "skipped" if self.entry.kind == "step_skipped" else "done"

    def is_late(self, now: datetime) -> bool:
        return self.state == "open" and self.due_at is not None and self.due_at < now


def is_safeguarding(case: CaseFile) -> bool:
    """A pupil may be at risk or could be identified (policy 2.1, 4.1, 6.10)."""
    return not WELFARE_LABELS.isdisjoint(case.labels) or not WELFARE_LEVELS.isdisjoint(case.pupil)


def offered(case: CaseFile, policy: Policy) -> tuple[Offered, ...]:
    """What the policy offers for the case as it stands, and whatever was done of it before."""
    found: list[Offered] = []
    for step in policy.playbook:
        entry = _settled(step, case)
        if entry is not None or applies(step, case):
            due = case.opened_at + step.within if step.within else None
            found.append(Offered(step=step, entry=entry, due_at=due))
    return tuple(found)


def applies(step: PlaybookStep, case: CaseFile) -> bool:
    """True when any of the step's conditions holds, or none is given."""
    return not step.when or any(_holds(one, case) for one in step.when)


def _holds(when: CaseCondition, case: CaseFile) -> bool:
    return (
        _any(when.labels, case.labels)
        and _any(when.pupil, case.pupil)
        and _any(when.allegation, case.allegations)
        and _any(when.doer, (case.doer,))
        and SEVERITIES.index(case.severity) >= SEVERITIES.index(when.min_severity)
        and when.safeguarding in (None, is_safeguarding(case))
    )


def _any(wanted: Iterable[str], there: Iterable[str]) -> bool:
    names = frozenset(wanted)
    return not names or not names.isdisjoint(there)


def _settled(step: PlaybookStep, case: CaseFile) -> Entry | None:
    """The entry that did or skipped the step: its own, or what the step is done with."""
    own = case.steps.get(step.id)
    if own is not None:
        return own
    if step.kind == "question":
        return case.decided.get(step.question or "")
    if step.kind == "hand_over":
        return case.handed_over
    if step.kind == "evidence":
        return case.last_receipt
    if step.kind == "take_down" and case.take_downs:
        return case.entry(case.take_downs[0].number)
    return None


def next_open(steps: Iterable[Offered]) -> Offered | None:
    """What to do next: the open step that is due first; else the first of those without a time."""
    left = [one for one in steps if one.state == "open"]
    timed = [one for one in left if one.due_at]
    if timed:
        return min(timed, key=lambda one: (one.due_at is None, one.due_at))
    return left[0] if left else None
