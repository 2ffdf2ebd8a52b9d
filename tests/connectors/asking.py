"""One poll of one source, as the service makes it, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from config.loading import load
from config.sources import Source
from connectors.fetch.client import Fetcher
from connectors.polling import poll
from connectors.types import Batch, Cursor, NotMeasured, Partial, Query
from tests.doubles.loopback import Site

NEVER_ASKED = Cursor()
NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


def fetcher() -> Fetcher:
    """The door as shipped, without the pause that politeness wants on other people's servers."""
    return Fetcher(load().fetch.model_copy(update={"host_spacing": timedelta(0)}))


def asked(
    kind: str,
    options: Mapping[str, object],
    *sites: Site,
    terms: tuple[str, ...] = (),
    cursor: Cursor = NEVER_ASKED,
    now: datetime = NOW,
    through: Fetcher | None = None,
    secrets: Mapping[str, SecretStr] | None = None,
    own_sites: tuple[str, ...] = (),
) -> Batch:
    source = Source(
        id="tried",
        kind=kind,
        name="Tried",
        options=dict(options),
        allow=tuple(site.place for site in sites),
    )
    door = through or fetcher()
    query = Query(terms=terms, own_sites=own_sites)
    return asyncio.run(poll(source, query, cursor, fetcher=door, now=now, secrets=secrets))


def not_measured(batch: Batch) -> NotMeasured:
    assert isinstance(batch.health, NotMeasured), batch.health
    assert batch.mentions == ()
    return batch.health


def partly(batch: Batch) -> str:
    assert isinstance(batch.health, Partial), batch.health
    return batch.health.reason
