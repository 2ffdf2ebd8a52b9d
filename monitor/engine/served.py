"""One trust as the stream serves it, and which stored posts the stream must know again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from config.sources import Source
from connectors import firehose
from connectors.firehose import Firehose
from connectors.parse.items import Happened, Item
from connectors.parse.jetstream import merged
from connectors.types import Batch, Health, Mention
from monitor import tasks
from monitor.context import Context
from monitor.store import rechecks
from monitor.store.views import ClaimedSource

KEPT = timedelta(minutes=3)
"""How long a source stays with the stream that does not say so again; then it is polled."""
KNOWN_AGAIN = 25
"""Posts by which a poll that goes on in our place knows where they overlap."""


@dataclass(slots=True, kw_only=True)
class Served:
    """Its row is held; everything up to `position` is committed, and `waiting` are the frames since
    then that may concern it, in their order."""

    ctx: Context
    source: Source
    claimed: ClaimedSource
    position: int
    is_cut: bool = False
    """Something before its position is lost."""
    waiting: list[bytes] = field(default_factory=list)
    renewed_at: float = 0.0
    failures: int = 0
    newest: int = 0
    """Number of the newest stored post that is known."""

    @property
    def trust(self) -> str:
        return self.ctx.store.trust

    def told(self, each: dict[bytes, Happened]) -> Happened:
        """What its waiting frames tell, one after the other."""
        return merged(each[frame] for frame in self.waiting)

    def ours(self, items: Sequence[Item], now: datetime) -> list[Item]:
        """Those that name it at least possibly."""
        mentions = [Firehose.mention(item, self.source, now) for item in items]
        named = self.ctx.classifier().mentions_us(mentions)
        return [item for item, is_ours in zip(items, named, strict=True) if is_ours]

    def commit(
        self,
        told: Happened,
        items: Sequence[Item],
        position: int,
        health: Health,
        *,
        kept_for: timedelta | None,
    ) -> None:
        """Rows, what was taken back, and where the stream stands, in one transaction; without
        `kept_for` its source is given back and due at once. Raises LeaseLost and StoreError."""
        now = self.ctx.clock()
        kept_until = now + kept_for if kept_for else None
        batch = self._batch([Firehose.mention(one, self.source, now) for one in items], told)
        cursor = replace(
            batch.cursor,
            high_water=str(position),
            seen=(*batch.cursor.seen, *(one.external_id for one in batch.mentions))[-KNOWN_AGAIN:],
        )
        batch = replace(batch, cursor=cursor, health=health)
        due = kept_until or now
        tasks.take_in(self.ctx, self.source, self.claimed, batch, due, kept_until=kept_until)
        self.claimed = replace(self.claimed, cursor=cursor)
        self.position, self.is_cut, self.failures = position, False, 0
        self.waiting.clear()

    def _batch(self, found: Sequence[Mention], told: Happened) -> Batch:
        known = set(self.claimed.cursor.seen)
        return Batch(
            mentions=tuple(one for one in found if one.external_id not in known),
            cursor=self.claimed.cursor,
            possible_gap=self.is_cut or told.is_outdated,
            changes=Firehose.changes(told.gone),
        )

    def arrived(self) -> list[str]:
        """Addresses of the network's posts that were stored since the last time, by whomever."""
        with self.ctx.store.read() as tx:
            new = rechecks.arrived(tx, firehose.PLATFORM, self.newest)
        self.newest = max([self.newest, *(number for number, _ in new)])
        return [firehose.uri_of(name) for _, name in new]


class Held:
    """By digest, what is held of the network and by whom: of all that is deleted there, nearly
    nothing is ours, and no database need be asked to know that."""

    def __init__(self) -> None:
        self._posts: dict[int, set[str]] = defaultdict(set)
        self._accounts: dict[int, set[str]] = defaultdict(set)

    def add(self, trust: str, uri: str) -> None:
        self._posts[hash(uri)].add(trust)
        self._accounts[hash(firehose.author(uri))].add(trust)

    def whose(self, gone: str) -> frozenset[str]:
        """Who may hold what was taken back: a post's address, or an account's with a slash."""
        kept = self._accounts if gone.endswith("/") else self._posts
        return frozenset(kept.get(hash(gone), ()))
