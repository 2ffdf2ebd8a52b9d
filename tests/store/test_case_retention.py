"""A case is kept for its time with all that it holds, and then nothing of it is left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.store import audit, cases, holds, mentions
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from tests.store.conftest import NOW
from tests.store.test_case_timeline import BY, opened
from tests.store.test_retention import forget, limits

SECRET = "marzipanlighthouse"


def add(tx: Tx, number: int, kind: Any, **facts: Any) -> None:
    cases.append(tx, number, kind, facts, by=BY, now=NOW)


def is_kept(tx: Tx, number: int, mention_id: int) -> bool:
    case, mention = cases.find(tx, number), mentions.detail(tx, EVERYTHING, mention_id)
    assert (case is None) == (mention is None)
    return case is not None


def test_an_open_case_is_kept_with_its_mentions(store: Store) -> None:
    with store.begin() as tx:
        number, mention_id = opened(tx)
        forget(tx, limits(5000))
        assert is_kept(tx, number, mention_id)


@pytest.mark.parametrize(
    ("handed_over", "last_day"), [(False, 365), (True, 90)], ids=["closed", "handed over"]
)
def test_a_closed_case_goes_after_its_time_and_leaves_no_letter(
    store: Store, tmp_path: Path, handed_over: bool, last_day: int
) -> None:
    with store.begin() as tx:
        number, mention_id = opened(tx)
        add(tx, number, "note_added", text=SECRET)
        if handed_over:
            add(tx, number, "handed_over", to="DSL", at=NOW.isoformat(), reference="C-1", note="")
        add(tx, number, "closed", outcome="settled", reason="", remaining=[])
        forget(tx, limits(last_day - 1))
        assert is_kept(tx, number, mention_id)
        assert forget(tx, limits(last_day + 1))["cases"] == 1
        assert not is_kept(tx, number, mention_id)
        assert cases.verify(tx) is None
        assert audit.verify(tx) is None
    store.settle()
    file = tmp_path / "monitor.db"
    if file.exists():  # the embedded database
        assert SECRET.encode() not in file.read_bytes()


def test_a_hold_on_one_of_its_mentions_keeps_a_case_whole(store: Store) -> None:
    with store.begin() as tx:
        number, mention_id = opened(tx)
        add(tx, number, "closed", outcome="settled", reason="", remaining=[])
        hold = holds.place(
            tx, mention_id, reason="A claim", review_on=date(2030, 1, 1), by=BY, now=NOW
        )
        forget(tx, limits(900))
        assert is_kept(tx, number, mention_id)
        holds.lift(tx, hold, by=BY, now=NOW + timedelta(days=900))
        forget(tx, limits(900))
        assert not is_kept(tx, number, mention_id)


def test_a_mention_that_another_case_keeps_stays(store: Store) -> None:
    with store.begin() as tx:
        number, mention_id = opened(tx)
        other = cases.begin(tx, {"title": "Another"}, by=BY, now=NOW)
        entry = cases.find(tx, number)
        assert entry
        add(tx, other, "mention_added", **entry.timeline[1].facts)
        add(tx, number, "closed", outcome="settled", reason="", remaining=[])
        forget(tx, limits(400))
        assert cases.find(tx, number) is None
        assert is_kept(tx, other, mention_id)
