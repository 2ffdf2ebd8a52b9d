"""What follows when nobody acknowledges, and what a story that grows is called.

Chains come from policy.toml. The rules of `alerts.routing` hold here as well: nobody is told
of an allegation about themselves, and matters of children go as a link only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts import routing, words
from alerts.bursts import Burst
from alerts.duty import Duty
from alerts.routing import Call, Plan
from alerts.types import Notice
from classifiers.types import SEVERITIES, Assessment, Severity
from config.policy import Escalation, Grouping, Policy, Step
from config.trust import Trust


def chain(assessment: Assessment, policy: Policy) -> Escalation | None:
    """The chain that holds for an assessment; None when there is none."""
    for one in policy.escalation:
        grave = SEVERITIES.index(assessment.severity) >= SEVERITIES.index(one.min_severity)
        if grave and routing.any_holds(one.when, assessment):
            return one
    return None


def next_at(
    assessment: Assessment, policy: Policy, *, step: int, told_at: datetime, duty: Duty
) -> datetime | None:
    """When the chain's step (0 for the first) is due; None when the chain has no such step.

    For what may wait, the clock stands still in everybody's quiet hours.
    """
    found = chain(assessment, policy)
    if found is None or step >= len(found.steps):
        return None
    due = told_at + found.steps[step].after
    return due if duty.is_pressing(assessment) else replace(duty, now=due).not_before("")


def step_plan(assessment: Assessment, step: Step, trust: Trust, duty: Duty) -> Plan:
    """Whom a step of a chain reaches."""
    withheld = routing.is_withheld(assessment)
    calls = (
        Call(
            role=role,
            order=0,
            disclosure="link_only" if withheld else "masked_excerpt",
            why="Those who were told before you have not answered.",
            clauses=("1.1", "9.2"),
        )
        for role in step.tell
    )
    return routing.seated(calls, assessment, trust, duty)


def step_notices(
    mention_id: int,
    story_id: int,
    assessment: Assessment,
    plan: Plan,
    *,
    step: int,
    waited: timedelta,
) -> tuple[Notice, ...]:
    """The notices of one step; its number is in the key, so that each is told once."""
    news = f"Nobody has answered for {words.span(waited)}."
    return tuple(
        replace(
            routing.notice(
                told,
                f"{routing.key(story_id, assessment.severity, told.recipient)}:step{step + 1}",
                mention_id,
            ),
            occasion="unanswered",
            news=news,
        )
        for told in plan.told
    )


def growth(size: int, places: int) -> str:
    """What the thread of a growing story says."""
    return f"Now {words.count(size, 'post')} in {words.count(places, 'place')}."


def busy(place: str, burst: Burst) -> str:
    """What is said of a day that is far from a school's habit."""
    usual = "none or one is" if burst.usual < 1 else f"about {round(burst.usual)} are"
    return f"{burst.count} matters about {place} today, where {usual} usual."


def thread_notice(first: Notice, news: str, suffix: str) -> Notice:
    """What is added to the thread of somebody who was told already; `suffix` makes its key."""
    key = f"{first.dedupe_key}:{suffix}"
    return replace(first, dedupe_key=key, occasion="grown", news=news)


def spreads(grouping: Grouping, *, size: int, places: int) -> bool:
    """True when a story has gone so far that it counts as graver."""
    return size >= grouping.raises_at and places >= grouping.platforms


def raised(severity: Severity) -> Severity:
    """One level graver; what is no matter at all stays so."""
    level = SEVERITIES.index(severity)
    return SEVERITIES[min(level + 1, len(SEVERITIES) - 1)] if level else severity
