"""Paging: every post on exactly one page, gravest first, whatever comes in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.types import SEVERITIES, Severity
from monitor.store import decisions, queue
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter, QueueRow
from tests.store.conftest import NOW, judged, post, queued

FLAGGED = SEVERITIES[1:]


def fill(tx: Tx, count: int, random: Random) -> None:
    """Posts on few days, so that many share severity and moment; each a story of its own."""
    for number in range(count):
        words = " ".join(random.choice("abcdefghijklmnopqrstuvwxyz") * 3 for _ in range(12))
        at = NOW - timedelta(days=random.randrange(3))
        severity: Severity = random.choice(FLAGGED)
        queued(tx, post(f"{random.random()}-{number}", words, at=at), judged(severity))


def pages(store: Store, limit: int, chosen: QueueFilter) -> list[list[QueueRow]]:
    found: list[list[QueueRow]] = []
    after = None
    while len(found) < 100:
        with store.read() as tx:
            page = queue.page(tx, EVERYTHING, chosen, after=after, limit=limit)
        found.append(list(page.rows))
        if page.next is None:
            return found
        after = page.next
    raise AssertionError("the pages never end")


def order(row: QueueRow) -> tuple[int, float, int]:
    rank = SEVERITIES.index(row.severity)
    return (-rank, -row.published_at.timestamp(), -row.mention_id)


@settings(max_examples=12)
@given(
    count=st.integers(0, 25), limit=st.integers(1, 9), seed=st.integers(0, 1_000),
    least=st.sampled_from(SEVERITIES),
)  # fmt: skip
def test_the_pages_together_are_the_whole_queue_in_order(
    tmp_path_factory: pytest.TempPathFactory, count: int, limit: int, seed: int, least: Severity
) -> None:
    store = opened(tmp_path_factory.mktemp("queue"))
    with store.begin() as tx:
        fill(tx, count, Random(seed))
    found = pages(store, limit, QueueFilter(min_severity=least))
    rows = [row for page in found for row in page]
    assert rows == sorted(rows, key=order)
    assert len({row.mention_id for row in rows}) == len(rows)
    assert all(len(page) == limit for page in found[:-1])
    (everything,) = pages(store, 100, QueueFilter())
    rank = SEVERITIES.index(least)
    assert rows == [row for row in everything if SEVERITIES.index(row.severity) >= rank]
    store.close()


def opened(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'monitor.db'}", busy_timeout=timedelta(seconds=10))
    store.migrate()
    return store


def test_what_arrives_or_is_decided_while_reading_moves_no_later_page(store: Store) -> None:
    with store.begin() as tx:
        fill(tx, 12, Random(1))
    (before,) = pages(store, 100, QueueFilter())
    with store.read() as tx:
        first = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=5)
    with store.begin() as tx:
        queued(tx, post("late", "Something quite new", at=NOW), judged("critical"))
        top = first.rows[0].mention_id
        assert decisions.record(tx, top, "no_action", "", seen="open", by="A", now=NOW)
        second = queue.page(tx, EVERYTHING, QueueFilter(), after=first.next, limit=100)
    assert [row.mention_id for row in second.rows] == [row.mention_id for row in before[5:]]


def test_the_badges_count_what_the_queue_shows(store: Store) -> None:
    with store.begin() as tx:
        for number, severity in enumerate(SEVERITIES):
            words = f"{severity} words of their own number {number}"
            queued(tx, post(severity, words), judged(severity))
        counts = queue.counts(tx, EVERYTHING)
    assert (counts.open, counts.high_or_critical_open) == (len(FLAGGED), 2)
