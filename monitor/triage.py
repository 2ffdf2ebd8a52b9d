"""Working through the queue together: claiming, leaving to others, regrouping, escalating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from alerts import briefs, routing
from alerts.duty import Duty
from alerts.routing import Call
from alerts.types import Notice, Role
from classifiers.types import SEVERITIES, Assessment, Severity
from config.trust import Trust
from monitor import clocks
from monitor.access import conflict
from monitor.store import (
    alarms,
    audit,
    blocks,
    claims,
    deliveries,
    recalls,
    regroup,
    response_clocks,
    stories,
)
from monitor.store.claims import Claim
from monitor.store.database import Store, Tx
from monitor.store.views import MentionDetail, OutboxItem

EscalateTo = Literal[
    "headteacher", "safeguarding_lead", "executive", "it_block", "it_unblock", "legal"
]

BLOCKING: Mapping[EscalateTo, blocks.Kind] = {"it_block": "block", "it_unblock": "unblock"}
ESCALATED: Severity = "high"
"""A person asks for a person today: it counts as so grave at least."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where something is escalated to. Without a role nobody is told by the service."""

    words: str
    role: Role | None
    why: str
    clauses: tuple[str, ...]


DESKS: Mapping[EscalateTo, Desk] = {
    "headteacher": Desk("the headteacher", "headteacher", "Escalated to you", ("9.2",)),
    "safeguarding_lead": Desk(
        "the safeguarding lead", "safeguarding_lead", "Escalated to you", ("2.1", "4.1")
    ),
    "executive": Desk("the Executive Team", "executive", "Escalated to you", ("1.1",)),
    "it_block": Desk("IT, to block it in school", "it", "Asked to be blocked", ("8.3",)),
    "it_unblock": Desk(
        "IT, to unblock it; say who approved it", "it", "Asked to be unblocked", ("8.4",)
    ),
    "legal": Desk("legal advice, which you ask for yourself", None, "", ()),
}


def look(store: Store, mention_id: int, *, by: str, now: datetime) -> Claim:
    """Claim what one opens, unless somebody else looks at it; whose it is."""
    with store.begin() as tx:
        return look_in(tx, mention_id, by=by, now=now)


def look_in(tx: Tx, mention_id: int, *, by: str, now: datetime) -> Claim:
    """The same, beside what else is noted of the look."""
    clocks.look(tx, mention_id, now)
    return claims.take(tx, mention_id, by=by, now=now)


def take_over(store: Store, mention_id: int, *, by: str, now: datetime) -> None:
    with store.begin() as tx:
        held = claims.of_mention(tx, mention_id, now)
        claims.take(tx, mention_id, by=by, now=now, over=True)
        if held is not None and held.holder != by:
            subject = f"mention {mention_id}, from {held.holder}"
            audit.append(tx, actor=by, action="claim.taken_over", subject=subject, now=now)


def skip(store: Store, mention_id: int, *, by: str, now: datetime) -> None:
    """Leave it to others: it does not come straight back."""
    with store.begin() as tx:
        claims.skip(tx, mention_id, by=by, now=now)


def wake(store: Store, now: datetime) -> int:
    """Bring back what was watched until now; the number that came back."""
    with store.begin() as tx:
        return claims.wake(tx, now)


def split(store: Store, mention_id: int, *, by: str, now: datetime) -> int | None:
    """Let a post stand alone; the action's id, None where it cannot be split off."""
    with store.begin() as tx:
        story_id = stories.of_mention(tx, mention_id)
        action = regroup.split(tx, mention_id, by=by, now=now)
        own = stories.of_mention(tx, mention_id)
        if action and story_id and own:
            response_clocks.split(tx, story_id, own, now)
            _note(tx, by, "story.split", f"mention {mention_id}", now)
        return action


def merge(store: Store, into: int, story_id: int, *, by: str, now: datetime) -> int | None:
    """Make two stories one. Who does so has seen both: nobody else is called for the second, whose
    alert is answered by it, also when the merging is taken back. The first goes its way."""
    with store.begin() as tx:
        action = regroup.merge(tx, into, story_id, by=by, now=now)
        if action:
            response_clocks.merge(tx, into, story_id)
            if alarms.acknowledge(tx, story_id, by=by, now=now):
                _note(tx, by, "alarm.acknowledged", f"story {story_id}, by merging", now)
            _note(tx, by, "story.merged", f"story {story_id} into {into}", now)
        return action


def undo_regrouping(store: Store, action_id: int, *, by: str, now: datetime) -> bool:
    with store.begin() as tx:
        undone = regroup.undo(tx, action_id, now=now)
        if undone:
            _note(tx, by, "story.regrouping_undone", f"regrouping {action_id}", now)
        return undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Whom to tell of a mention, and by whose seats and rota."""

    to: EscalateTo
    trust: Trust
    duty: Duty
    approver: str = ""
    """Who decided on access, where something is to be unblocked."""


def tell(
    tx: Tx, detail: MentionDetail, escalation: Escalation, decision_id: int
) -> tuple[str, ...]:
    """Let whom it is escalated to be told, by delivery rows; why somebody cannot be told."""
    desk, trust, duty = DESKS[escalation.to], escalation.trust, escalation.duty
    if desk.role is None or detail.assessment is None:
        return ()
    if detail.story_id is not None:
        duty = conflict.heeding(tx, duty, trust, detail.story_id)
    call = Call(
        role=desk.role, order=0, disclosure="link_only", why=f"{desk.why}.", clauses=desk.clauses
    )
    plan = routing.seated([call], detail.assessment, trust, duty)
    for told in plan.told:
        digest = blake2b(told.recipient.casefold().encode(), digest_size=8).hexdigest()
        notice = routing.notice(told, recalls.key_of(decision_id, digest), detail.mention_id)
        _enqueue(tx, notice, detail, duty.now, duty.now)
        # The mail wakes nobody; what rings keeps the quiet hours of who is told.
        is_pressing = duty.is_pressing(detail.assessment)
        rings_at = duty.now if is_pressing else duty.not_before(told.recipient)
        for one in _by_other_channels(notice, detail.assessment, duty, decision_id):
            _enqueue(tx, one, detail, rings_at, duty.now)
    return tuple(one.why for one in plan.untold)


def _by_other_channels(
    notice: Notice, assessment: Assessment, duty: Duty, decision_id: int
) -> Iterator[Notice]:
    """What a person's other channels tell of an escalation."""
    severity = max(assessment.severity, ESCALATED, key=SEVERITIES.index)
    for one in briefs.also([notice], severity, duty.channels):
        yield replace(one, dedupe_key=recalls.key_of(decision_id, f"@{one.channel}"))


def _enqueue(tx: Tx, notice: Notice, detail: MentionDetail, at: datetime, now: datetime) -> None:
    item = OutboxItem(
        key=notice.dedupe_key,
        story_id=detail.story_id,
        channel=notice.channel,
        recipient=notice.recipient,
        not_before=at,
        severity=detail.assessment.severity if detail.assessment else ESCALATED,
        notice=notice,
    )
    deliveries.enqueue(tx, item, now=now)


def _note(tx: Tx, actor: str, action: str, subject: str, now: datetime) -> None:
    audit.append(tx, actor=actor, action=action, subject=subject, now=now)
