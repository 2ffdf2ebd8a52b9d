"""What a person does with a mention: look, ask for names, decide, undo. Each is on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from classifiers.types import Label
from monitor import alarms, cases, clocks, triage
from monitor.store import audit, claims, decisions, mentions, verdicts
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING, Scope
from monitor.store.views import MentionDetail, Outcome, QueueState
from monitor.triage import Escalation


def open_mention(
    store: Store, scope: Scope, mention_id: int, *, by: str, now: datetime
) -> MentionDetail | None:
    """The mention with all that is known of it; the look itself is recorded."""
    with store.begin() as tx:
        detail = mentions.detail(tx, scope, mention_id)
        if detail is not None:
            _note(tx, by=by, action="mention.viewed", mention_id=mention_id, now=now)
        return detail


def reveal(
    store: Store, scope: Scope, mention_id: int, *, by: str, now: datetime
) -> MentionDetail | None:
    """The mention, to be shown with names unmasked; asking is recorded (policy 6.10)."""
    with store.begin() as tx:
        detail = mentions.detail(tx, scope, mention_id)
        if detail is not None:
            _note(tx, by=by, action="mention.names_revealed", mention_id=mention_id, now=now)
        return detail


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
) -> int | None:
    """Record a decision; its id, for undo. None when somebody else was quicker: the mention no
    longer stands as it was `seen`, and nothing is recorded.

    "open_case" opens a case, or adds the mention to `case_id`. What is watched comes back
    `until` then. An `escalation` tells somebody. Raises UnknownCase.
    """
    with store.begin() as tx:
        decision_id = decisions.record(tx, mention_id, outcome, note, seen=seen, by=by, now=now)
        if decision_id is not None:
            detail = mentions.detail(tx, EVERYTHING, mention_id)
            if outcome == "open_case" and detail:
                cases.open_for(tx, detail, decision_id=decision_id, case_id=case_id, by=by, now=now)
            if escalation is not None and detail:
                triage.tell(tx, detail, escalation, decision_id)
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
    """Take a decision back; False when it was undone before or is not the latest."""
    with store.begin() as tx:
        undone = decisions.undo(tx, decision_id, by=by, now=now)
        if undone:
            cases.release(tx, decision_id, by=by, now=now)
            clocks.resume(tx, decision_id)
            audit.append(
                tx, actor=by, action="decision.undone", subject=f"decision {decision_id}", now=now
            )
        return undone


def _note(tx: Tx, *, by: str, action: str, mention_id: int, now: datetime) -> None:
    audit.append(tx, actor=by, action=action, subject=f"mention {mention_id}", now=now)
