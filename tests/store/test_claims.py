"""Two people never get one mention, and nobody keeps one for ever."""

from __future__ import annotations

from datetime import timedelta

from monitor.store import claims, decisions, mentions
from monitor.store.claims import LEASE, SKIPPED_FOR
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from tests.store.conftest import NOW, judged, post, queued

LATER = NOW + LEASE + timedelta(seconds=1)


def test_a_claim_is_anothers_until_it_lapses_or_is_taken_over(store: Store) -> None:
    with store.begin() as tx:
        number, _ = queued(tx, post("1"))
        assert claims.take(tx, number, by="A", now=NOW).holder == "A"
        assert claims.take(tx, number, by="B", now=NOW).holder == "A"
        assert claims.take(tx, number, by="B", now=NOW, over=True).holder == "B"
        assert claims.of_mention(tx, number, LATER) is None
        assert claims.take(tx, number, by="A", now=LATER).holder == "A"
        longer = claims.take(tx, number, by="A", now=LATER + timedelta(minutes=5))
        assert longer.since == LATER
        claims.release(tx, number, by="B")
        assert claims.of_mention(tx, number, LATER)


def test_the_next_is_the_gravest_that_nobody_looks_at_and_i_did_not_skip(store: Store) -> None:
    with store.begin() as tx:
        low, _ = queued(tx, post("1"), judged("low"))
        high, _ = queued(tx, post("2"), judged("high"))
        medium, _ = queued(tx, post("3"), judged("medium"))
        assert claims.next_for(tx, EVERYTHING, "A", NOW) == high
        claims.take(tx, high, by="A", now=NOW)
        assert claims.next_for(tx, EVERYTHING, "A", NOW) == high
        assert claims.next_for(tx, EVERYTHING, "B", NOW) == medium
        claims.skip(tx, high, by="A", now=NOW)
        assert claims.next_for(tx, EVERYTHING, "A", NOW) == medium
        assert claims.next_for(tx, EVERYTHING, "B", NOW) == high
        for number in (medium, low):
            claims.skip(tx, number, by="A", now=NOW)
        assert claims.next_for(tx, EVERYTHING, "A", NOW) is None
        assert (
            claims.next_for(tx, EVERYTHING, "A", NOW + SKIPPED_FOR + timedelta(seconds=1)) == high
        )


def test_what_is_watched_until_a_time_comes_back_then(store: Store) -> None:
    with store.begin() as tx:
        number, _ = queued(tx, post("1"))
        taken = decisions.record(tx, number, "watch", "", seen="open", by="A", now=NOW)
        assert taken
        claims.watch_until(tx, number, taken, LATER)
        assert claims.wake(tx, NOW) == 0
        assert claims.watched_until(tx, [number]) == {number: LATER}
        assert claims.wake(tx, LATER) == 1
        assert claims.wake(tx, LATER) == 0
        detail = mentions.detail(tx, EVERYTHING, number)
        assert detail
        assert detail.state == "open"


def test_what_was_decided_meanwhile_does_not_come_back(store: Store) -> None:
    with store.begin() as tx:
        number, _ = queued(tx, post("1"))
        taken = decisions.record(tx, number, "watch", "", seen="open", by="A", now=NOW)
        assert taken
        claims.watch_until(tx, number, taken, LATER)
        decisions.record(tx, number, "no_action", "", seen="watch", by="A", now=NOW)
        assert claims.wake(tx, LATER) == 0
