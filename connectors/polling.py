"""One poll of one configured source: what tasks call. It never raises for what a source does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import SecretStr, ValidationError

from config.errors import Fault
from config.faults import faults as form_faults
from config.sources import Acceptance, Source
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher
from connectors.registry import (
    CONNECTORS,
    SERVICES,
    UnknownKind,
    addresses,
    connector,
    secret_name,
    terms,
)
from connectors.types import (
    Batch,
    Conversation,
    Cursor,
    Mention,
    NotMeasured,
    Query,
    Standing,
    Terms,
)


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
    secret = (secrets or {}).get(secret_name(source.kind))
    options = kind.Options.model_validate(dict(source.options))
    try:
        batch = await kind.poll(
            replace(query, secret=secret),
            cursor,
            options=options,
            fetch=fetcher.reaching(source.allow),
            now=now,
        )
    except ConnectorError as error:
        health = NotMeasured(type(error).__name__, str(error), error.retry_after)
        return Batch(cursor=cursor, health=health)
    told = (fetcher.reaching(source.allow).left(one) for one in addresses(options))
    return replace(
        batch,
        mentions=tuple(placed(one, source) for one in batch.mentions),
        allowance=batch.allowance or next(filter(None, told), ""),
    )


async def recheck(
    source: Source,
    posts: Sequence[Mention],
    *,
    fetcher: Fetcher,
    now: datetime,
    secrets: Mapping[str, SecretStr] | None = None,
) -> Standing:
    """How posts that a source brought stand there now; nothing of what cannot be answered."""
    kind: Any = connector(source.kind)
    secret = (secrets or {}).get(secret_name(source.kind))
    options = kind.Options.model_validate(dict(source.options))
    fetch = fetcher.reaching(source.allow)
    try:
        answer: Standing = await kind.standing(
            posts, Query(secret=secret), options=options, fetch=fetch, now=now
        )
    except ConnectorError:
        return {}
    return answer


async def conversation(
    source: Source,
    post: Mention,
    *,
    fetcher: Fetcher,
    now: datetime,
    secrets: Mapping[str, SecretStr] | None = None,
) -> Conversation:
    """The public posts around one that a source brought. Raises ConnectorError."""
    kind: Any = connector(source.kind)
    secret = (secrets or {}).get(secret_name(source.kind))
    found: Conversation = await kind.conversation(
        post,
        Query(secret=secret),
        options=kind.Options.model_validate(dict(source.options)),
        fetch=fetcher.reaching(source.allow),
        now=now,
    )
    return found


def placed(mention: Mention, source: Source) -> Mention:
    """With what the configuration knows of its source."""
    return replace(
        mention,
        place_hints=(*mention.place_hints, *source.place_hints),
        source_school=source.school,
        official=source.official,
    )


def accepted_faults(accepted: tuple[Acceptance, ...]) -> Iterator[Fault]:
    """What was accepted for nothing: most often a kind that is misspelt."""
    for at, one in enumerate(accepted):
        if one.kind not in (*CONNECTORS, *SERVICES) or terms(one.kind) is None:
            wanted = [kind for kind in (*CONNECTORS, *SERVICES) if terms(kind)]
            mend = f"Write one of {', '.join(wanted)}, or remove it"
            yield Fault(("accepted", at, "kind"), "is no kind whose terms want that", mend)


def faults(sources: tuple[Source, ...], accepted: tuple[Acceptance, ...] = ()) -> Iterator[Fault]:
    """What is wrong with the options of the configured sources, each kind by its own model, and
    which are switched on though nobody has accepted their terms."""
    signed = {one.kind for one in accepted}
    for at, source in enumerate(sources):
        try:
            form = connector(source.kind).Options
        except UnknownKind as error:
            yield Fault(("sources", at, "kind"), str(error), "Use one of these")
            continue
        wanted = terms(source.kind)
        if source.enabled and wanted and source.kind not in signed:
            yield Fault(("sources", at, "kind"), *_unsigned(source.kind, wanted))
        try:
            form.model_validate(dict(source.options))
        except ValidationError as error:
            for fault in form_faults(error, form):
                yield fault._replace(path=("sources", at, "options", *fault.path))


def _unsigned(kind: str, wanted: Terms) -> tuple[str, str]:
    message = f"is off until somebody answers for it: {wanted.say} {wanted.risk}".rstrip(".")
    mend = (
        f'Write into accepted.toml: [[accepted]] kind = "{kind}", by = (name and office), '
        "on = (the day), reason = (why), each on a line of its own; or enabled = false here"
    )
    return message, mend
