"""Who is signed in is known by a key that the database does not hold."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import text

from monitor.store import sessions
from monitor.store.database import Store, Tx
from monitor.store.sessions import Session
from tests.store.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(hours=12)


def found(tx: Tx, key: str, after: timedelta = timedelta(0)) -> Session | None:
    return sessions.find(tx, key, NOW + after, idle=HOUR, longest=DAY)


def test_a_session_is_found_by_its_key_alone_and_no_longer_once_ended(store: Store) -> None:
    with store.begin() as tx:
        one = sessions.begin(tx, "a", NOW, longest=DAY)
        other = sessions.begin(tx, "b", NOW, longest=DAY)
        assert one != other
        assert len(one) >= 43
        assert found(tx, one) == Session(subject="a", used_at=NOW)
        for made_up in ("", one[:-1], one + " ", "\udcff", "x" * 10_000):
            assert found(tx, made_up) is None
        sessions.end(tx, one)
        sessions.end(tx, "made up")
        assert found(tx, one) is None
        assert found(tx, other)


def test_the_key_stands_nowhere_in_the_database(store: Store) -> None:
    with store.begin() as tx:
        key = sessions.begin(tx, "a", NOW, longest=DAY)
        digest, subject, *times = tx.execute(text("SELECT * FROM session")).one()
    assert bytes(digest) == hashlib.sha256(key.encode()).digest()
    assert subject == "a"
    assert all(isinstance(time, int) for time in times)


def test_it_ends_without_use_and_after_its_longest_time(store: Store) -> None:
    with store.begin() as tx:
        key = sessions.begin(tx, "a", NOW, longest=DAY)
        just = timedelta(microseconds=1)
        assert found(tx, key, HOUR - just)
        assert found(tx, key, HOUR) is None
        sessions.note_use(tx, key, NOW + DAY - timedelta(minutes=1))
        assert found(tx, key, DAY - just)
        assert found(tx, key, DAY) is None


def test_what_is_over_is_forgotten_when_somebody_signs_in(store: Store) -> None:
    with store.begin() as tx:
        sessions.begin(tx, "a", NOW, longest=DAY)
        sessions.begin(tx, "b", NOW + DAY, longest=DAY)
        assert tx.execute(text("SELECT subject FROM session")).scalars().all() == ["b"]
