"""Heads written down elsewhere: what the chain alone cannot show, they do."""

from __future__ import annotations

import pytest

from monitor.store import audit
from monitor.store.audit import Head
from monitor.store.database import Store
from tests.store.conftest import NOW, by_hand


@pytest.fixture
def heads(store: Store) -> list[Head]:
    """Twelve entries; the end was written down after every third."""
    kept = []
    for number in range(1, 13):
        with store.begin() as tx:
            audit.append(
                tx, actor="A. Reviewer", action="read", subject=f"mention {number}", now=NOW
            )
            head = audit.head(tx)
        if number % 3 == 0 and head:
            kept.append(head)
    return kept


def test_an_honest_record_agrees_with_its_heads(store: Store, heads: list[Head]) -> None:
    with store.read() as tx:
        assert audit.contradicted(tx, heads) is None
        assert audit.head(tx) == heads[-1]


def test_a_cut_tail_shows_by_the_heads_and_by_nothing_else(store: Store, heads: list[Head]) -> None:
    by_hand(store, "delete from audit where id > 7")
    with store.read() as tx:
        assert audit.verify(tx) is None
        assert audit.contradicted(tx, heads) == heads[2]


def test_a_chain_made_anew_with_right_digests_shows(store: Store, heads: list[Head]) -> None:
    """The strongest attacker: all entries are written again, one of them without its look."""
    by_hand(store, "delete from audit")
    with store.begin() as tx:
        for number in range(1, 13):
            subject = f"mention {number if number != 2 else 1}"
            audit.append(tx, actor="A. Reviewer", action="read", subject=subject, now=NOW)
        assert audit.verify(tx) is None
        assert audit.contradicted(tx, heads) == heads[0]


def test_a_tail_cut_and_grown_again_shows(store: Store, heads: list[Head]) -> None:
    by_hand(store, "delete from audit where id > 11")
    with store.begin() as tx:
        audit.append(tx, actor="Somebody", action="read", subject="mention 12", now=NOW)
        assert audit.verify(tx) is None
        assert audit.contradicted(tx, heads) == heads[3]


def test_an_emptied_record_shows(store: Store, heads: list[Head]) -> None:
    by_hand(store, "delete from audit")
    with store.read() as tx:
        assert audit.verify(tx) is None
        assert audit.contradicted(tx, heads) == heads[0]
