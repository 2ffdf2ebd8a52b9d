"""In the sample too one can look at what stands around a post."""

from __future__ import annotations

import asyncio

import pytest

from connectors import polling
from connectors.fetch.client import Fetcher
from connectors.types import Cursor, Query
from monitor.sample.world import World
from tests.sample.clock import EPOCH


@pytest.mark.parametrize(
    ("source_id", "beginning", "after"),
    [
        ("bluesky", "Third email", 2),
        ("tidepool", "Pumpkins", 1),
        ("youtube-comments", "We walk", 0),
    ],
)
def test_a_conversation_can_be_asked_for(
    still_world: World, source_id: str, beginning: str, after: int
) -> None:
    settings = still_world.settings
    (source,) = (one for one in settings.sources if one.id == source_id)
    fetcher, secrets = Fetcher(settings.fetch), settings.secrets
    terms = (settings.trust.name, *(school.name for school in settings.trust.schools))
    batch = asyncio.run(
        polling.poll(
            source, Query(terms=terms), Cursor(), fetcher=fetcher, now=EPOCH, secrets=secrets
        )
    )
    (post,) = (one for one in batch.mentions if one.text.startswith(beginning))
    found = asyncio.run(
        polling.conversation(source, post, fetcher=fetcher, now=EPOCH, secrets=secrets)
    )
    assert len(found.after) == after
