"""What a mention's page says of the people at work on it, and of its story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request

from monitor import triage
from monitor.store import claims, decisions, regroup
from monitor.store.claims import Claim
from monitor.store.regroup import Regrouping
from monitor.store.views import DecisionView, MentionDetail
from monitor.web.deps import Console
from monitor.web.viewer import DECIDERS, looking

CLAIMED = ("open", "watch", "set_aside")
"""States in which somebody who opens a mention is about to decide on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    claim: Claim | None = None
    is_mine: bool = True
    seconds: int = 0
    """That the claim still holds."""
    until: datetime | None = None
    """When it comes back from being watched."""
    regrouping: Regrouping | None = None
    """What was last done by hand to its story."""
    why: Mapping[int, str] = field(default_factory=dict)
    """Why each of the other posts is in its story."""
    leads: bool = True
    is_in_turn: bool = False
    """One works through the queue, one after the other ..."""
    done: DecisionView | None = None
    """... and has just decided this."""


def of(request: Request, console: Console, detail: MentionDetail) -> Reviewing:
    """Opening a mention that waits claims it for who may decide."""
    viewer, now = looking(request), console.clock()
    claim = None
    if viewer.may(DECIDERS) and detail.state in CLAIMED:
        claim = triage.look(console.store, detail.mention_id, by=viewer.name, now=now)
    number, others = detail.mention_id, [one.mention_id for one in detail.story]
    story = detail.story_id if viewer.scope.is_whole else None
    with console.store.read() as tx:
        return Reviewing(
            claim=claim,
            is_mine=claim is None or claim.holder == viewer.name,
            seconds=int((claim.until - now).total_seconds()) if claim else 0,
            until=claims.watched_until(tx, [number]).get(number),
            regrouping=regroup.last(tx, story) if story else None,
            why=regroup.why(tx, story, number, others) if story and others else {},
            leads=story is None or regroup.leads(tx, story, number),
            is_in_turn="next" in request.query_params,
            done=decisions.just_taken(tx, viewer.scope, request.query_params.get("done", "")),
        )
