"""Sources: one poll at a time, spread out, and a lost claim changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from config.sources import Source
from connectors.types import Cursor, NotMeasured, Ok
from monitor.store import sources
from monitor.store.database import Store
from monitor.store.views import ClaimedSource
from tests.store.conftest import NOW

LEASE = timedelta(minutes=5)
LATER = NOW + timedelta(minutes=2)
MANY = [
    Source(id=f"s{number}", kind="rss", name=f"Source {number}", options={}) for number in range(30)
]


def known(store: Store, configured: list[Source]) -> None:
    with store.begin() as tx:
        sources.sync(tx, configured, NOW)


def test_many_workers_share_the_sources_and_none_gets_one_twice(store: Store) -> None:
    known(store, MANY)

    def work(_: int) -> list[str]:
        taken = []
        for _ in range(6):
            with store.begin() as tx:
                claimed = sources.claim_due(tx, now=LATER, lease=LEASE, limit=2)
            taken += [one.source_id for one in claimed]
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [name for part in pool.map(work, range(8)) for name in part]
    assert sorted(taken) == sorted(source.id for source in MANY)


def test_first_polls_are_spread_over_the_first_minute(store: Store) -> None:
    known(store, MANY)
    with store.read() as tx:
        due = sorted(one.next_due_at for one in sources.health(tx) if one.next_due_at)
    assert due[0] >= NOW
    assert due[-1] <= NOW + timedelta(minutes=1)
    assert due[-1] - due[0] > timedelta(seconds=40)


def claimed_at(store: Store, name: str, moment: timedelta) -> ClaimedSource | None:
    with store.begin() as tx:
        return sources.claim(tx, name, now=NOW + moment, lease=LEASE)


def finished(store: Store, claimed: ClaimedSource, **more: object) -> bool:
    given = {"health": Ok(), "cursor": Cursor(etag='"1"'), "seen": 3, "kept": 1} | more
    with store.begin() as tx:
        return sources.finish(tx, claimed, possible_gap=False, now=NOW, next_due_at=LATER, **given)  # type: ignore[arg-type]  # the tests' own words


def test_a_claim_that_lapsed_is_given_to_another_and_its_result_is_not_taken(store: Store) -> None:
    known(store, MANY[:1])
    slow = claimed_at(store, "s0", timedelta(0))
    assert slow is not None
    assert claimed_at(store, "s0", LEASE / 2) is None
    quick = claimed_at(store, "s0", LEASE)
    assert quick is not None
    assert not finished(store, slow, cursor=Cursor(etag='"late"'))
    assert finished(store, quick)
    again = claimed_at(store, "s0", LEASE * 2)
    assert again is not None
    assert again.cursor.etag == '"1"'


def test_a_source_that_cannot_be_read_keeps_its_cursor_and_counts_its_failures(
    store: Store,
) -> None:
    known(store, MANY[:1])
    trouble = NotMeasured("Throttled", "Asked to slow down.")
    for failures in (0, 1):
        claimed = claimed_at(store, "s0", LEASE * failures)
        assert claimed is not None
        assert claimed.failures == failures
        assert finished(store, claimed, health=trouble, cursor=claimed.cursor, seen=0, kept=0)
    with store.read() as tx:
        (health,) = sources.health(tx)
    assert (health.state, health.error_kind, health.failures) == ("not_measured", "Throttled", 2)
    assert (health.last_ok_at, health.last_item_at) == (None, None)


def test_a_source_taken_out_of_the_configuration_is_asked_no_more(store: Store) -> None:
    known(store, MANY[:2])
    known(store, MANY[:1])
    assert claimed_at(store, "s1", timedelta(0)) is None
    assert claimed_at(store, "s0", timedelta(0)) is not None
