"""Decisions: the one that stands is the last not taken back."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.store import decisions
from monitor.store.database import Store, Tx
from monitor.store.views import Outcome, QueueState
from tests.store.conftest import NOW, post, queued, taken_in


def decide(tx: Tx, mention_id: int, outcome: Outcome, seen: QueueState = "open") -> int:
    taken = decisions.record(tx, mention_id, outcome, "", seen=seen, by="A", now=NOW)
    assert taken is not None
    return taken


def undo(tx: Tx, decision_id: int) -> bool:
    return decisions.undo(tx, decision_id, by="A", now=NOW)


def outcomes(tx: Tx, *mention_ids: int) -> dict[int, Any]:
    found = decisions.standing(tx, mention_ids)
    return {mention_id: one.outcome for mention_id, one in found.items()}


def test_the_last_decision_stands_and_undoing_it_brings_the_one_before_back(store: Store) -> None:
    with store.begin() as tx:
        first, _ = queued(tx, post("1", "The gate shuts early"))
        other, _ = queued(tx, post("2", "The choir sings late"))
        watched = decide(tx, first, "watch")
        closed = decide(tx, first, "no_action", seen="watch")
        assert outcomes(tx, first, other) == {first: "no_action"}
        assert not undo(tx, watched)
        assert undo(tx, closed)
        assert outcomes(tx, first, other) == {first: "watch"}
        assert undo(tx, watched)
        assert not undo(tx, watched)
        assert outcomes(tx, first, other) == {}


def test_nobody_decides_on_what_is_not_there_or_not_yet_judged(store: Store) -> None:
    with store.begin() as tx:
        (waiting,) = taken_in(tx, post("1"))
        for mention_id in (waiting, waiting + 1):
            with pytest.raises(decisions.UnknownMention):
                decide(tx, mention_id, "no_action")
