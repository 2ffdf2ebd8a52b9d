"""What reviewers' decisions teach about which school is meant, and where labels are flagged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from classifiers.learning.links import Refit, Verdict
from classifiers.learning.thresholds import Choice, Said, choose
from classifiers.types import LABELS, Label, SchoolLink
from config.policy import Policy
from monitor.store.judged import JudgedLabel, JudgedMention

LEAST_VERDICTS = 40
LEAST_EACH = 8
"""Right and wrong links that there must be: one kind alone teaches nothing."""


def verdicts(judged: Sequence[JudgedMention]) -> list[Verdict]:
    """Links that a decision says were right or wrong.

    "Not about us" says that every link was wrong; any other decision that the link was right,
    where there was only one.
    """
    return [
        Verdict(reasons=link.reasons, is_meant=one.outcome != "not_about_us")
        for one in judged
        if one.outcome is not None
        for link in _told_of(one)
    ]


def _told_of(one: JudgedMention) -> tuple[SchoolLink, ...]:
    links = one.assessment.schools
    return links if one.outcome == "not_about_us" or len(links) == 1 else ()


def missing(found: Sequence[Verdict]) -> str:
    """What must be decided before anything can be learnt; empty when there is enough."""
    right = sum(verdict.is_meant for verdict in found)
    short = max(LEAST_VERDICTS - len(found), LEAST_EACH - right, LEAST_EACH - (len(found) - right))
    if short <= 0:
        return ""
    return (
        f"{len(found)} links were decided on, {right} right and {len(found) - right} wrong; "
        f"at least {LEAST_VERDICTS} with {LEAST_EACH} of each are needed."
    )


def changes(result: Refit, start: Mapping[str, float]) -> Iterator[tuple[str, float, float]]:
    """Terms whose weight moved (term, before, after), the furthest first."""
    moved = [(term, start[term], after) for term, after in result.terms.items()]
    moved.sort(key=lambda change: (-abs(change[2] - change[1]), change[0]))
    return (change for change in moved if round(change[1], 2) != round(change[2], 2))


def thresholds(
    said: Sequence[JudgedLabel], policy: Policy
) -> Iterator[tuple[Label, float, Choice]]:
    """(label, threshold in use, what the verdicts speak for); labels with too few are left out."""
    for label in LABELS:
        in_use = policy.labels[label].threshold
        found = [
            Said(probability=one.probability, holds=one.holds) for one in said if one.label == label
        ]
        if choice := choose(found, in_use, most=_ceiling(policy, label)):
            yield label, in_use, choice


def _ceiling(policy: Policy, label: Label) -> float:
    """A condition's `at_least` may not lie under the threshold of a label that it names."""
    conditions = [rule.when for rule in policy.severity]
    conditions += [one for route in policy.routes for one in route.when]
    conditions += [one for chain in policy.escalation for one in chain.when]
    return min(
        (
            one.at_least
            for one in conditions
            if one.at_least is not None and label in (one.any_label or LABELS)
        ),
        default=1.0,
    )
