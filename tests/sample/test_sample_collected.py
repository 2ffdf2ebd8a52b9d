"""The real connectors, over real HTTP, bring in what the sites have."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from config.sources import Source
from connectors import polling
from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, NotMeasured, NotModified, Ok, Partial, Query
from monitor.sample.world import World
from monitor.store import mentions
from monitor.store.database import Store
from tests.sample.clock import EPOCH
from tests.sample.test_subject_access_complete import all_is_found

TROUBLE = {
    "harbour-sports-desk": "Throttled",
    "council-papers": "Unreachable",
    "old-pennickians": "Unreachable",
    "brackenford-fc": "Malformed",
}


@pytest.fixture(scope="module")
def batches(still_world: World) -> dict[str, Batch]:
    """One poll of every source, by source id."""
    settings = still_world.settings
    impatient = settings.fetch.model_copy(
        update={"deadline": timedelta(seconds=8), "parse_deadline": timedelta(minutes=1)}
    )
    fetcher = Fetcher(impatient)
    terms = (settings.trust.name, *(school.name for school in settings.trust.schools))

    async def all_of_them() -> list[Batch]:
        slots = asyncio.Semaphore(settings.clock.poll_slots)
        return await asyncio.gather(*(poll(source, slots) for source in settings.sources))

    async def poll(source: Source, slots: asyncio.Semaphore) -> Batch:
        query = Query(terms=terms)
        async with slots:
            return await polling.poll(
                source, query, Cursor(), fetcher=fetcher, now=EPOCH, secrets=settings.secrets
            )

    got = asyncio.run(all_of_them())
    return {source.id: batch for source, batch in zip(settings.sources, got, strict=True)}


def test_sites_in_order_are_read_to_their_end(batches: dict[str, Batch]) -> None:
    well = {name: batch for name, batch in batches.items() if name not in TROUBLE}
    for name, batch in well.items():
        assert isinstance(batch.health, Ok | Partial), name
        assert batch.mentions, name
    assert [n for n, b in well.items() if isinstance(b.health, Partial)] == ["coastal-mums"]


@pytest.mark.parametrize(("name", "kind"), TROUBLE.items())
def test_sites_in_trouble_are_reported_as_not_measured(
    name: str, kind: str, batches: dict[str, Batch]
) -> None:
    health = batches[name].health
    assert isinstance(health, NotMeasured)
    assert health.kind == kind


def test_the_backlog_is_large_and_search_brings_no_post_twice(batches: dict[str, Batch]) -> None:
    found = [mention for batch in batches.values() for mention in batch.mentions]
    identities = {(mention.platform, mention.external_id) for mention in found}
    assert len(identities) >= 320
    assert len(found) > len(identities)


def test_a_subject_access_on_the_backlog_finds_all_that_is_held(
    still_world: World, batches: dict[str, Batch], tmp_path: Path
) -> None:
    database = tmp_path / "monitor.db"
    store = Store(f"sqlite:///{database}", busy_timeout=timedelta(seconds=5))
    store.migrate()
    with store.begin() as tx:
        for source_id, batch in batches.items():
            mentions.ingest(tx, source_id, batch.mentions, EPOCH)
    all_is_found(store, database, still_world.settings.trust, most=6, now=EPOCH)
    store.close()


def test_a_source_that_has_nothing_new_says_so(
    still_world: World, batches: dict[str, Batch]
) -> None:
    source = next(s for s in still_world.settings.sources if s.id == "averford-library")
    again = asyncio.run(
        polling.poll(
            source,
            Query(),
            batches[source.id].cursor,
            fetcher=Fetcher(still_world.settings.fetch),
            now=EPOCH,
        )
    )
    assert isinstance(again.health, NotModified)
