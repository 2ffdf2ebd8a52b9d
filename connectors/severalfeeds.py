"""Several feeds as one source: each is a question of its own, asked in turn, and none sooner than
it wants to be by its own words, whatever the others want."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from connectors.errors import Forbidden
from connectors.feeds import poll_feed
from connectors.fetch.client import Fetcher
from connectors.parse.feed import parse_feed
from connectors.posts import Found, Question, ask_in_turn
from connectors.types import Batch, Cursor, MentionKind, Partial

READ = "read"
"""Begins the mark of a feed whose window was seen before; then comes until when it rests."""
LONGEST_REST = timedelta(hours=1)
"""Whatever a feed says of itself: many publish a programme's default."""


async def poll_feeds(
    feeds: Mapping[str, str],
    cursor: Cursor,
    *,
    fetch: Fetcher,
    now: datetime,
    kind: MentionKind = "article",
    platform: str = "web",
    most: int | None = None,
) -> Batch:
    """The feeds by address, each under a key that is the same in every poll, at `most` so many
    of them. Raises ConnectorError when none could be read."""

    async def window(address: str, mark: str | None) -> Found:
        if mark is not None and (rests := _rests(mark, now)) > 0:
            return Found(mark=mark, rests_seconds=rests)
        batch = await poll_feed(
            address,
            Cursor(seen=cursor.seen),
            parser=parse_feed,
            fetch=fetch,
            now=now,
            kind=kind,
            platform=platform,
        )
        trouble = batch.health.reason if isinstance(batch.health, Partial) else ""
        gap = mark is not None and batch.possible_gap
        return Found(
            mentions=batch.mentions,
            mark=_mark(now, batch.rests_seconds),
            trouble=trouble,
            possible_gap=gap,
            rests_seconds=batch.rests_seconds,
        )

    questions = [
        Question(key=key, host=_host(address), ask=partial(window, address))
        for key, address in feeds.items()
    ]
    return await ask_in_turn(questions, cursor, most=most)


def _mark(now: datetime, rests_seconds: float) -> str:
    until = now + min(timedelta(seconds=rests_seconds), LONGEST_REST)
    return f"{READ} {until.astimezone(UTC).isoformat()}" if rests_seconds else READ


def _rests(mark: str, now: datetime) -> float:
    """The seconds for which a feed is to be left alone yet."""
    try:
        until = datetime.fromisoformat(mark.removeprefix(READ).strip())
        return min((until - now).total_seconds(), LONGEST_REST.total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        raise Forbidden("The address of a feed is not a valid one.") from None
