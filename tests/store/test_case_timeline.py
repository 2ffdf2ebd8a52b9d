"""A case's timeline: it tells what the case is, and whatever is done behind our back shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from monitor.cases import casework
from monitor.store import audit, cases, mentions
from monitor.store.casefile import CaseFile
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from tests.store.conftest import NOW, by_hand, judged, post, queued

BY = "A. Reviewer"


def opened(tx: Tx, name: str = "1") -> tuple[int, int]:
    """A case with one mention: its number and the mention's."""
    mention_id, _ = queued(tx, post(name, f"Post {name} about the gate"), judged("high"))
    detail = mentions.detail(tx, EVERYTHING, mention_id)
    assert detail
    number = casework.open_for(tx, detail, decision_id=1, case_id=None, by=BY, now=NOW)
    return number, mention_id


def add(tx: Tx, number: int, kind: Any, **facts: Any) -> int:
    return cases.append(tx, number, kind, facts, by=BY, now=NOW + timedelta(hours=1))


def found(tx: Tx, number: int) -> CaseFile:
    case = cases.find(tx, number)
    assert case
    return case


def test_a_case_knows_from_its_mentions_what_it_is_about(store: Store) -> None:
    with store.begin() as tx:
        number, mention_id = opened(tx)
        case = found(tx, number)
        assert (case.state, case.severity, case.schools) == ("open", "high", ("hill",))
        assert case.mentions == (mention_id,)
        assert case.labels == {"reputation"}
        (head,) = cases.of_mention(tx, EVERYTHING, mention_id)
        assert (head.case_id, head.mentions, head.schools) == (number, 1, ("hill",))
        add(tx, number, "mention_removed", mention=mention_id)
        assert cases.of_mention(tx, EVERYTHING, mention_id) == ()
        assert found(tx, number).severity == "none"


def test_what_is_taken_back_no_longer_counts_and_stays_in_sight(store: Store) -> None:
    with store.begin() as tx:
        number, _ = opened(tx)
        step = add(tx, number, "step_done", step="evidence", note="")
        assert found(tx, number).acted_at == NOW + timedelta(hours=1)
    assert casework.undo(store, number, step, by="B", now=NOW)
    assert not casework.undo(store, number, step, by="B", now=NOW)
    with store.read() as tx:
        case = found(tx, number)
        assert (case.steps, case.acted_at) == ({}, None)
        taken, undo = case.timeline[step - 1 :]
        assert (taken.kind, taken.undone_by) == ("step_done", undo.number)
    assert casework.undo(store, number, undo.number, by="B", now=NOW)
    with store.read() as tx:
        assert list(found(tx, number).steps) == ["evidence"]


def test_a_case_that_is_closed_and_opened_again_is_open(store: Store) -> None:
    with store.begin() as tx:
        number, _ = opened(tx)
        add(tx, number, "closed", outcome="resolved", reason="")
        assert found(tx, number).state == "closed"
        assert [one.case_id for one in cases.listing(tx, EVERYTHING, "closed")] == [number]
        again = add(tx, number, "reopened", reason="It is back")
        assert found(tx, number).state == "open"
    casework.undo(store, number, again, by=BY, now=NOW)
    with store.read() as tx:
        assert found(tx, number).state == "closed"


def test_nobody_adds_to_a_case_that_is_not_there(store: Store) -> None:
    with store.begin() as tx, pytest.raises(cases.UnknownCase):
        add(tx, 7, "note_added", text="Hello")


ATTACKS = {
    "words are changed": 'update case_entry set facts = \'{"text": "No"}\' where number = 3',
    "a time is changed": "update case_entry set at = at + 1 where number = 3",
    "another name": "update case_entry set actor = 'Nobody' where number = 3",
    "one in between is taken out": "delete from case_entry where number = 3",
    "the last is taken out": "delete from case_entry where number = 5",
    "one is moved": "update case_entry set number = 30 where number = 3",
    "one is slipped in": "insert into case_entry select case_id, 6, at, actor, kind, facts, digest "
    "from case_entry where number = 5",
    "all of it is taken out": "delete from case_entry",
    "the case itself is taken out": "delete from case_file",
    "it only counts as forgotten": "update case_file set state = 'forgotten'",
}


@pytest.mark.parametrize("statement", ATTACKS.values(), ids=ATTACKS)
def test_whatever_is_done_to_a_timeline_shows(store: Store, statement: str) -> None:
    with store.begin() as tx:
        number, _ = opened(tx)
        for text in ("One", "Two", "Three"):
            add(tx, number, "note_added", text=text)
        assert cases.verify(tx) is None
    by_hand(store, statement)
    with store.read() as tx:
        assert audit.verify(tx) is None
        broken = cases.verify(tx)
    assert broken is not None
    assert broken.case_id == number


def test_a_chain_forged_anew_does_not_fit_the_record(store: Store) -> None:
    """Somebody who knows how digests are made rewrites the last entry with a right one."""
    with store.begin() as tx:
        number, _ = opened(tx)
        add(tx, number, "note_added", text="The truth")
        last = found(tx, number).timeline[-2]
        assert last.number == 2
    with store.begin() as tx:
        before = tx.scalar(sql("select digest from case_entry where number = 2"))
        digest = cases._digest(
            before, number, 3, NOW + timedelta(hours=1), BY, "note_added", {"text": "A lie"}
        )
        tx.execute(
            sql("update case_entry set facts = :facts, digest = :digest where number = 3"),
            {"facts": '{"text": "A lie"}', "digest": digest},
        )
    with store.read() as tx:
        assert cases.verify(tx) == cases.Break(case_id=number, number=3)
