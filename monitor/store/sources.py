"""Sources: when each is due, who holds it, how its last poll went."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, literal, or_, select, update

from config.sources import Source
from connectors.types import Cursor, Health, NotMeasured, NotModified, Ok, Partial
from monitor.store import records
from monitor.store.columns import UtcTime
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.tables import SourceRow
from monitor.store.views import ClaimedSource, SourceHealth, SourceState

_table: Any = SourceRow.__table__  # type: ignore[attr-defined]
_c = _table.c
FIRST_POLLS_WITHIN = timedelta(seconds=60)
KEPT_OF_A_PAUSE = 0.95
"""Of the longest pause, at each arrival: a habit of last year fades."""


def sync(tx: Tx, sources: Sequence[Source], now: datetime) -> None:
    """Make the configured sources known; those no longer configured are switched off.

    A new source is first due within a minute or its interval, spread by its id.
    """
    tx.execute(update(_table).values(enabled=False))
    for source in sources:
        first = now + min(FIRST_POLLS_WITHIN, source.every) * _share(source.id)
        about = {"kind": source.kind, "name": source.name, "enabled": source.enabled}
        unread = {"state": "never", "cursor": {}, "failures": 0, "items_seen": 0}
        unread |= {"usual_pause": 0.0, "arrivals": 0, "allowance": ""}
        row = {"id": source.id, "next_due_at": first, "mentions_kept": 0, **unread, **about}
        tx.execute(insert_or_ignore(tx, _table).values(row))
        tx.execute(update(_table).where(_c.id == source.id).values(about))
        if source.canary:
            looked_for = (_c.id == source.id, _c.canary_at.is_(None))
            tx.execute(update(_table).where(*looked_for).values(canary_at=now))


def _share(source_id: str) -> float:
    """A fixed number from 0 to 1 for each id."""
    return int.from_bytes(hashlib.blake2b(source_id.encode(), digest_size=2).digest()) / 0xFFFF


def claim_due(tx: Tx, *, now: datetime, lease: timedelta, limit: int) -> list[ClaimedSource]:
    """Up to `limit` sources that are due and free, longest due first, held for `lease`."""
    due = (
        select(_c.id)
        .where(_c.enabled, _c.next_due_at <= now, _free(now))
        .order_by(_c.next_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claims = (claim(tx, source_id, now=now, lease=lease) for source_id in tx.scalars(due).all())
    return [claimed for claimed in claims if claimed is not None]


def due(tx: Tx, *, now: datetime, limit: int) -> list[str]:
    """Up to `limit` sources that are due and free, longest due first."""
    query = select(_c.id).where(_c.enabled, _c.next_due_at <= now, _free(now))
    return list(tx.scalars(query.order_by(_c.next_due_at).limit(limit)))


def claim(
    tx: Tx, source_id: str, *, now: datetime, lease: timedelta, only_due: bool = False
) -> ClaimedSource | None:
    """One source, due or not unless told so; None when it is held or unknown. Compare-and-set."""
    token = uuid4().hex
    free = [_c.id == source_id, _c.enabled, _free(now)]
    if only_due:
        free.append(_c.next_due_at <= now)
    taken = tx.execute(
        update(_table).where(*free).values(lease_token=token, leased_until=now + lease)
    )
    if taken.rowcount != 1:
        return None
    row = tx.execute(select(_c.cursor, _c.failures).where(_c.id == source_id)).one()
    return ClaimedSource(
        source_id=source_id,
        token=token,
        cursor=records.load_cursor(row.cursor),
        failures=row.failures,
    )


def seize(tx: Tx, source_id: str, *, now: datetime, lease: timedelta) -> ClaimedSource | None:
    """One source, whoever holds it: what they do for it is rolled back. None when it is unknown."""
    release(tx, source_id)
    return claim(tx, source_id, now=now, lease=lease)


def wake(tx: Tx, source_id: str, now: datetime) -> None:
    """Make a source due at once, because it has said that there is something new."""
    tx.execute(
        update(_table).where(_c.id == source_id, _c.next_due_at > now).values(next_due_at=now)
    )


def _free(now: datetime) -> Any:
    return or_(_c.lease_token.is_(None), _c.leased_until <= now)


def finish(
    tx: Tx,
    claimed: ClaimedSource,
    health: Health,
    cursor: Cursor,
    *,
    possible_gap: bool,
    seen: int,
    kept: int,
    next_due_at: datetime,
    now: datetime,
    canary: bool = False,
    allowance: str = "",
    kept_until: datetime | None = None,
) -> bool:
    """Note how the poll went and give the source back, or keep it longer; False when the claim was
    lost. `canary` when its planted post came."""
    values: dict[str, Any] = {
        "lease_token": claimed.token if kept_until else None,
        "leased_until": kept_until,
        "next_due_at": next_due_at,
        "last_poll_at": now,
        "cursor": records.dump_cursor(cursor),
        "items_seen": _c.items_seen + seen,
        "mentions_kept": _c.mentions_kept + kept,
        **_outcome(health, claimed.failures, now),
    }
    if seen:
        values |= {"last_item_at": now, **_habit(tx, claimed.source_id, now)}
    if canary:
        values["canary_at"] = now
    if allowance:
        values["allowance"] = allowance
    if possible_gap:
        values["last_gap_at"] = now
    held = (_c.id == claimed.source_id, _c.lease_token == claimed.token)
    return tx.execute(update(_table).where(*held).values(values)).rowcount == 1


def _habit(tx: Tx, source_id: str, now: datetime) -> dict[str, Any]:
    """The pause that has just ended counts, if it was the longest for some time."""
    asked = select(_c.last_item_at, _c.usual_pause).where(_c.id == source_id)
    row = tx.execute(asked).one()
    pause = (now - row.last_item_at).total_seconds() if row.last_item_at else 0.0
    usual = max(pause, row.usual_pause * KEPT_OF_A_PAUSE)
    return {"usual_pause": usual, "arrivals": _c.arrivals + 1}


def _outcome(health: Health, failures: int, now: datetime) -> dict[str, Any]:
    match health:
        case Ok() | NotModified():
            return {
                "state": "ok", "error_kind": None, "reason": None, "failures": 0, "last_ok_at": now,
                "failing_since": None,
            }  # fmt: skip
        case Partial(reason):
            return {
                "state": "partial", "error_kind": None, "reason": reason, "failures": 0,
                "last_ok_at": now, "failing_since": None,
            }  # fmt: skip
        case NotMeasured(kind, reason):
            return {
                "state": "not_measured", "error_kind": kind, "reason": reason,
                "failures": failures + 1,
                "failing_since": func.coalesce(_c.failing_since, literal(now, UtcTime())),
            }  # fmt: skip


_READINGS = select(_c.name, _c.state, _c.reason).where(_c.enabled).order_by(_c.name)


def readings(tx: Tx) -> list[tuple[str, SourceState, str]]:
    """Name, state and reason of each source that is switched on, by name."""
    return [(row.name, row.state, row.reason or "") for row in tx.execute(_READINGS)]


def health(tx: Tx) -> list[SourceHealth]:
    """Every known source, by name."""
    rows = tx.execute(select(_table).order_by(_c.name)).mappings()
    return [_health(row) for row in rows]


def _health(row: Any) -> SourceHealth:
    state: SourceState = row["state"]
    same = (
        "kind", "name", "enabled", "error_kind", "reason", "failures", "next_due_at",
        "last_poll_at", "last_ok_at", "last_item_at", "last_gap_at", "items_seen", "mentions_kept",
        "failing_since", "canary_at", "usual_pause", "arrivals", "allowance",
    )  # fmt: skip
    return SourceHealth(source_id=row["id"], state=state, **{name: row[name] for name in same})


def release(tx: Tx, source_id: str) -> None:
    """Give back one, as whoever had claimed it is gone."""
    gone = update(_table).where(_c.id == source_id)
    tx.execute(gone.values(lease_token=None, leased_until=None))


def release_leases(tx: Tx) -> None:
    """Give back what a process that is gone had claimed."""
    tx.execute(update(_table).values(lease_token=None, leased_until=None))
