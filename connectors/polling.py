"""One poll of one configured source: what tasks call. It never raises for what a source does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import SecretStr, ValidationError

from config.errors import Fault
from config.faults import faults as form_faults
from config.settings import Source
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher
from connectors.registry import UnknownKind, connector, key_name
from connectors.types import Batch, Cursor, Mention, NotMeasured, Query


async def poll(
    source: Source,
    query: Query,
    cursor: Cursor,
    *,
    fetcher: Fetcher,
    now: datetime,
    secrets: Mapping[str, SecretStr] | None = None,
) -> Batch:
    """What a source has that is new, with what its configuration knows of it.

    A kind is given its own one of the `secrets` and no other. Whatever goes wrong ends in a
    health of not measured, with the cursor unchanged.
    """
    kind = connector(source.kind)
    secret = (secrets or {}).get(key_name(source.kind))
    try:
        batch = await kind.poll(
            replace(query, secret=secret),
            cursor,
            options=kind.Options.model_validate(dict(source.options)),
            fetch=fetcher.reaching(source.allow),
            now=now,
        )
    except ConnectorError as error:
        health = NotMeasured(type(error).__name__, str(error), error.retry_after)
        return Batch(cursor=cursor, health=health)
    return replace(batch, mentions=tuple(_placed(one, source) for one in batch.mentions))


def _placed(mention: Mention, source: Source) -> Mention:
    return replace(
        mention,
        place_hints=(*mention.place_hints, *source.place_hints),
        source_school=source.school,
        official=source.official,
    )


def faults(sources: tuple[Source, ...]) -> Iterator[Fault]:
    """What is wrong with the options of the configured sources, each kind by its own model."""
    for at, source in enumerate(sources):
        try:
            form = connector(source.kind).Options
        except UnknownKind as error:
            yield Fault(("sources", at, "kind"), str(error), "Use one of these")
            continue
        try:
            form.model_validate(dict(source.options))
        except ValidationError as error:
            for fault in form_faults(error, form):
                yield fault._replace(path=("sources", at, "options", *fault.path))
