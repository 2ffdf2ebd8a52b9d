"""Who is looking at what: a claim keeps two people from one mention, and goes by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update

from monitor.store import response_clocks
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.queue_tables import ClaimRow, SkipRow, WatchRow
from monitor.store.scope import Scope, conditions
from monitor.store.stories import literal as written
from monitor.store.tables import MentionRow

_table: Any = ClaimRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_skips: Any = SkipRow.__table__  # type: ignore[attr-defined]
_k = _skips.c
_watches: Any = WatchRow.__table__  # type: ignore[attr-defined]
_w = _watches.c
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
LEASE = timedelta(minutes=10)
SKIPPED_FOR = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    mention_id: int
    holder: str
    since: datetime
    until: datetime


def take(tx: Tx, mention_id: int, *, by: str, now: datetime, over: bool = False) -> Claim:
    """Claim a mention, or hold it longer; whose it is now. It goes `over` from another only when
    that is asked for."""
    held = of_mention(tx, mention_id, now)
    if held is not None and held.holder != by and not over:
        return held
    since = held.since if held is not None and held.holder == by else now
    tx.execute(delete(_table).where(_c.mention_id == mention_id))
    claim = Claim(mention_id=mention_id, holder=by, since=since, until=now + LEASE)
    values = {"mention_id": mention_id, "holder": by, "since": since, "until": claim.until}
    tx.execute(insert(_table).values(values))
    return claim


def release(tx: Tx, mention_id: int, *, by: str) -> None:
    tx.execute(delete(_table).where(_c.mention_id == mention_id, _c.holder == by))


def of_mention(tx: Tx, mention_id: int, now: datetime) -> Claim | None:
    return of_mentions(tx, [mention_id], now).get(mention_id)


_HELD = select(_table).where(
    _c.mention_id.in_(bindparam("numbers", expanding=True)), _c.until > bindparam("now")
)


def of_mentions(tx: Tx, mention_ids: Collection[int], now: datetime) -> dict[int, Claim]:
    """The claims that hold on some mentions."""
    found = tx.execute(_HELD, {"numbers": mention_ids, "now": now}).mappings()
    return {row["mention_id"]: Claim(**row) for row in found}


def held(tx: Tx, scope: Scope, now: datetime) -> list[Claim]:
    """Every claim that holds on what may be seen."""
    query = select(_table).join(_mentions, _m.id == _c.mention_id)
    found = tx.execute(query.where(_c.until > now, *conditions(scope)).limit(500)).mappings()
    return [Claim(**row) for row in found]


def skip(tx: Tx, mention_id: int, *, by: str, now: datetime) -> None:
    """Leave a mention to others, for some hours."""
    release(tx, mention_id, by=by)
    tx.execute(delete(_skips).where(_k.mention_id == mention_id, _k.person == by))
    tx.execute(insert(_skips).values(mention_id=mention_id, person=by, at=now))


def next_for(tx: Tx, scope: Scope, person: str, now: datetime) -> int | None:
    """The gravest that waits, that nobody else looks at and they have not left to others; what
    they left comes last, as nobody else may be there."""
    claimed = exists().where(_c.mention_id == _m.id, _c.until > now, _c.holder != person)
    skipped = exists().where(_k.mention_id == _m.id, _k.person == person, _k.at > now - SKIPPED_FOR)
    query = (
        select(_m.id)
        .where(_m.state == "open", written("mention.state <> 'new'"), ~claimed)
        .where(*conditions(scope))
        .order_by(_m.severity.desc(), _m.published_at.desc(), _m.id.desc())
        .limit(1)
    )
    found: int | None = tx.scalar(query.where(~skipped))
    return found


def watch_until(tx: Tx, mention_id: int, decision_id: int, until: datetime) -> None:
    """Let a watched mention come back then."""
    tx.execute(delete(_watches).where(_w.mention_id == mention_id))
    row = {"mention_id": mention_id, "decision_id": decision_id, "until": until}
    tx.execute(insert_or_ignore(tx, _watches).values(row))


_WATCHED = select(_w.mention_id, _w.until).where(
    _w.mention_id.in_(bindparam("numbers", expanding=True))
)


def watched_until(tx: Tx, mention_ids: Collection[int]) -> dict[int, datetime]:
    return {row[0]: row[1] for row in tx.execute(_WATCHED, {"numbers": mention_ids})}


def wake(tx: Tx, now: datetime) -> int:
    """Bring back what was watched until now; the number that came back."""
    over = list(tx.scalars(select(_w.mention_id).where(_w.until <= now).limit(500)))
    back = select(_m.story_id).where(_m.id.in_(over), _m.state == "watch", _m.story_id.is_not(None))
    response_clocks.again(tx, list(tx.scalars(back)), now)
    woken = tx.execute(
        update(_mentions).where(_m.id.in_(over), _m.state == "watch").values(state="open")
    )
    tx.execute(delete(_watches).where(_w.mention_id.in_(over)))
    return int(woken.rowcount)
