"""Several processes on one database: nothing twice, nothing lost, the record unbroken."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from classifiers.duplicates import fingerprint
from monitor.store import assessments, audit, deliveries, mentions, sending
from monitor.store.database import Store
from tests.store.conftest import NOW, judged, post, taken_in
from tests.store.test_outbox import alert

WORKERS = 6
WORDS = "The gate of Hill School was left open again and nobody told the parents of anybody"


@pytest.fixture
def processes(database_url: str) -> Iterator[list[Store]]:
    """Stores of their own on one database, as processes have them."""
    opened = [Store(database_url, busy_timeout=timedelta(seconds=20)) for _ in range(WORKERS)]
    opened[0].migrate()
    yield opened
    for one in opened:
        one.close()


def test_the_record_of_several_writers_is_one_chain(processes: list[Store]) -> None:
    def look(store: Store) -> None:
        for number in range(15):
            with store.begin() as tx:
                audit.append(tx, actor="A", action="read", subject=f"mention {number}", now=NOW)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(look, processes))
    with processes[0].read() as tx:
        assert audit.verify(tx) is None
        assert len(audit.listing(tx, 1000)) == 15 * WORKERS


def test_the_same_words_assessed_at_once_are_one_story(processes: list[Store]) -> None:
    with processes[0].begin() as tx:
        numbers = taken_in(tx, *(post(str(n), WORDS) for n in range(WORKERS)))

    def assess(store: Store, number: int) -> int:
        with store.begin() as tx:
            saved = assessments.save(tx, number, judged("high"), fingerprint(WORDS), NOW)
            assert saved is not None
            return saved.story_id

    with ThreadPoolExecutor(WORKERS) as pool:
        assert len(set(pool.map(assess, processes, numbers))) == 1


def test_everybody_migrates_and_the_tables_are_there_once(processes: list[Store]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(Store.migrate, processes))
    with processes[-1].begin() as tx:
        assert mentions.pending(tx, 1) == []


def test_each_message_is_claimed_by_one(processes: list[Store]) -> None:
    with processes[0].begin() as tx:
        for number in range(40):
            deliveries.enqueue(tx, alert(f"{number}:high:pr"), now=NOW)

    def send(store: Store) -> list[str]:
        taken = []
        for _ in range(40):
            with store.begin() as tx:
                claimed = sending.claim_due(tx, now=NOW, lease=timedelta(hours=1), limit=1)
            taken += [one.item.key for one in claimed]
        return taken

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = [key for part in pool.map(send, processes) for key in part]
    assert len(taken) == len(set(taken)) == 40
