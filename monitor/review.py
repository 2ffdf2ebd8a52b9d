"""What a person does with a mention: look, ask for names, decide, undo. Each is on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from classifiers.types import Label
from monitor import alarms, clocks, triage
from monitor.cases import casework
from monitor.store import audit, blocks, claims, decisions, mentions, openings, recalls, verdicts
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING, Scope
from monitor.store.views import MentionDetail, Outcome, QueueState
from monitor.triage import Escalation

Again = Literal["turn", "same", "danger", "case", "other"]
AGAIN: Mapping[Again, str] = {
    "turn": "It is my turn: it came up in the queue",
    "same": "The same matter goes on",
    "danger": "Somebody may be in danger",
    "case": "A case is open about it",
    "other": "Another reason",
}
"""Why somebody opens one author's posts again."""


def open_mention(
    store: Store, scope: Scope, mention_id: int, *, by: str, now: datetime
) -> MentionDetail | None:
    """The mention with all that is known of it; the look itself is recorded."""
    with store.begin() as tx:
        detail = mentions.detail(tx, scope, mention_id)
        if detail is not None:
            openings.note(tx, mention_id, by, now)
            _note(tx, by=by, action="mention.viewed", mention_id=mention_id, now=now)
        return detail


def asks_why(store: Store, mention_id: int, *, by: str, now: datetime) -> bool:
    """Whether somebody is to say first why they open one author's posts again and again."""
    with store.read() as tx:
        return openings.asks_why(tx, mention_id, by, now)


def may_open(store: Store, mention_id: int, *, by: str, now: datetime) -> bool:
    """Note that somebody opens it; False where they are to say first why."""
    with store.begin() as tx:
        if openings.asks_why(tx, mention_id, by, now):
            return False
        openings.note(tx, mention_id, by, now)
        return True


def open_again(
    store: Store, mention_id: int, why: Again, said: str, *, by: str, now: datetime
) -> None:
    """Record why somebody opens it all the same. What they write stands beside the mention and
    goes with it; the record holds the kind of reason alone."""
    with store.begin() as tx:
        openings.note(tx, mention_id, by, now, reason=said or AGAIN[why])
        subject = f"mention {mention_id}: {AGAIN[why].lower()}"
        audit.append(tx, actor=by, action="mention.opened_again", subject=subject, now=now)


def reveal(
    store: Store, scope: Scope, mention_id: int, *, by: str, now: datetime
) -> MentionDetail | None:
    """The mention, to be shown with names unmasked; asking is recorded (policy 6.10)."""
    with store.begin() as tx:
        detail = mentions.detail(tx, scope, mention_id)
        if detail is None:
            return None
        _note(tx, by=by, action="mention.names_revealed", mention_id=mention_id, now=now)
        return mentions.named(tx, detail)


def decide(
    store: Store,
    mention_id: int,
    outcome: Outcome,
    note: str,
    *,
    seen: QueueState,
    by: str,
    now: datetime,
    case_id: int | None = None,
    until: datetime | None = None,
    escalation: Escalation | None = None,
    together: bool = False,
) -> int | None:
    """Record a decision; its id, for undo. None when somebody else was quicker: the mention no
    longer stands as it was `seen`, and nothing is recorded.

    "open_case" opens a case, or adds the mention to `case_id`. What is watched comes back
    `until` then. An `escalation` tells somebody. `together`: one of many. Raises UnknownCase.
    """
    with store.begin() as tx:
        decision_id = decisions.record(
            tx, mention_id, outcome, note, seen=seen, by=by, now=now, together=together
        )
        if decision_id is not None:
            detail = mentions.detail(tx, EVERYTHING, mention_id)
            if outcome == "open_case" and detail:
                casework.open_for(
                    tx, detail, decision_id=decision_id, case_id=case_id, by=by, now=now
                )
            if escalation is not None and detail:
                triage.tell(tx, detail, escalation, decision_id)
                if kind := triage.BLOCKING.get(escalation.to):
                    blocks.ask(
                        tx, mention_id, decision_id, kind,
                        approver=escalation.approver, by=by, now=now,
                    )  # fmt: skip
            if until is not None:
                claims.watch_until(tx, mention_id, decision_id, until)
            claims.release(tx, mention_id, by=by)
            alarms.answer(tx, mention_id, by=by, now=now)
            _note(tx, by=by, action=f"decision.{outcome}", mention_id=mention_id, now=now)
        return decision_id


def judge_labels(
    store: Store, mention_id: int, said: Mapping[Label, bool | None], *, by: str, now: datetime
) -> None:
    """Say of labels whether they hold of a mention, or take that back with None."""
    with store.begin() as tx:
        verdicts.give(tx, mention_id, said, by=by, now=now)
        for label, holds in said.items():
            action = "verdict.taken_back" if holds is None else "verdict.given"
            subject = f"mention {mention_id}, {label}"
            audit.append(tx, actor=by, action=action, subject=subject, now=now)


def undo(store: Store, decision_id: int, *, by: str, now: datetime) -> bool:
    """Take a decision back; False when it was undone before or is not the latest. What an
    escalation tells is stopped where it has not left; `recalls.gone` names the rest."""
    with store.begin() as tx:
        undone = decisions.undo(tx, decision_id, by=by, now=now)
        if undone:
            casework.release(tx, decision_id, by=by, now=now)
            clocks.resume(tx, decision_id)
            recalls.stop(tx, decision_id)
            blocks.withdraw(tx, decision_id)
            audit.append(
                tx, actor=by, action="decision.undone", subject=f"decision {decision_id}", now=now
            )
        return undone


def _note(tx: Tx, *, by: str, action: str, mention_id: int, now: datetime) -> None:
    audit.append(tx, actor=by, action=action, subject=f"mention {mention_id}", now=now)
