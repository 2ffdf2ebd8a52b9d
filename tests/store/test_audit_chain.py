"""The audit chain: whatever is done to an entry behind our back shows."""

from __future__ import annotations

from contextlib import suppress

import pytest

from monitor.store import audit
from monitor.store.database import Store
from tests.store.conftest import NOW, by_hand

ATTACKS = {
    "an entry's words are changed": "update audit set subject = 'mention 99' where id = 3",
    "an entry's time is changed": "update audit set at = at + 1 where id = 3",
    "an entry gets another name": "update audit set actor = 'Nobody' where id = 3",
    "an entry is taken out": "delete from audit where id = 3",
    "an entry is moved": "update audit set id = 30 where id = 3",
}
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


def test_an_entry_of_a_transaction_that_fails_leaves_no_gap(chained: Store) -> None:
    with suppress(ZeroDivisionError), chained.begin() as tx:
        audit.append(tx, actor="A", action="read", subject="mention 6", now=NOW)
        raise ZeroDivisionError
    with chained.begin() as tx:
        audit.append(tx, actor="A", action="read", subject="mention 7", now=NOW)
        assert audit.verify(tx) is None
