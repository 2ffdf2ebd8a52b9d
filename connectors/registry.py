"""The connectors there are, by kind; one is imported when it is asked for.

A new one is a module in `connectors.sources`, a line here, recorded payloads in the tests and
a row in the handbook's page of sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from connectors.fetch.client import Fetcher
from connectors.types import Batch, Coverage, Cursor, Query, Rechecks, Terms

CONNECTORS: dict[str, str] = {
    "rss": "connectors.sources.rss:CONNECTOR",
    "jsonfeed": "connectors.sources.jsonfeed:CONNECTOR",
    "wordpress": "connectors.sources.wordpress:CONNECTOR",
    "mastodon": "connectors.sources.mastodon:CONNECTOR",
    "mastodon_stream": "connectors.sources.mastodon_stream:CONNECTOR",
    "gdelt": "connectors.sources.gdelt:CONNECTOR",
    "bluesky": "connectors.sources.bluesky:CONNECTOR",
    "jetstream": "connectors.sources.jetstream:CONNECTOR",
    "youtube": "connectors.sources.youtube:CONNECTOR",
    "youtube_comments": "connectors.sources.youtube_comments:CONNECTOR",
    "brave": "connectors.sources.brave:CONNECTOR",
    "mojeek": "connectors.sources.mojeek:CONNECTOR",
    "searxng": "connectors.sources.searxng:CONNECTOR",
    "news_search": "connectors.sources.news_search:CONNECTOR",
    "google_alerts": "connectors.sources.google_alerts:CONNECTOR",
    "forum": "connectors.sources.forum:CONNECTOR",
    "discourse": "connectors.sources.discourse:CONNECTOR",
    "youtube_channel": "connectors.sources.youtube_channel:CONNECTOR",
    "reddit": "connectors.sources.reddit:CONNECTOR",
    "x": "connectors.sources.x:CONNECTOR",
    "threads": "connectors.sources.threads:CONNECTOR",
    "facebook_page": "connectors.sources.facebook_page:CONNECTOR",
    "instagram": "connectors.sources.instagram:CONNECTOR",
    "linkedin": "connectors.sources.linkedin:CONNECTOR",
    "trustpilot": "connectors.sources.trustpilot:CONNECTOR",
}


SERVICES: dict[str, str] = {"save_page_now": "connectors.archive:TERMS"}
"""What is no source and wants an answer for its terms all the same."""


class Connector(Protocol):
    """One kind of source. `searches` when it asks for the terms of a query, which it then `asks`
    as that says; one that needs the operator's secret has its name as `key`, one that somebody
    must answer for its `terms`. One that `rechecks` has a method `standing` for posts that are
    stored; one that has a method `conversation` tells of the posts around one. Options of a kind
    that is paid for by the piece tell the most that a month may `cost`."""

    kind: str
    searches: bool
    coverage: Coverage
    Options: type[BaseModel]

    async def poll(
        self, query: Query, cursor: Cursor, *, options: Any, fetch: Fetcher, now: datetime
    ) -> Batch:
        """What is new since the cursor. Raises ConnectorError."""
        ...


class UnknownKind(LookupError):
    """There is no connector of this kind."""


def connector(kind: str) -> Connector:
    """The connector of a kind. Raises UnknownKind."""
    if kind not in CONNECTORS:
        raise UnknownKind(f'"{kind}" is no kind of source; there are: {", ".join(CONNECTORS)}')
    module, _, attribute = CONNECTORS[kind].partition(":")
    found: Connector = getattr(import_module(module), attribute)
    return found


def key_name(kind: str) -> str:
    """The name of the secret that a kind asks with; empty when it needs none. Raises
    UnknownKind."""
    return str(getattr(connector(kind), "key", ""))


def secret_name(kind: str) -> str:
    """The name of the secret that a kind is given: the one it needs, or one with which it sees
    more. Raises UnknownKind."""
    return key_name(kind) or str(getattr(connector(kind), "further_key", ""))


def terms(kind: str) -> Terms | None:
    """What somebody must accept before a kind, or a service, is asked; None when nothing. Raises
    UnknownKind."""
    if kind in SERVICES:
        module, _, attribute = SERVICES[kind].partition(":")
        service: Terms = getattr(import_module(module), attribute)
        return service
    found: Terms | None = getattr(connector(kind), "terms", None)
    return found


def rechecks(kind: str) -> Rechecks | None:
    """How a kind's stored posts are looked at again; None when they cannot be. Raises
    UnknownKind."""
    found: Rechecks | None = getattr(connector(kind), "rechecks", None)
    return found


def converses(kind: str) -> bool:
    """Whether a kind tells of the posts around one. Raises UnknownKind."""
    return hasattr(connector(kind), "conversation")


def coverage(kind: str) -> Coverage:
    """What a kind sees and what it does not. Raises UnknownKind."""
    return connector(kind).coverage


def asks(kind: str, terms: Sequence[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that a source is asked, word for word; none where it is read whole, or where
    its options do not fit. Raises UnknownKind and ConnectorError."""
    found = connector(kind)
    ask = getattr(found, "asks", None)
    if ask is None:
        return ()
    try:
        return tuple(ask(terms, found.Options.model_validate(dict(options))))
    except ValidationError:
        return ()


def hosts(kind: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts that a source is asked of; none where its addresses are a secret. Raises
    UnknownKind."""
    try:
        read = connector(kind).Options.model_validate(dict(options))
    except ValidationError:
        return ()
    named = (urlsplit(one).netloc for one in addresses(read))
    return tuple(dict.fromkeys(host.removeprefix("www.") for host in named if host))


def addresses(options: BaseModel) -> tuple[str, ...]:
    """The addresses among a source's options, those of a platform's own interface included."""
    read = options.model_dump().values()
    values = [value if isinstance(value, tuple) else (value,) for value in read]
    written = [one for value in values for one in value if isinstance(one, str)]
    return tuple(one for one in written if "://" in one)


def cost(kind: str, options: Mapping[str, Any]) -> str:
    """The most that a month of a source may cost, in words; empty when it is not paid for by the
    piece, or when its options do not fit. Raises UnknownKind."""
    try:
        read = connector(kind).Options.model_validate(dict(options))
    except ValidationError:
        return ""
    return str(getattr(read, "cost", ""))
