"""The audit chain: whatever is done to an entry behind our back shows."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from monitor.store import audit
from monitor.store.audit import Head
from monitor.store.database import Store
from tests.store.conftest import NOW, by_hand

ATTACKS = {
    "an entry's words are changed": "update audit set subject = 'mention 99' where id = 3",
    "an entry's time is changed": "update audit set at = at + 1 where id = 3",
    "an entry gets another name": "update audit set actor = 'Nobody' where id = 3",
    "an entry is taken out": "delete from audit where id = 3",
    "an entry is moved": "update audit set id = 30 where id = 3",
}
SIX_YEARS = timedelta(days=2200)
FORGED = "update audit set digest = (select digest from audit where id = 2) where id = 3"


@pytest.fixture
def chained(store: Store) -> Store:
    with store.begin() as tx:
        for number in range(1, 6):
            audit.append(
                tx, actor="A. Reviewer", action="read", subject=f"mention {number}", now=NOW
            )
    return store


def test_an_untouched_chain_verifies(chained: Store) -> None:
    with chained.read() as tx:
        assert audit.verify(tx) is None
        assert [one.subject for one in audit.listing(tx, 2)] == ["mention 5", "mention 4"]


@pytest.mark.parametrize("statement", [*ATTACKS.values(), FORGED], ids=[*ATTACKS, "forged digest"])
def test_tampering_is_found_at_the_entry_or_the_next(chained: Store, statement: str) -> None:
    by_hand(chained, statement)
    with chained.read() as tx:
        assert audit.verify(tx) in (3, 4)


def test_entries_that_are_numbered_anew_show_by_the_gap(chained: Store) -> None:
    by_hand(chained, "update audit set id = id + 10 where id > 3")
    with chained.read() as tx:
        assert audit.verify(tx) == 14


def test_an_entry_of_a_transaction_that_fails_leaves_no_gap(chained: Store) -> None:
    with suppress(ZeroDivisionError), chained.begin() as tx:
        audit.append(tx, actor="A", action="read", subject="mention 6", now=NOW)
        raise ZeroDivisionError
    with chained.begin() as tx:
        audit.append(tx, actor="A", action="read", subject="mention 7", now=NOW)
        assert audit.verify(tx) is None


def aged(store: Store) -> None:
    """Five entries of six years ago, and five of today."""
    for at in (NOW, NOW + SIX_YEARS):
        for number in range(1, 6):
            with store.begin() as tx:
                audit.append(tx, actor="A", action="read", subject=f"mention {number}", now=at)


def test_old_entries_are_forgotten_and_the_rest_still_verifies(store: Store) -> None:
    aged(store)
    with store.begin() as tx:
        kept = audit.head(tx)
        assert audit.forget(tx, NOW + timedelta(days=1), NOW + SIX_YEARS) == 5
        assert audit.forget(tx, NOW + timedelta(days=1), NOW + SIX_YEARS) == 0
        assert audit.verify(tx) is None
        left = audit.listing(tx, 20)
        assert kept is not None
        old = Head(entry_id=3, digest="long gone", at=NOW)
        assert audit.contradicted(tx, [old, kept]) is None
    assert len(left) == 6
    assert left[0].action == audit.FORGOT


def test_all_may_be_old_and_the_chain_goes_on(store: Store) -> None:
    aged(store)
    with store.begin() as tx:
        assert audit.forget(tx, NOW + 2 * SIX_YEARS, NOW + 2 * SIX_YEARS) == 10
        audit.append(tx, actor="A", action="read", subject="x", now=NOW + 2 * SIX_YEARS)
        assert audit.verify(tx) is None
        assert len(audit.listing(tx, 20)) == 2


CUTS = {
    "entries taken off the beginning": ("delete from audit where id <= 2",),
    "and a cut written beside them": (
        "insert into audit_cut (entry_id, digest, at) "
        "select id, digest, at from audit where id = 2",
        "delete from audit where id <= 2",
    ),
    "an honest cut moved on": (
        "insert into audit_cut (entry_id, digest, at) select 7, digest, 1 from audit where id = 7",
        "delete from audit where id <= 7",
    ),
    "an honest cut changed": ("update audit_cut set digest = 'made up'",),
    "an honest cut taken away": ("delete from audit_cut",),
}


@pytest.mark.parametrize("statements", CUTS.values(), ids=list(CUTS))
def test_who_cuts_the_beginning_is_found(store: Store, statements: tuple[str, ...]) -> None:
    aged(store)
    if "audit_cut" in statements[-1] or "7" in statements[-1]:
        with store.begin() as tx:
            audit.forget(tx, NOW + timedelta(days=1), NOW + SIX_YEARS)
    by_hand(store, *statements)
    with store.read() as tx:
        assert audit.verify(tx) is not None


def test_a_forged_cut_with_a_forged_entry_shows_by_heads_that_were_too_young(store: Store) -> None:
    aged(store)
    with store.begin() as tx:
        young = Head(entry_id=7, digest="whatever", at=NOW + SIX_YEARS)
        assert audit.forget(tx, NOW + 2 * SIX_YEARS, NOW + SIX_YEARS) == 10
        assert audit.verify(tx) is None
        assert audit.contradicted(tx, [young]) == young
