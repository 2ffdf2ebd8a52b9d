"""Who would be told of a mention and why, in lines for a person to read."""

from __future__ import annotations

from collections.abc import Iterator

from alerts import routing, words
from alerts.routing import Plan, Told, Untold
from classifiers.severity import deciding_rule
from classifiers.types import SEVERITIES, Assessment
from config.policy import Policy
from config.trust import Trust

SPREAD = "Much is said of it, or of the school, at once; so it counts as one level graver."
_DISCLOSURE = {
    "masked_excerpt": "a masked excerpt",
    "link_only": "school, kind, clause and link only",
}


def lines(assessment: Assessment, trust: Trust, policy: Policy) -> tuple[str, ...]:
    """For `monitor route --explain`: one line a person, first told first, then who is not."""
    plan = routing.plan(assessment, trust, policy)
    head = (
        f"{words.SEVERITY[assessment.severity]}: {words.kind(assessment)}"
        f" ({_schools(assessment, trust)})"
    )
    if not plan.told and not plan.untold:
        return (head, "Nobody is told at once; it waits in the review queue.")
    return (head, *_told_lines(plan, trust), *_untold_lines(plan, trust))


def because(assessment: Assessment, policy: Policy) -> str:
    """Why it is so grave: the reason of the rule of policy.toml that decided, or that its story
    has spread; empty when it is of no severity."""
    rule = deciding_rule(policy.severity, assessment)
    judged = rule.level if rule else "none"
    if SEVERITIES.index(assessment.severity) > SEVERITIES.index(judged):
        return SPREAD
    return rule.because if rule else ""


def _schools(assessment: Assessment, trust: Trust) -> str:
    links = (
        f"{words.school_name(link.school_id, trust)}, {words.certainty(link)}"
        for link in assessment.schools
    )
    return "; ".join(links) or "no school named"


def _told_lines(plan: Plan, trust: Trust) -> Iterator[str]:
    for place, told in enumerate(plan.told, start=1):
        clauses = words.clauses(told.clauses)
        yield (
            f"{place}. {seat(told, trust)} <{told.recipient}>: {_DISCLOSURE[told.disclosure]}."
            f" {told.why}{f' ({clauses})' if clauses else ''}"
        )


def _untold_lines(plan: Plan, trust: Trust) -> Iterator[str]:
    for untold in plan.untold:
        yield f"Not told: {seat(untold, trust)}. {untold.why}"


def seat(one: Told | Untold, trust: Trust) -> str:
    """The role, and the school whose role it is, without the person's address."""
    roles = one.roles if isinstance(one, Told) else (one.role,)
    name = words.listed([words.ROLES[role] for role in roles])
    return f"{name}, {words.school_name(one.school_id, trust)}" if one.school_id else name
