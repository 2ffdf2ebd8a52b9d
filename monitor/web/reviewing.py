"""What a mention's page says of the people at work on it, and of its story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastapi import Request

from monitor import likeness, triage
from monitor.likeness import Memory
from monitor.schedule import LONDON
from monitor.store import claims, decisions, recalls, regroup, remarks, response_clocks, welfare
from monitor.store.claims import Claim
from monitor.store.database import Tx
from monitor.store.regroup import Regrouping
from monitor.store.remarks import Remark
from monitor.store.response_clocks import StoryClock
from monitor.store.views import DecisionView, DeliveryView, MentionDetail
from monitor.store.welfare import Welfare
from monitor.web.deps import Console
from monitor.web.others import Others, others_like
from monitor.web.viewer import DECIDERS, Viewer, looking

GRAVE = frozenset({"threat", "hate", "sexual", "self_harm"})
CLAIMED = ("open", "watch", "set_aside")
"""States in which somebody who opens a mention is about to decide on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    claim: Claim | None = None
    is_mine: bool = True
    seconds: int = 0
    """That the claim still holds."""
    told: Mapping[int, tuple[DeliveryView, ...]] = field(default_factory=dict)
    """By decision that was taken back: who had been told by it."""
    until: datetime | None = None
    """When it comes back from being watched."""
    clock: StoryClock | None = None
    """By when it is to be seen or decided on, while it waits."""
    regrouping: Regrouping | None = None
    """What was last done by hand to its story."""
    why: Mapping[int, str] = field(default_factory=dict)
    """Why each of the other posts is in its story."""
    leads: bool = True
    remarks: tuple[Remark, ...] = ()
    people: tuple[str, ...] = ()
    """Colleagues whom one may write to."""
    welfare: Welfare = field(default_factory=Welfare)
    memory: Memory = field(default_factory=Memory)
    """Stories like this one, and what was decided on them."""
    others: Others | None = None
    """What else may not be about us, where this is not."""
    is_in_turn: bool = False
    """One works through the queue, one after the other ..."""
    done: DecisionView | None = None
    """... and has just decided this."""


def of(request: Request, console: Console, detail: MentionDetail) -> Reviewing:
    """Opening a mention that waits claims it for who may decide."""
    viewer, now = looking(request), console.clock()
    claim = None
    with console.store.begin() as tx:
        if viewer.may(DECIDERS) and detail.state in CLAIMED:
            claim = triage.look_in(tx, detail.mention_id, by=viewer.name, now=now)
        own = _look(tx, viewer, detail, now)
    number, others = detail.mention_id, [one.mention_id for one in detail.story]
    story = detail.story_id if viewer.scope.is_whole else None
    with console.store.read() as tx:
        return Reviewing(
            claim=claim,
            is_mine=claim is None or claim.holder == viewer.name,
            seconds=int((claim.until - now).total_seconds()) if claim else 0,
            until=claims.watched_until(tx, [number]).get(number),
            clock=_clock(tx, detail),
            told=recalls.gone(tx, [one.decision_id for one in detail.decisions if one.undone_at]),
            regrouping=regroup.last(tx, story) if story else None,
            why=regroup.why(tx, story, number, others) if story and others else {},
            remarks=remarks.of_mention(tx, number),
            people=remarks.people(tx),
            welfare=own,
            memory=_memory(tx, viewer, detail),
            others=_others(tx, console, viewer, detail),
            leads=story is None or regroup.leads(tx, story, number),
            is_in_turn="next" in request.query_params,
            done=decisions.just_taken(tx, viewer.scope, request.query_params.get("done", "")),
        )


def _clock(tx: Tx, detail: MentionDetail) -> StoryClock | None:
    if detail.state != "open" or detail.story_id is None:
        return None
    return response_clocks.of_stories(tx, [detail.story_id]).get(detail.story_id)


def _others(tx: Tx, console: Console, viewer: Viewer, detail: MentionDetail) -> Others | None:
    standing = next((one for one in detail.decisions if not one.undone_at), None)
    if standing is None or standing.outcome != "not_about_us":
        return None
    return others_like(tx, viewer.scope, detail, console.trust)


def _memory(tx: Tx, viewer: Viewer, detail: MentionDetail) -> Memory:
    judged = detail.assessment
    if judged is None:
        return Memory()
    return likeness.recall(
        tx,
        viewer.scope,
        detail.mention_id,
        story_id=detail.story_id,
        labels=judged.flags,
        schools=[link.school_id for link in judged.schools],
    )


def veils(tx: Tx, viewer: Viewer, now: datetime) -> Callable[[str, tuple[str, ...]], bool]:
    """Whether a text is veiled for who is looking, by its severity and its flags."""
    own = welfare.of(tx, viewer.name, now.astimezone(LONDON).date())
    return lambda severity, flags: own.is_veiled and is_grave(severity, flags)


def is_grave(severity: str, flags: tuple[str, ...]) -> bool:
    """Whether a text is veiled for those who want that."""
    return severity in ("high", "critical") and not GRAVE.isdisjoint(flags)


def _look(tx: Tx, viewer: Viewer, detail: MentionDetail, now: datetime) -> Welfare:
    """Note that somebody has seen what colleagues wrote to them, and count what is grave."""
    today = now.astimezone(LONDON).date()
    judged = detail.assessment
    remarks.note_seen(tx, detail.mention_id, viewer.name, now)
    own = welfare.of(tx, viewer.name, today)
    if judged is not None and is_grave(judged.severity, judged.flags):
        own = replace(own, seen=own.seen + 1)
        welfare.keep(tx, viewer.name, own, today)
    return own
