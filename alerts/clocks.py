"""Response clocks: how soon something is to be seen, done and closed, and who is told when that
has passed (policy 1.1, 1.4, 9.2). How soon, and who, says policy.toml under [[clocks]]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from alerts import routing, words
from alerts.duty import Duty
from alerts.routing import Call, Plan
from alerts.types import Notice
from classifiers.types import Assessment, Severity
from config.playbook import Clock
from config.policy import Policy
from config.trust import Trust

Mark = Literal["seen", "action", "closed"]
"""The first look; a decision, or the first step of a case; the end of a case."""
WHY = "A response clock of the policy has passed."
CLAUSES = ("1.1", "1.4", "9.2")
REMINDED = timedelta(hours=1)
"""Who was told within this that nobody answers is not told again that a clock has passed."""


def of_severity(severity: Severity, policy: Policy) -> Clock | None:
    """How soon such a matter is to be seen to; None when it may wait."""
    return next((one for one in policy.clocks if one.level == severity), None)


def of_story(assessment: Assessment, policy: Policy, duty: Duty) -> Mapping[Mark, datetime]:
    """By when a mention collected at `duty.now` is to be seen and decided on."""
    clock = of_severity(assessment.severity, policy)
    if clock is None:
        return {}
    is_pressing = duty.is_pressing(assessment)
    return {
        "seen": _due(clock.seen, duty, is_pressing=is_pressing),
        "action": _due(clock.action, duty, is_pressing=is_pressing),
    }


def of_case(
    severity: Severity, policy: Policy, duty: Duty, *, has_begun: bool
) -> Mapping[Mark, datetime]:
    """By when a case opened at `duty.now` is to have its first step and its end; what is critical
    does not wait for the morning."""
    clock = of_severity(severity, policy)
    if clock is None:
        return {}
    is_pressing = severity == "critical"
    found: dict[Mark, datetime] = {}
    if not has_begun:
        found["action"] = _due(clock.action, duty, is_pressing=is_pressing)
    if clock.closed is not None:
        found["closed"] = _due(clock.closed, duty, is_pressing=is_pressing)
    return found


def _due(span: timedelta, duty: Duty, *, is_pressing: bool) -> datetime:
    return duty.now + span if is_pressing else duty.after(span)


def notices(
    subject: str,
    mark: Mark,
    mention_id: int,
    assessment: Assessment,
    trust: Trust,
    policy: Policy,
    duty: Duty,
    *,
    case_id: int | None = None,
) -> tuple[Notice, ...]:
    """Who is told that a clock has passed; `subject` ("17" for a story, "case4") makes the keys,
    so that each is told once."""
    clock = of_severity(assessment.severity, policy)
    if clock is None:
        return ()
    said = passed(mark, clock, case_id)
    told = plan(assessment, trust, policy, duty, of_case=case_id is not None).told
    return tuple(
        replace(
            routing.notice(one, _key(subject, assessment, one.recipient, mark), mention_id),
            occasion="late",
            news=said,
            case_id=case_id,
        )
        for one in told
    )


def plan(
    assessment: Assessment, trust: Trust, policy: Policy, duty: Duty, *, of_case: bool = False
) -> Plan:
    """Whom a clock that has passed reaches; nobody about whom it may be (`routing.seated`)."""
    clock = of_severity(assessment.severity, policy)
    withheld = routing.is_withheld(assessment) or of_case
    calls = (
        Call(
            role=role,
            order=0,
            disclosure="link_only" if withheld else "masked_excerpt",
            why=WHY,
            clauses=CLAUSES,
        )
        for role in (clock.tell if clock else ())
    )
    return routing.seated(calls, assessment, trust, duty)


def _key(subject: str, assessment: Assessment, recipient: str, mark: Mark) -> str:
    _, _, rest = routing.key(0, assessment.severity, recipient).partition(":")
    return f"{subject}:{rest}:late-{mark}"


def passed(mark: Mark, clock: Clock, case_id: int | None) -> str:
    """ "Nobody has looked at this within 4 hours." """
    if mark == "closed":
        return f"Case {case_id} was to be closed within {words.span(clock.closed or clock.action)}."
    within = words.span(clock.seen if mark == "seen" else clock.action)
    if case_id is not None:
        return f"No step was taken in case {case_id} within {within}."
    did = "looked at this" if mark == "seen" else "decided on this"
    return f"Nobody has {did} within {within}."


def waits(mark: Mark, kind: str, case_id: int | None, *, is_late: bool) -> str:
    """What a clock stands for, in a line that names nobody; `kind` as `words.kind` says it."""
    if case_id is not None:
        end = "be closed" if mark == "closed" else "have its first step"
        return f"Case {case_id} {'was' if is_late else 'is'} to {end}"
    matter = kind[:1].upper() + kind[1:]
    if is_late:
        return f"{matter}: nobody has {'looked at' if mark == 'seen' else 'decided on'} it"
    return f"{matter}: to be {'seen' if mark == 'seen' else 'decided on'}"
