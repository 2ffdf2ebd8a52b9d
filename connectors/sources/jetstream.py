"""Bluesky's Jetstream: everybody's public posts as they are written; what names us is kept.

A poll follows the stream from where the last one ended until it has caught up with now, so that
nothing is lost between two polls; the server remembers about 36 hours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from connectors.conversations import conversed, told_around
from connectors.errors import ConnectorError, Forbidden, Malformed, Unreachable
from connectors.feeds import Address, read, remembered
from connectors.fetch.client import Fetcher
from connectors.fetch.stream import Line
from connectors.parse.bluesky import parse_posts, parse_thread
from connectors.parse.child import Limits, parse
from connectors.parse.items import Happened, Item
from connectors.parse.jetstream import POSTS, merged, microseconds, read_frames
from connectors.parse.naming import names_of
from connectors.posts import ACCEPT, posted
from connectors.queries import hashtags, phrase
from connectors.types import (
    Batch,
    Changes,
    Conversation,
    Coverage,
    Cursor,
    Mention,
    Ok,
    Partial,
    Query,
    Rechecks,
    Standing,
    Terms,
)

PLATFORM = "bluesky"
ANSWERED = 25
"""Posts that are told of at once."""
CHUNK = 500
"""Frames that are read at once."""
LISTEN = timedelta(seconds=18)
"""Followed at one poll; the rest comes with the next."""
QUIET = timedelta(seconds=2)
"""Without a frame for so long, the stream is read to its end."""
FIRST_LOOK = timedelta(minutes=10)
OVERLAP = timedelta(seconds=5)
"""Read again each time: servers witness events at slightly different moments."""
REMEMBERED = timedelta(hours=36)
"""By the server; an older position begins there, which v1 does not say."""
MOST_POSTS, MOST_GONE = 2_000, 50_000
"""Kept of one poll; past these it goes on at the next."""
A_SECOND = 1_000_000
HOSTS = {
    "v1": "https://jetstream2.us-east.bsky.network",
    "v2": "https://jetstream.us-east.bsky.network",
}


class JetstreamOptions(BaseModel):
    """`dialect` that the server at `address` speaks (empty: Bluesky's own for the dialect). What
    was found is looked up at `appview`, which says who wants to be seen by the signed-in only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dialect: Literal["v1", "v2"] = "v1"
    address: Annotated[str, Field(pattern=r"^(?:https?://[^\s/]\S*)?$", max_length=2048)] = ""
    appview: Address = "https://public.api.bsky.app"

    @property
    def server(self) -> str:
        return (self.address or HOSTS[self.dialect]).rstrip("/")

    def stream(self, position: int) -> str:
        """Where the stream of posts is followed from a position."""
        if self.dialect == "v1":
            asked: dict[str, object] = {"wantedCollections": POSTS, "cursor": position}
            return f"{self.server}/subscribe?{urlencode(asked)}"
        asked = {"collections": POSTS, "kinds": ["commit", "account"], "cursor": position}
        path = "/xrpc/network.bsky.jetstream.subscribeEvents"
        return f"{self.server}{path}?{urlencode(asked, doseq=True)}"


class Jetstream:
    kind = "jetstream"
    searches = True
    coverage = Coverage(
        platforms=("Bluesky",),
        sees="public posts that name you, within a minute, and what is deleted",
        misses="names written otherwise than in your terms, people who want to be seen by the "
        "signed-in only",
        delay="seconds, and the interval",
    )
    terms = Terms(
        say="It sends everybody's public posts on Bluesky to your server, where all but those "
        "that name you are dropped at once: your DPIA must name that.",
        risk="The search brings the same posts, later, and asks for yours alone; where that is "
        "enough, this is more than is needed.",
    )
    rechecks = Rechecks(every=timedelta(days=1), most=ANSWERED)
    Options: type[BaseModel] = JetstreamOptions

    def asks(self, terms: Sequence[str], options: JetstreamOptions) -> tuple[str, ...]:
        """Nothing is asked; this is what posts are kept for."""
        looked_for = (*map(phrase, terms), *(f"#{tag}" for tag in hashtags(terms)))
        return tuple(dict.fromkeys(looked_for))

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: JetstreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """The stream from the cursor up to now, or as far as one poll comes."""
        names = names_of(query.terms, hashtags(query.terms))
        if not names:
            raise Forbidden("None of the terms can be looked for here.")
        known = int(cursor.high_water or 0)
        start = known or microseconds(now - FIRST_LOOK)
        reading = _Reading(
            names=names, fetch=fetch, until=microseconds(now), told=Happened(position=start)
        )
        address = options.stream(start - int(OVERLAP.total_seconds()) * A_SECOND)
        dialect = "xrpc.v1.json" if options.dialect == "v2" else ""
        async with fetch.listening(address, dialect=dialect) as line:
            await reading.follow(line)
        items, trouble = await whole(fetch, options.appview, list(reading.told.items))
        is_cut = known and start < microseconds(now - REMEMBERED)
        return reading.batch(items, cursor, now, trouble=trouble, is_cut=bool(is_cut))

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: JetstreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        """What is missing of the answer was deleted. Raises ConnectorError."""
        uris = {one.external_id.removeprefix(f"{PLATFORM}:"): one.external_id for one in posts}
        there = await _looked_up(fetch, options.appview, list(uris))
        return {
            whole: there[uri].text if uri in there and there[uri].id else None
            for uri, whole in uris.items()
        }

    async def conversation(
        self,
        post: Mention,
        query: Query,
        *,
        options: JetstreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Conversation:
        """What it answers, and what answers it. Raises ConnectorError."""
        asked = urlencode({"uri": post.external_id.removeprefix(f"{PLATFORM}:"), "depth": 3})
        address = f"{options.appview.rstrip('/')}/xrpc/app.bsky.feed.getPostThread?{asked}"
        around = await told_around(await fetch.get(address, accept=ACCEPT), parse_thread, fetch)
        return conversed(around, lambda one: as_mention(one, now))


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One poll's way along the stream."""

    names: tuple[str, ...]
    fetch: Fetcher
    until: int
    told: Happened
    """So far."""
    is_behind: bool = True

    async def follow(self, line: Line) -> None:
        """Read on until now, until the server has nothing more or breaks off, or until a poll's
        time or room is used up. Raises ConnectorError when nothing could be read."""
        clock = asyncio.get_running_loop().time
        last = clock() + LISTEN.total_seconds()
        limits = Limits.of(self.fetch.settings)
        came = 0
        while self.is_behind and not self.told.ended and line.is_open and clock() < last:
            frames = await line.several(CHUNK, within=QUIET.total_seconds())
            if not frames and came:
                self.is_behind = not line.is_open
                break
            came += len(frames)
            self._add(
                await asyncio.to_thread(parse, read_frames, frames, self.names, limits=limits)
            )
            if len(self.told.items) > MOST_POSTS or len(self.told.gone) > MOST_GONE:
                break
        self._check(came)

    def _check(self, came: int) -> None:
        if not came:
            raise Unreachable(
                self.told.ended or "The stream is silent, where everybody's posts come by."
            )
        if self.told.lost == came:
            raise Malformed("The stream sends what is no event.")

    def _add(self, told: Happened) -> None:
        self.told = merged([self.told, told])
        self.is_behind = self.told.position < self.until

    def batch(
        self, items: Sequence[Item], cursor: Cursor, now: datetime, *, trouble: str, is_cut: bool
    ) -> Batch:
        found = {one.external_id: one for one in (as_mention(item, now) for item in items)}
        seen = set(cursor.seen)
        troubles = [*self._troubles(), *filter(None, [trouble])]
        return Batch(
            mentions=tuple(one for name, one in found.items() if name not in seen),
            cursor=replace(
                cursor,
                high_water=str(self.told.position),
                seen=remembered(cursor.seen, list(found)),
            ),
            health=Partial(" ".join(troubles)) if troubles else Ok(),
            possible_gap=is_cut or self.told.is_outdated,
            changes=changes(self.told.gone),
        )

    def _troubles(self) -> list[str]:
        troubles = [self.told.ended] if self.told.ended else []
        if self.told.lost:
            troubles.append(f"{self.told.lost} events could not be read.")
        if self.is_behind:
            minutes = max((self.until - self.told.position) // (60 * A_SECOND), 1)
            troubles.append(f"It is {minutes} min behind and goes on at the next poll.")
        return troubles


def changes(gone: Sequence[str]) -> Changes:
    """Posts, and accounts with a slash at their end, as taken back."""
    return Changes(
        platform=PLATFORM,
        standing={f"{PLATFORM}:{uri}": None for uri in gone if not uri.endswith("/")},
        gone_under=tuple(f"{PLATFORM}:{uri}" for uri in gone if uri.endswith("/")),
    )


def as_mention(item: Item, now: datetime) -> Mention:
    return posted(item, platform=PLATFORM, now=now)


async def whole(fetch: Fetcher, appview: str, items: list[Item]) -> tuple[list[Item], str]:
    """With their authors' names and without those who want to be seen by the signed-in only;
    what is not there yet, or cannot be looked up, stays as the stream told it, and is looked at
    again within a day."""
    try:
        known = await _looked_up(fetch, appview, [item.id for item in items])
    except ConnectorError as error:
        return items, f"Authors could not be looked up: {error}"
    whole = [known.get(item.id, item) for item in items]
    return [item for item in whole if item.id], ""


async def _looked_up(fetch: Fetcher, appview: str, uris: list[str]) -> dict[str, Item]:
    """The posts by address; one that is not for us has no id. Raises ConnectorError."""
    found: dict[str, Item] = {}
    for at in range(0, len(uris), ANSWERED):
        query = urlencode({"uris": uris[at : at + ANSWERED]}, doseq=True)
        address = f"{appview.rstrip('/')}/xrpc/app.bsky.feed.getPosts?{query}"
        page = await read(await fetch.get(address, accept=ACCEPT), parse_posts, fetch)
        if page.partial:
            raise Malformed(page.partial)
        found |= {item.id or item.url: item for item in page.items}
    return found


CONNECTOR = Jetstream()
