"""Who is signed in is known by a key that the database does not hold."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import text

from monitor.store import sessions
from monitor.store.database import Store, Tx
from monitor.store.sessions import Session, Whose
from tests.store.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(hours=12)


def found(tx: Tx, key: str, after: timedelta = timedelta(0)) -> Session | None:
    return sessions.find(tx, key, NOW + after, idle=HOUR, longest=DAY)


def test_a_session_is_found_by_its_key_alone_and_no_longer_once_ended(store: Store) -> None:
    with store.begin() as tx:
        one = sessions.begin(tx, Whose(subject="a"), NOW, longest=DAY)
        other = sessions.begin(tx, Whose(subject="b"), NOW, longest=DAY)
        assert one != other
        assert len(one) >= 43
        number = hashlib.sha256(one.encode()).hexdigest()
        whose = Whose(subject="a")
        this = Session(number=number, whose=whose, begun_at=NOW, used_at=NOW)
        assert found(tx, one) == this
        for made_up in ("", one[:-1], one + " ", "\udcff", "x" * 10_000):
            assert found(tx, made_up) is None
        sessions.end(tx, one)
        sessions.end(tx, "made up")
        assert found(tx, one) is None
        assert found(tx, other)


def test_the_key_stands_nowhere_in_the_database(store: Store) -> None:
    with store.begin() as tx:
        key = sessions.begin(tx, Whose(subject="a"), NOW, longest=DAY)
        wanted = "digest, subject, begun_at, used_at"
        digest, subject, *times = tx.execute(text(f"SELECT {wanted} FROM session")).one()
    assert bytes(digest) == hashlib.sha256(key.encode()).digest()
    assert subject == "a"
    assert all(isinstance(time, int) for time in times)


def test_it_ends_without_use_and_after_its_longest_time(store: Store) -> None:
    with store.begin() as tx:
        key = sessions.begin(tx, Whose(subject="a"), NOW, longest=DAY)
        just = timedelta(microseconds=1)
        assert found(tx, key, HOUR - just)
        assert found(tx, key, HOUR) is None
        sessions.note_use(tx, key, NOW + DAY - timedelta(minutes=1))
        assert found(tx, key, DAY - just)
        assert found(tx, key, DAY) is None


def test_what_is_over_is_forgotten_when_somebody_signs_in(store: Store) -> None:
    with store.begin() as tx:
        sessions.begin(tx, Whose(subject="a"), NOW, longest=DAY)
        sessions.begin(tx, Whose(subject="b"), NOW + DAY, longest=DAY)
        assert tx.execute(text("SELECT subject FROM session")).scalars().all() == ["b"]


def test_one_is_ended_by_its_number_and_the_others_of_its_person_at_once(store: Store) -> None:
    mine, others = Whose(subject="a", name="A"), Whose(subject="a", way="break_glass")
    with store.begin() as tx:
        one, two, three = (sessions.begin(tx, mine, NOW, longest=DAY) for _ in range(3))
        other = sessions.begin(tx, others, NOW, longest=DAY)
        assert len(sessions.listing(tx, NOW, idle=HOUR, longest=DAY)) == 4
        for made_up in ("", "0" * 64, "no number", one):
            assert not sessions.revoke(tx, made_up)
        assert sessions.revoke(tx, sessions.number_of(one))
        assert found(tx, one) is None
        assert sessions.revoke_all(tx, mine, but=sessions.number_of(two)) == 1
        assert found(tx, three) is None
        assert found(tx, two)
        assert found(tx, other)
