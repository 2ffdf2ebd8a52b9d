"""What people do in a case: every act is an entry of its timeline, in one transaction.

A decision "open case" on a mention opens a case or joins one; taking the decision back takes
its entries back as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alerts import words
from classifiers.types import Assessment
from monitor.store import cases, decisions, mentions
from monitor.store.casefile import CaseFile, EntryKind
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail


def open_for(
    tx: Tx, detail: MentionDetail, *, decision_id: int, case_id: int | None, by: str, now: datetime
) -> int:
    """Open a case with a mention, or add the mention to `case_id`; the case's number.

    Raises UnknownCase.
    """
    if case_id is None:
        assessment = detail.assessment or Assessment()
        facts = {"title": words.capital(words.kind(assessment)), "decision": decision_id}
        case_id = cases.begin(tx, facts, by=by, now=now)
    hold(tx, case_id, detail, decision_id=decision_id, by=by, now=now)
    return case_id


def hold(
    tx: Tx,
    case_id: int,
    detail: MentionDetail,
    *,
    by: str,
    now: datetime,
    decision_id: int | None = None,
) -> int:
    """Add a mention to a case: what it was judged as and no text of it; the entry's number."""
    assessment = detail.assessment or Assessment()
    facts: dict[str, Any] = {
        "mention": detail.mention_id,
        "severity": assessment.severity,
        "labels": list(assessment.flags),
        "pupil": assessment.pupil.level,
        "allegation": assessment.allegation,
        "schools": [one.school_id for one in assessment.schools if one.certainty == "certain"],
        "platform": detail.mention.platform,
        "collected_at": detail.mention.fetched_at.isoformat(),
    }
    if decision_id is not None:
        facts["decision"] = decision_id
    return cases.append(tx, case_id, "mention_added", facts, by=by, now=now)


def release(tx: Tx, decision_id: int, *, by: str, now: datetime) -> None:
    """Take back what a decision on a mention brought about. A case in which nothing else has
    happened is withdrawn; one that has gone on only lets the mention go."""
    mention_id = decisions.mention_of(tx, decision_id)
    for head in cases.of_mention(tx, mention_id) if mention_id else ():
        case = cases.find(tx, head.case_id)
        live = [one for one in case.timeline if one.undone_by is None] if case else []
        own = [one for one in live if one.facts.get("decision") == decision_id]
        is_alone = len(own) == len(live)
        for one in reversed(own):
            if one.kind != "opened" or is_alone:
                facts = {"entry": one.number}
                cases.append(tx, head.case_id, "undone", facts, by=by, now=now)


def act(
    store: Store, case_id: int, kind: EntryKind, facts: dict[str, Any], *, by: str, now: datetime
) -> int:
    """Put an act on the timeline; the entry's number. Raises UnknownCase."""
    with store.begin() as tx:
        return cases.append(tx, case_id, kind, facts, by=by, now=now)


def undo(store: Store, case_id: int, number: int, *, by: str, now: datetime) -> bool:
    """Take an entry back, by an entry; False when it was taken back before, or is the opening
    of a case that has gone on."""
    with store.begin() as tx:
        case = cases.find(tx, case_id)
        entry = case.entry(number) if case else None
        if case is None or entry is None or not may_undo(case, number):
            return False
        cases.append(tx, case_id, "undone", {"entry": number}, by=by, now=now)
        if entry.kind == "person_added":
            cases.drop_name(tx, case_id, number)
        return True


def may_undo(case: CaseFile, number: int) -> bool:
    """Whether an entry can be taken back: it stands, and is not the opening."""
    entry = case.entry(number)
    return entry is not None and entry.undone_by is None and entry.kind != "opened"


def add_mention(store: Store, case_id: int, mention_id: int, *, by: str, now: datetime) -> bool:
    """Add a mention to a case; False when there is no such mention or it is in it already."""
    with store.begin() as tx:
        case, detail = cases.find(tx, case_id), mentions.detail(tx, EVERYTHING, mention_id)
        if case is None or detail is None or mention_id in case.mentions:
            return False
        hold(tx, case_id, detail, by=by, now=now)
        return True
