"""A whole network followed once for many: what `monitor stream` calls of a platform.

It is the source of kind "jetstream", of which each trust has its own row and cursor; a poll follows
it for one trust, this for all that name the same server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from config.sources import Source
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher
from connectors.fetch.stream import Line
from connectors.parse import glimpse
from connectors.parse.child import Limits, parse
from connectors.parse.glimpse import Glimpse
from connectors.parse.items import Happened, Item
from connectors.parse.jetstream import POSTS, microseconds, read_each
from connectors.polling import placed
from connectors.queries import hashtags
from connectors.sources import jetstream
from connectors.sources.jetstream import (
    A_SECOND,
    FIRST_LOOK,
    PLATFORM,
    REMEMBERED,
    Jetstream,
    JetstreamOptions,
    as_mention,
    changes,
    whole,
)
from connectors.types import Changes, Cursor, Mention

KIND = Jetstream.kind
UNREAD = Happened(lost=1)
OVERLAP = int(jetstream.OVERLAP.total_seconds()) * A_SECOND
"""Read again when it goes on: servers witness events at slightly different moments."""
__all__ = ["A_SECOND", "PLATFORM", "Firehose", "Glimpse", "microseconds"]


class Firehose:
    """The server that a source names; `fetcher` is the door to it."""

    def __init__(self, source: Source, fetcher: Fetcher) -> None:
        self._options = JetstreamOptions.model_validate(dict(source.options))
        self._fetch = fetcher.reaching(source.allow)

    @asynccontextmanager
    async def following(self, position: int) -> AsyncIterator[Line]:
        """The line, from a position on. Raises ConnectorError."""
        dialect = "xrpc.v1.json" if self._options.dialect == "v2" else ""
        async with self._fetch.listening(self._options.stream(position), dialect=dialect) as line:
            yield line

    def glimpse(self, frame: bytes) -> Glimpse:
        """Whom it may concern. Raises Malformed and Throttled."""
        return glimpse.glimpse(frame, self._options.dialect)

    async def read(self, frames: Sequence[bytes]) -> list[Happened]:
        """What each frame tells, read in the killable child; one that ends the child is lost, and
        no other with it."""
        limits = Limits.of(self._fetch.settings)
        try:
            return list(await asyncio.to_thread(parse, read_each, list(frames), limits=limits))
        except ConnectorError:
            if len(frames) == 1:
                return [UNREAD]
        half = len(frames) // 2
        return [*await self.read(frames[:half]), *await self.read(frames[half:])]

    async def whole(self, items: Sequence[Item]) -> tuple[dict[str, Item], str]:
        """By their ids with their authors' names, without those who want to be seen by the
        signed-in only; and what could not be looked up, in words."""
        found, trouble = await whole(self._fetch, self._options.appview, list(items))
        return {item.id: item for item in found}, trouble

    @staticmethod
    def mention(item: Item, source: Source, now: datetime) -> Mention:
        return placed(as_mention(item, now), source)

    @staticmethod
    def changes(gone: Sequence[str]) -> Changes:
        return changes(gone)


def place(sources: Sequence[Source]) -> tuple[str, str]:
    """The server that the first of them of this kind names, and its dialect."""
    source = next(one for one in sources if one.enabled and one.kind == KIND)
    options = JetstreamOptions.model_validate(dict(source.options))
    return options.server, options.dialect


def beginning(cursor: Cursor, now: datetime) -> tuple[int, bool]:
    """Where a trust's part of the stream begins, and whether something before it is lost."""
    known = int(cursor.high_water or 0)
    oldest = microseconds(now - REMEMBERED)
    if not known:
        return microseconds(now - FIRST_LOOK), False
    return max(known, oldest), known < oldest


def uri_of(external_id: str) -> str:
    """The address of a stored post on its network."""
    return external_id.removeprefix(f"{PLATFORM}:")


def author(uri: str) -> str:
    """The account of a post's address, with a slash at its end."""
    return uri[: uri.find(f"/{POSTS}/") + 1] if f"/{POSTS}/" in uri else uri


def looked_for(terms: Sequence[str]) -> tuple[str, ...]:
    """Terms that a source was given, with the hashtags that people make of them."""
    return (*terms, *hashtags(terms))
