"""What a host is asked is one limit for all workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.errors import Throttled
from connectors.fetch.politeness import Pacing
from monitor.store.database import Store
from monitor.store.turns import SharedTurns
from tests.doubles.postgresql import PATIENCE, Postgresql

PLACE = "news.example:443"
SPACING = 0.05
WORKERS, REQUESTS = 4, 3


@pytest.fixture
def stores(postgresql: Postgresql) -> Iterator[list[Store]]:
    url = postgresql.new_database()
    opened = [Store(url, busy_timeout=PATIENCE) for _ in range(WORKERS)]
    yield opened
    for one in opened:
        one.close()


def test_all_workers_together_keep_the_pause_between_two_requests(stores: list[Store]) -> None:
    asked: list[float] = []

    def work(store: Store) -> None:
        pacing = Pacing(timedelta(seconds=SPACING), shared=SharedTurns(store))

        async def ask() -> None:
            for _ in range(REQUESTS):
                async with pacing.turn(PLACE, patience_seconds=60):
                    asked.append(time.monotonic())

        asyncio.run(ask())

    began = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, stores))
    assert len(asked) == WORKERS * REQUESTS
    # A busy machine makes them later, never sooner.
    assert max(asked) - began >= SPACING * (WORKERS * REQUESTS - 1)


def test_a_host_that_wants_to_be_left_alone_is_by_all(stores: list[Store]) -> None:
    Pacing(timedelta(seconds=SPACING), shared=SharedTurns(stores[0])).rest(PLACE, 600)
    other = Pacing(timedelta(seconds=SPACING), shared=SharedTurns(stores[1]))

    async def ask() -> None:
        async with other.turn(PLACE, patience_seconds=5):
            pytest.fail("it was asked")

    with pytest.raises(Throttled) as refused:
        asyncio.run(ask())
    assert refused.value.retry_after is not None
    assert 500 < refused.value.retry_after <= 600


def test_a_turn_that_would_come_too_late_is_left_to_others(stores: list[Store]) -> None:
    turns = SharedTurns(stores[0])
    assert turns.take(PLACE, spacing=30, patience=60) == 0
    assert 25 < turns.take(PLACE, spacing=30, patience=60) <= 30
    assert turns.take(PLACE, spacing=30, patience=5) > 5
    assert 55 < turns.take(PLACE, spacing=30, patience=70) <= 60
    assert turns.take("other.example:443", spacing=30, patience=5) == 0
