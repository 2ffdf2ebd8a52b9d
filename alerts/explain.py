"""Why a mention is so grave, and who somebody is to whom it is told, in words."""

from __future__ import annotations

from collections.abc import Mapping

from alerts import words
from alerts.routing import Told, Untold
from alerts.types import Disclosure
from classifiers.severity import deciding_rule
from classifiers.types import SEVERITIES, Assessment
from config.policy import Policy
from config.trust import Trust

SPREAD = "Much is said of it, or of the school, at once; so it counts as one level graver."
DISCLOSURE: Mapping[Disclosure, str] = {
    "masked_excerpt": "a masked excerpt",
    "link_only": "school, kind, clause and link only",
}


def head(assessment: Assessment, trust: Trust) -> str:
    """ "Critical: possible threat (Edith Pennick School, certain)"."""
    links = (
        f"{words.school_name(link.school_id, trust)}, {words.certainty(link)}"
        for link in assessment.schools
    )
    schools = "; ".join(links) or "no school named"
    return f"{words.SEVERITY[assessment.severity]}: {words.kind(assessment)} ({schools})"


def because(assessment: Assessment, policy: Policy) -> str:
    """Why it is so grave: the reason of the rule of policy.toml that decided, or that its story
    has spread; empty when it is of no severity."""
    rule = deciding_rule(policy.severity, assessment)
    judged = rule.level if rule else "none"
    if SEVERITIES.index(assessment.severity) > SEVERITIES.index(judged):
        return SPREAD
    return rule.because if rule else ""


def seat(one: Told | Untold, trust: Trust) -> str:
    """The role, and the school whose role it is, without the person's address."""
    roles = one.roles if isinstance(one, Told) else (one.role,)
    name = words.listed([words.ROLES[role] for role in roles])
    return f"{name}, {words.school_name(one.school_id, trust)}" if one.school_id else name
