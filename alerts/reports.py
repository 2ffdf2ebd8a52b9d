"""Who is told of what people report, whatever the classifiers make of it.

Staff take an attempt at contact and inappropriate content to the headteacher (policy 6.5-6.6,
6.16), what was seen on the premises must reach a teacher (7.6), what was seen on a school's
computer and what is blocked by mistake is for IT (8.3, 8.4), and bullying goes along the chain
of the Anti-Bullying Policy (9.2). Only that there is a report goes by mail, never what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from alerts import routing, words
from alerts.duty import Duty
from alerts.routing import Call
from alerts.types import Notice, Role
from classifiers.types import Assessment
from config.trust import Trust

Reporter = Literal["pupil", "parent", "staff", "other"]
ReportKind = Literal["contact", "bullying", "content", "block", "unblock", "other"]
Doer = Literal["unknown", "pupil", "staff", "head", "outside"]
"""Who did it, as the reporter says."""

KINDS: dict[ReportKind, str] = {
    "contact": "an attempt at contact",
    "bullying": "bullying online",
    "content": "inappropriate content",
    "block": "something to block",
    "unblock": "something blocked by mistake",
    "other": "something else that worries them",
}
_Duty = tuple[Role, str, tuple[str, ...]]
_CALLED: dict[ReportKind, tuple[_Duty, ...]] = {
    "contact": (
        ("safeguarding_lead", "An attempt at contact may put a child at risk", ("6.5", "9.2")),
        ("headteacher", "An attempt at contact is reported to the headteacher", ("6.5", "6.6")),
    ),
    "bullying": (
        ("safeguarding_lead", "Bullying is reported along the chain of the policy", ("9.2",)),
        ("headteacher", "The headteacher manages what happens at the school", ("1.4", "9.2")),
    ),
    "content": (
        ("headteacher", "Inappropriate content is reported to the headteacher", ("6.16",)),
    ),
    "block": (("it", "IT blocks what should not be reached", ("8.3",)),),
    "unblock": (("it", "Anybody may ask IT for what is blocked by mistake", ("8.4",)),),
    "other": (
        ("safeguarding_lead", "What worries somebody is looked at by the lead first", ("4.1",)),
    ),
}
CLAUSES: dict[ReportKind, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(clause for _, _, clauses in duties for clause in clauses))
    for kind, duties in _CALLED.items()
}
"""What of the policy each kind touches."""
_ON_PREMISES: _Duty = (
    "headteacher",
    "It was seen on the premises, so the school must know",
    ("7.6",),
)
_ON_COMPUTER: _Duty = (
    "it",
    "It was seen on a school's computer, so that it can be blocked",
    ("8.3",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a report says of itself, without a word of its text."""

    kind: ReportKind
    doer: Doer = "unknown"
    on_premises: bool = False
    school_computer: bool = False


def notices(
    reported: Reported,
    mention_id: int,
    story_id: int,
    assessment: Assessment,
    *,
    trust: Trust,
    duty: Duty,
    told: Collection[str] = (),
) -> tuple[Notice, ...]:
    """One for each person to be told, first told first; nobody who was `told` (by address, in
    lower case) of the same story."""
    plan = routing.seated(_calls(reported), assessment, trust, duty)
    return tuple(
        Notice(
            dedupe_key=_key(story_id, one.recipient),
            role=one.roles[0],
            school_id=one.school_id,
            recipient=one.recipient,
            channel="smtp",
            mention_id=mention_id,
            why=one.why,
            clauses=one.clauses,
            urgency="immediate",
            disclosure="link_only",
            order=one.order,
            occasion="report",
            news=f"Somebody has reported {KINDS[reported.kind]}.",
            about=KINDS[reported.kind],
        )
        for one in plan.told
        if one.recipient.casefold() not in told
    )


def _calls(reported: Reported) -> Iterator[Call]:
    duties = [*_CALLED[reported.kind]]
    if reported.on_premises:
        duties.append(_ON_PREMISES)
    if reported.school_computer and reported.kind != "unblock":
        duties.append(_ON_COMPUTER)
    if reported.doer == "head":
        duties.insert(0, ("chair", "It may concern the head, who is not told", ("1.1", "9.2")))
    for role, why, clauses in duties:
        # Order 0: where a seat is empty, its stand-in is told.
        yield Call(
            role=role, order=0, disclosure="link_only", why=words.sentence(why), clauses=clauses
        )


def _key(story_id: int, recipient: str) -> str:
    digest = blake2b(recipient.casefold().encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{story_id}:report:{digest.hexdigest()}"
