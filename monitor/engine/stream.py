"""The stream tier: one connection to a whole network, matched against the names of many trusts.

Each frame is glimpsed at and matched; nearly all are dropped there. What may concern a trust waits,
a second at most, until it is read whole, judged and committed with the trust's cursor, in the same
way as a poll's. Meanwhile nothing more is read: the server waits at its own end of the line, and
memory stays bounded. After a crash each trust goes on from its cursor; a trust that the stream does
not keep any more is polled again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Event
from typing import TypeVar

import structlog

from classifiers.matching.crowd import Crowd
from classifiers.matching.forms import folded
from config.sources import Source
from connectors import firehose
from connectors.errors import ConnectorError, Malformed, Throttled, Unreachable
from connectors.fetch.stream import Line
from connectors.firehose import A_SECOND, OVERLAP, Firehose, Glimpse
from connectors.parse.items import Happened
from connectors.types import Health, NotMeasured, Ok, Partial
from monitor import tasks
from monitor.context import Context
from monitor.engine.scheduler import together
from monitor.engine.served import KEPT, Held, Served
from monitor.store.errors import StoreError

log = structlog.get_logger()
CHUNK = 500
"""Frames that are looked at between two looks at the clock."""
WITHIN_SECONDS = 1.0
"""A frame that concerns somebody is stored after so long."""
MOST_WAITING = 2_000
"""Frames; with so many the stream is not read on before they are stored."""
RENEWED_EVERY_SECONDS = 60.0
SILENT_SECONDS = 30.0
SIDE_BY_SIDE = 4
"""Trusts whose rows are written at the same time."""
TRIES = 3
"""A trust whose rows fail so often in a row is left to its polls, so that it stops no other."""
AGAIN_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
Done = TypeVar("Done")


class Stream:
    """Follows until stopped. Every context's store is of one database on a server, and the source
    of the stream's kind that each has names the same server."""

    def __init__(self, contexts: Sequence[Context]) -> None:
        self._contexts = {ctx.store.trust: ctx for ctx in contexts}
        self._first = contexts[0]
        self._hose = Firehose(source_of(self._first), self._first.fetcher)
        self._crowd = Crowd({trust: _forms(ctx) for trust, ctx in self._contexts.items()})
        self._held = Held()
        self._served: dict[str, Served] = {}
        self._left: set[str] = set()
        self._position = 0
        self._lost = 0
        self._ended: Throttled | None = None
        self._is_short = False
        self._is_held: Callable[[], bool] = lambda: False
        self._stopping = Event()
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="stream")

    @property
    def position(self) -> int:
        """How far everything was looked at, in microseconds since 1970; 0 before the first."""
        return self._position

    def run(self) -> None:
        """Until `stop`. Of several that serve the same trusts one leads and the others wait."""
        name = f"stream {together(self._contexts)}"
        while not self._stopping.is_set():
            try:
                with self._first.store.hold(name) as is_held:
                    if is_held:
                        asyncio.run(self._lead(is_held))
            except StoreError as error:
                log.warning("stream lost the database", error=type(error).__name__)
            self._stopping.wait(AGAIN_SECONDS)

    def stop(self) -> None:
        """What waits is stored first. From any thread or signal handler."""
        self._stopping.set()

    async def _lead(self, is_held: Callable[[], bool]) -> None:
        """Raises StoreError; whoever leads next goes on from what is committed."""
        self._served.clear()
        self._left.clear()
        self._is_held = is_held
        failures = 0
        while not self._stopping.is_set() and await self._in_thread(is_held):
            await self._seize()
            if not self._served:
                return
            try:
                async with self._hose.following(self._start()) as line:
                    await self._follow(line)
                failures = 0
            except ConnectorError as error:
                failures += 1
                await self._wait(failures, error)
        await self._settle(everyone=True, is_end=True)

    def _start(self) -> int:
        self._position = min(one.position for one in self._served.values()) - OVERLAP
        return self._position

    async def _seize(self) -> None:
        """Hold the sources that are not held; whoever polls one meanwhile is rolled back."""
        known = self._served.keys() | self._left
        missing = [ctx for trust, ctx in self._contexts.items() if trust not in known]
        clock = asyncio.get_running_loop().time()
        taken = await asyncio.gather(*(self._in_thread(_seized, ctx) for ctx in missing))
        for at, one in enumerate(filter(None, taken)):
            one.renewed_at = clock - RENEWED_EVERY_SECONDS * at / len(taken)
            self._served[one.trust] = one
        await asyncio.gather(*(self._learn(one) for one in filter(None, taken)))
        self._is_short = False
        log.info("stream serves", trusts=len(self._served), names=self._crowd.forms)

    async def _follow(self, line: Line) -> None:
        """Until the line ends, or a trust is missing. Raises ConnectorError and StoreError."""
        clock = asyncio.get_running_loop().time
        heard_at = settled_at = clock()
        while line.is_open and self._served and not self._is_short:
            if self._ended or self._stopping.is_set():
                break
            frames = await line.several(CHUNK, within=WITHIN_SECONDS)
            if frames:
                heard_at = clock()
                self._look(frames)
            elif clock() - heard_at > SILENT_SECONDS:
                raise Unreachable("The stream is silent, where everybody's posts come by.")
            waiting = sum(len(one.waiting) for one in self._served.values())
            if waiting > MOST_WAITING or clock() - settled_at >= WITHIN_SECONDS:
                await self._settle()
                settled_at = clock()
        await self._settle()
        if ended := self._ended:
            self._ended = None
            raise ended

    def _look(self, frames: Sequence[bytes]) -> None:
        """Put each frame where it may concern somebody. Raises Malformed when none is an event."""
        lost = 0
        for frame in frames:
            try:
                seen = self._hose.glimpse(frame)
            except Malformed:
                lost += 1
                continue
            except Throttled as error:
                self._ended = error
                break
            self._position = max(self._position, seen.position)
            if seen.is_gone:
                self._put(frame, seen, self._held.whose(seen.uri))
            elif seen.said:
                self._put(frame, seen, self._crowd.whose(seen.said))
            elif seen.is_outdated:
                for one in self._served.values():
                    one.is_cut = True
        self._lost += lost
        if lost == len(frames):
            raise Malformed("The stream sends what is no event.")

    def _put(self, frame: bytes, seen: Glimpse, whose: Iterable[str]) -> None:
        for trust in whose:
            one = self._served.get(trust)
            if one and seen.position > one.position - OVERLAP:
                one.waiting.append(frame)
                if not seen.is_gone:
                    self._held.add(trust, seen.uri)

    async def _settle(
        self, health: Health | None = None, *, everyone: bool = False, is_end: bool = False
    ) -> None:
        """Commit what waits, and renew what has long not been, or everything; in the end, give it
        back. Raises StoreError when the database is gone."""
        clock = asyncio.get_running_loop().time()
        busy = [one for one in self._served.values() if one.waiting]
        each = await self._read(busy)
        told = {one.trust: one.told(each) for one in busy}
        now = self._first.clock()
        named = await self._each(busy, lambda one: one.ours(told[one.trust].items, now))
        every = {item.id: item for items in named.values() for item in items}
        shown, trouble = await self._hose.whole(list(every.values()))
        said = health or self._health(trouble)
        due = [
            one for one in self._served.values() if clock - one.renewed_at > RENEWED_EVERY_SECONDS
        ]

        def commit(one: Served) -> None:
            items = [shown[item.id] for item in named.get(one.trust, ()) if item.id in shown]
            told_it = told.get(one.trust, Happened())
            position = max(self._position, one.position)
            one.commit(told_it, items, position, said, kept_for=None if is_end else KEPT)

        quiet = [one for one in (self._served.values() if everyone else due) if not one.waiting]
        await self._each([*(one for one in busy if one.trust in named), *quiet], commit)
        for one in due:
            one.renewed_at = clock
            await self._learn(one)

    async def _read(self, busy: Sequence[Served]) -> dict[bytes, Happened]:
        """What all waiting frames tell; one that concerns many is read once."""
        frames = list(dict.fromkeys(chain.from_iterable(one.waiting for one in busy)))
        each: dict[bytes, Happened] = {}
        for at in range(0, len(frames), CHUNK):
            some = frames[at : at + CHUNK]
            each |= zip(some, await self._hose.read(some), strict=True)
        return each

    async def _each(
        self, served: Sequence[Served], work: Callable[[Served], Done]
    ) -> dict[str, Done]:
        """Work on several side by side; what was done, by trust. One that fails stops no other;
        where the database is gone, StoreError is raised."""
        asked = [self._in_thread(work, one) for one in served]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        broken = [one for one in outcomes if isinstance(one, StoreError)]
        if broken and not await self._in_thread(self._is_held):
            raise broken[0]
        done: dict[str, Done] = {}
        for one, outcome in zip(served, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                await self._failed(one, outcome)
            else:
                done[one.trust] = outcome
        return done

    async def _failed(self, one: Served, error: BaseException) -> None:
        one.failures += 1
        kind = type(error).__name__
        log.warning("stream failed for a trust", trust=one.trust, error=kind, tries=one.failures)
        if isinstance(error, tasks.LeaseLost):
            del self._served[one.trust]
            self._is_short = True
        elif one.failures >= TRIES:
            log.error("stream leaves a trust to its polls", trust=one.trust, exc_info=error)
            del self._served[one.trust]
            self._left.add(one.trust)
            await self._in_thread(tasks.release_source, one.ctx, one.source.id)

    async def _learn(self, one: Served) -> None:
        for uri in await self._in_thread(one.arrived):
            self._held.add(one.trust, uri)

    def _health(self, trouble: str) -> Health:
        now = firehose.microseconds(self._first.clock())
        minutes = (now - self._position) // (60 * A_SECOND)
        troubles = [f"It is {minutes} min behind."] if minutes else []
        if self._lost:
            troubles.append(f"{self._lost} events could not be read.")
            self._lost = 0
        return Partial(" ".join([*troubles, trouble]).strip()) if troubles or trouble else Ok()

    async def _wait(self, failures: int, error: ConnectorError) -> None:
        """Store what came before the line broke; leave the server alone for a time, and say so
        where that lasts."""
        log.warning("stream broke", error=type(error).__name__, failures=failures)
        lasting = NotMeasured(type(error).__name__, str(error), error.retry_after)
        lasts = failures >= TRIES
        await self._settle(lasting if lasts else None, everyone=lasts)
        wait = min(2.0**failures, LONGEST_WAIT_SECONDS)
        await self._in_thread(self._stopping.wait, max(wait, error.retry_after or 0))

    async def _in_thread(self, work: Callable[..., Done], *arguments: object) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


def _seized(ctx: Context) -> Served | None:
    """A trust as the stream serves it; None where its source is not known to the database."""
    source = source_of(ctx)
    claimed = tasks.seize_source(ctx, source.id, KEPT)
    if claimed is None:
        log.warning("stream has no such source", trust=ctx.store.trust)
        return None
    position, is_cut = firehose.beginning(claimed.cursor, ctx.clock())
    return Served(ctx=ctx, source=source, claimed=claimed, position=position, is_cut=is_cut)


def source_of(ctx: Context) -> Source:
    """The one source by which a trust follows the stream. Raises LookupError."""
    found = [one for one in ctx.settings.sources if one.enabled and one.kind == firehose.KIND]
    if len(found) != 1:
        raise LookupError(ctx.settings.trust.id)
    return found[0]


def _forms(ctx: Context) -> Iterable[str]:
    """What is looked for: the terms of its source, or all its names."""
    terms = source_of(ctx).terms
    return map(folded, firehose.looked_for(terms)) if terms else ctx.classifier().own_forms
