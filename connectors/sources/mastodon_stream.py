"""Mastodon's streams: hashtags as they are used, what is edited and what is deleted.

A stream cannot be followed from where it was left, so each poll opens it, then reads in the
timelines what came since the last one, and then listens: what is told twice is one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, ConnectorError, Gone
from connectors.feeds import Address, read, remembered
from connectors.fetch.client import Fetcher
from connectors.fetch.stream import Line
from connectors.keys import key_of, secret
from connectors.mastodon import PLATFORM, TOKENS, Server, conversation, servers, standing
from connectors.parse.child import Limits, parse
from connectors.parse.items import Happened, Item
from connectors.parse.mastodon import parse_streaming, read_events
from connectors.posts import ACCEPT, Question, ask_in_turn, posted
from connectors.queries import hashtags
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

CATCH_UP = timedelta(seconds=12)
CHUNK = 200
QUIET_SECONDS = 2.0
MOST = 2_000
"""Events kept of one poll; what comes later is read in the timeline at the next."""
KNOWN = 300
"""Posts of each source whose numbers on their servers are remembered, to know a deletion by."""


class MastodonStreamOptions(BaseModel):
    """`servers` on each of which the Trust has an account, with its token in the secret;
    `listen` are the seconds that each poll listens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    servers: Annotated[tuple[Address, ...], Field(min_length=1, max_length=5)]
    listen: Annotated[int, Field(ge=1, le=20)] = 10


class MastodonStream:
    kind = "mastodon_stream"
    searches = True
    coverage = Coverage(
        platforms=("Mastodon",),
        sees="public posts with a hashtag made of your names, within seconds, edits and deletions",
        misses="posts without the hashtag, deletions while nobody listens (they are found within "
        "a day), what is for followers only",
        delay="seconds while it listens, else the interval",
    )
    key = TOKENS
    terms = Terms(
        say="It keeps a line to each server open most of the time, as the app of somebody who "
        "reads along does.",
        risk="Those who run the server may not want that of a service, and close the account.",
    )
    rechecks = Rechecks(every=timedelta(days=1), most=10)
    Options: type[BaseModel] = MastodonStreamOptions

    def asks(self, terms: Sequence[str], options: MastodonStreamOptions) -> tuple[str, ...]:
        """Each hashtag by itself."""
        return tuple(f"#{tag}" for tag in hashtags(terms))

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: MastodonStreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """What came since the last poll, and then what comes while it listens."""
        key_of(query, TOKENS)
        tags = hashtags(query.terms)
        asked_of = servers(options.servers, query.secret, fetch, now)
        memory = _Memory.of(cursor)
        for server in asked_of:
            server.numbers |= memory.numbers.get(server.host, {})
        heard = [_Heard(server) for server in asked_of]
        async with AsyncExitStack() as lines:
            for one in heard:
                await one.open(lines, tags)
            questions = [
                Question(
                    key=f"{server.host}#{tag}", host=server.host, ask=partial(server.tagged, tag)
                )
                for tag in tags
                for server in asked_of
            ]
            batch = await ask_in_turn(questions, memory.turn, poll=CATCH_UP)
            await asyncio.gather(*(one.listen(options.listen) for one in heard))
        return _joined(batch, heard, now)

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: MastodonStreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        return await standing(posts, fetch)

    async def conversation(
        self,
        post: Mention,
        query: Query,
        *,
        options: MastodonStreamOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Conversation:
        """What it answers, and what answers it. Raises ConnectorError."""
        return await conversation(post, fetch, now)


@dataclass(slots=True)
class _Heard:
    """One server's stream during one poll."""

    server: Server
    line: Line | None = None
    items: dict[str, Item] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Addresses of posts that were deleted."""
    lost: int = 0
    trouble: str = ""

    async def open(self, lines: AsyncExitStack, tags: Sequence[str]) -> None:
        """The line, with every hashtag asked for; what hinders that is the `trouble`."""
        try:
            if not self.server.token:
                raise AuthLost(f"{secret(TOKENS)} has no token for it.")
            bearer = {"Authorization": f"Bearer {self.server.token}"}
            address = f"{await self._place()}/api/v1/streaming"
            self.line = await lines.enter_async_context(
                self.server.fetch.listening(address, private=bearer)
            )
            for tag in tags:
                asked = {"type": "subscribe", "stream": "hashtag", "tag": tag}
                await self.line.say(json.dumps(asked))
        except ConnectorError as error:
            self.line = None
            self.trouble = f"The stream of {self.server.host} cannot be followed: {error}"

    async def _place(self) -> str:
        """Where the server says that its streams are; not all say. Raises ConnectorError."""
        fetch, own = self.server.fetch, self.server.address
        try:
            answer = await fetch.get(f"{own}/api/v2/instance", accept=ACCEPT)
        except Gone:
            return own
        told = (await read(answer, parse_streaming, fetch)).next
        scheme, mark, place = told.rstrip("/").partition("://")
        return f"{'https' if scheme == 'wss' else 'http'}://{place}" if mark else own

    async def listen(self, seconds: int) -> None:
        """What comes while the poll listens; a line that breaks is opened again by the next."""
        clock = asyncio.get_running_loop().time
        last = clock() + seconds
        limits = Limits.of(self.server.fetch.settings)
        while self.line and self.line.is_open and len(self.items) + len(self.gone) < MOST:
            within = min(last - clock(), QUIET_SECONDS)
            if within <= 0:
                return
            try:
                frames = await self.line.several(CHUNK, within=within)
                self._add(
                    await asyncio.to_thread(
                        parse, read_events, frames, self.server.host, limits=limits
                    )
                )
            except ConnectorError as error:
                self.trouble = f"The stream of {self.server.host} broke off: {error}"
                return
        if self.line and not self.line.is_open:
            self.trouble = f"The stream of {self.server.host} broke off."

    def _add(self, told: Happened) -> None:
        self.lost += told.lost
        for item in told.items:
            if item.id:
                self.items[item.id] = item
                self.server.numbers[item.position] = item.id
            elif uri := self.server.numbers.get(item.position):  # edited, and no longer for us
                self.gone.add(uri)
        for number in told.gone:
            if uri := self.server.numbers.pop(number, ""):
                self.gone.add(uri)
                self.items.pop(uri, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What the cursor holds: where each timeline was read to, and by which number each server
    calls the posts that were told last."""

    turn: Cursor
    numbers: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, cursor: Cursor) -> _Memory:
        """A cursor of another kind of source is none."""
        try:
            state = json.loads(cursor.high_water or "{}")
            turn, numbers = state.get("turn"), dict(state.get("numbers", {}))
        except (ValueError, TypeError, AttributeError):
            turn, numbers = None, {}
        return cls(turn=replace(cursor, high_water=turn), numbers=numbers)


def _joined(batch: Batch, heard: Sequence[_Heard], now: datetime) -> Batch:
    """What the timelines and the streams told, each post once and none that was deleted since."""
    gone = {uri for one in heard for uri in one.gone}
    live = {item.id: item for one in heard for item in one.items.values()}
    told = {one.external_id: one for one in batch.mentions}
    told |= {uri: posted(item, platform=PLATFORM, now=now) for uri, item in live.items()}
    seen = set(batch.cursor.seen) - {one.external_id for one in batch.mentions}
    troubles = [one.trouble for one in heard if one.trouble]
    troubles += [f"{one.lost} events could not be read." for one in heard if one.lost]
    if isinstance(batch.health, Partial):
        troubles.append(batch.health.reason)
    edited = {uri: item.text for uri, item in live.items() if item.edited_at}
    numbers = {one.server.host: _newest(one.server.numbers) for one in heard}
    state = json.dumps({"turn": batch.cursor.high_water, "numbers": numbers})
    return replace(
        batch,
        mentions=tuple(one for uri, one in told.items() if uri not in seen | gone),
        cursor=replace(
            batch.cursor, high_water=state, seen=remembered(batch.cursor.seen, list(told))
        ),
        health=Partial(" ".join(troubles)) if troubles else Ok(),
        changes=Changes(platform=PLATFORM, standing={**edited, **dict.fromkeys(gone)}),
    )


def _newest(numbers: Mapping[str, str]) -> dict[str, str]:
    return dict(list(numbers.items())[-KNOWN:])


CONNECTOR = MastodonStream()
