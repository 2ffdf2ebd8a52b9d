"""The posts around one, as every platform that tells of them is asked: when somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from connectors.fetch.client import Fetcher, Response
from connectors.parse.child import Limits, parse
from connectors.parse.items import Around, Item
from connectors.types import Conversation, Mention

Reader = Callable[[bytes, str, str], Around]


async def told_around(answer: Response, parser: Reader, fetch: Fetcher) -> Around:
    """The answer's posts, read where hostile bytes may. Raises ConnectorError."""
    limits = Limits.of(fetch.settings)
    return await asyncio.to_thread(
        parse, parser, answer.body, answer.content_type, answer.url, limits=limits
    )


def conversed(around: Around, told: Callable[[Item], Mention]) -> Conversation:
    withheld = around.withheld
    return Conversation(
        before=tuple(map(told, around.before)),
        after=tuple(map(told, around.after)),
        partial=f"{withheld} more were deleted, or are not for everybody." if withheld else "",
    )
