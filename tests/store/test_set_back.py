"""The machine's clock is set by an hour: nobody waits an hour for it, and nothing is done twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.types import Retry
from config.sources import Source
from connectors.types import Cursor, Ok
from monitor.store import alarms, deliveries, sending, set_back, sources
from monitor.store.database import Store, Tx
from tests.store.conftest import NOW, judged, post, queued
from tests.store.test_outbox import alert

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=10)
BACK = NOW - HOUR
FEED = Source(id="feed", kind="rss", name="Feed", options={})


def polled(tx: Tx, now: datetime, due: datetime) -> None:
    claimed = sources.claim(tx, "feed", now=now, lease=LEASE)
    assert claimed is not None
    assert sources.finish(
        tx, claimed, Ok(), Cursor(), possible_gap=False, seen=0, kept=0, next_due_at=due, now=now
    )


def test_a_source_is_asked_as_long_after_as_it_was_to_be(store: Store) -> None:
    with store.begin() as tx:
        sources.sync(tx, [FEED], NOW)
        polled(tx, NOW, NOW + timedelta(minutes=15))
        assert set_back.heed(tx, NOW) == 0
        assert set_back.heed(tx, NOW - timedelta(minutes=1)) == 0  # two machines may differ so
        assert set_back.heed(tx, BACK) == 1
        assert set_back.heed(tx, BACK) == 0
        assert sources.due(tx, now=BACK + timedelta(minutes=14), limit=9) == []
        assert sources.due(tx, now=BACK + timedelta(minutes=15), limit=9) == ["feed"]


def test_a_message_leaves_at_once_or_when_it_was_to_be_tried_again(store: Store) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, alert("tried"), now=NOW)
        (claimed,) = sending.claim_due(tx, now=NOW, lease=LEASE, limit=1)
        again = NOW + timedelta(minutes=4)
        sending.finish(tx, claimed, Retry("busy"), now=NOW, next_attempt_at=again, max_attempts=5)
        deliveries.enqueue(tx, alert("new"), now=NOW)
        assert sending.claim_due(tx, now=BACK, lease=LEASE, limit=9) == []
        assert set_back.heed(tx, BACK) == 2
        assert set_back.heed(tx, BACK) == 0
        (new,) = sending.claim_due(tx, now=BACK, lease=LEASE, limit=9)
        (tried,) = sending.claim_due(tx, now=BACK + timedelta(minutes=4), lease=LEASE, limit=9)
        assert (new.item.key, tried.item.key) == ("new", "tried")


def test_the_next_is_called_as_long_after_as_was_agreed(store: Store) -> None:
    with store.begin() as tx:
        number, saved = queued(tx, post("1"), judged("high"))
        step = NOW + timedelta(minutes=20)
        alarms.put(tx, saved.story_id, number, "high", next_step_at=step, now=NOW)
        assert set_back.heed(tx, BACK) == 1
        assert set_back.heed(tx, BACK) == 0
        assert alarms.due(tx, BACK + timedelta(minutes=19)) == []
        assert len(alarms.due(tx, BACK + timedelta(minutes=20))) == 1


def test_set_forward_a_claim_is_lost_and_what_was_done_for_it_changes_nothing(
    store: Store,
) -> None:
    with store.begin() as tx:
        sources.sync(tx, [FEED], NOW)
        first = sources.claim(tx, "feed", now=NOW, lease=LEASE)
        second = sources.claim(tx, "feed", now=NOW + HOUR, lease=LEASE)
        assert first is not None
        assert second is not None
        assert set_back.heed(tx, NOW + HOUR) == 0
        for claimed, counts in ((first, False), (second, True)):
            finished = sources.finish(
                tx, claimed, Ok(), Cursor(), possible_gap=False, seen=0, kept=0,
                next_due_at=NOW + 2 * HOUR, now=NOW + HOUR,
            )  # fmt: skip
            assert finished is counts
