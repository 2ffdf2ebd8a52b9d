"""What people do in a case: every act is an entry of its timeline, in one transaction.

A decision "open case" on a mention opens a case or joins one; taking the decision back takes
its entries back as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alerts import words
from classifiers.types import Assessment
from monitor.cases import evidence as case_evidence
from monitor.store import audit, cases, decisions, mentions
from monitor.store.casefile import CaseFile, Entry, EntryKind
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING, Scope
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
    number = cases.append(tx, case_id, "mention_added", facts, by=by, now=now)
    case_evidence.gather(tx, case_id, detail.mention_id, now=now)
    return number


BY_SERVICE: frozenset[EntryKind] = frozenset({"evidence_saved", "clock_passed"})
"""What the service notes by itself: it stands, and is nobody's act."""


def release(tx: Tx, decision_id: int, *, by: str, now: datetime) -> None:
    """Take back what a decision on a mention brought about. A case in which nothing else has
    happened is withdrawn; one that has gone on only lets the mention go."""
    mention_id = decisions.mention_of(tx, decision_id)
    for head in cases.of_mention(tx, EVERYTHING, mention_id) if mention_id else ():
        case = cases.find(tx, head.case_id)
        live = [one for one in case.timeline if one.undone_by is None] if case else []
        live = [one for one in live if one.kind not in BY_SERVICE]
        own = [one for one in live if one.facts.get("decision") == decision_id]
        is_alone = len(own) == len(live)
        for one in reversed(own):
            if one.kind != "opened" or is_alone:
                facts = {"entry": one.number}
                cases.append(tx, head.case_id, "undone", facts, by=by, now=now)


class CaseClosed(Exception):
    """The case is closed: open it again first, or add a note."""


AFTER_CLOSING: frozenset[EntryKind] = frozenset({"note_added", "reopened", "undone"})


def act(
    store: Store, case_id: int, kind: EntryKind, facts: dict[str, Any], *, by: str, now: datetime
) -> int:
    """Put an act on the timeline; the entry's number. Raises UnknownCase, CaseClosed."""
    with store.begin() as tx:
        _check_open(tx, case_id, kind)
        return cases.append(tx, case_id, kind, facts, by=by, now=now)


def _check_open(tx: Tx, case_id: int, kind: EntryKind) -> CaseFile:
    case = cases.find(tx, case_id)
    if case is None:
        raise cases.UnknownCase
    if case.state != "open" and kind not in AFTER_CLOSING:
        raise CaseClosed
    return case


def undo(store: Store, case_id: int, number: int, *, by: str, now: datetime) -> bool:
    """Take an entry back, by an entry; False when it was taken back before, or opened the case:
    for that, the decision that opened it is taken back."""
    with store.begin() as tx:
        case = cases.find(tx, case_id)
        entry = case.entry(number) if case else None
        if case is None or entry is None or not may_undo(entry):
            return False
        cases.append(tx, case_id, "undone", {"entry": number}, by=by, now=now)
        if entry.kind == "person_added":
            cases.drop_name(tx, case_id, number)
        return True


def may_undo(entry: Entry) -> bool:
    """Whether an entry can be taken back: it stands, and is neither the opening nor what the
    service noted."""
    return entry.undone_by is None and entry.kind not in ("opened", *BY_SERVICE)


def add_mention(
    store: Store, scope: Scope, case_id: int, mention_id: int, *, by: str, now: datetime
) -> bool:
    """Add a mention to a case; False when there is no such mention or it is in it already.
    Raises UnknownCase, CaseClosed."""
    with store.begin() as tx:
        case = _check_open(tx, case_id, "mention_added")
        detail = mentions.detail(tx, scope, mention_id)
        if detail is None or mention_id in case.mentions:
            return False
        hold(tx, case_id, detail, by=by, now=now)
        return True


def add_person(
    store: Store, case_id: int, part: str, who: str, name: str, *, by: str, now: datetime
) -> int:
    """Bring a person in by their part and role. A name is kept beside the timeline, never in it.
    Raises UnknownCase, CaseClosed."""
    with store.begin() as tx:
        _check_open(tx, case_id, "person_added")
        facts = {"part": part, "who": who, "named": bool(name)}
        number = cases.append(tx, case_id, "person_added", facts, by=by, now=now)
        if name:
            cases.keep_name(tx, case_id, number, name)
        return number


def remove_person(store: Store, case_id: int, entry: int, *, by: str, now: datetime) -> None:
    """Take a person out; their name is gone for good. Raises UnknownCase, CaseClosed."""
    with store.begin() as tx:
        _check_open(tx, case_id, "person_removed")
        cases.append(tx, case_id, "person_removed", {"person": entry}, by=by, now=now)
        cases.drop_name(tx, case_id, entry)


def show_names(store: Store, case_id: int, *, by: str, now: datetime) -> dict[int, str]:
    """The names kept, by entry; that somebody asked is on record (policy 6.10)."""
    with store.begin() as tx:
        audit.append(tx, actor=by, action="case.names_shown", subject=f"case {case_id}", now=now)
        return cases.names(tx, case_id)


def look(store: Store, case_id: int, *, by: str, now: datetime) -> CaseFile | None:
    """A case, to be shown; the look is on record."""
    with store.begin() as tx:
        case = cases.find(tx, case_id)
        if case is not None:
            subject = f"case {case_id}"
            audit.append(tx, actor=by, action="case.viewed", subject=subject, now=now)
        return case
