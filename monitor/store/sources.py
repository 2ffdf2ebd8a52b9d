"""Sources: when each is due, who holds it, how its last poll went."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select, update

from config.settings import Source
from connectors.types import Cursor, Health, NotMeasured, NotModified, Ok, Partial
from monitor.store import records
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore
from monitor.store.tables import SourceRow
from monitor.store.views import ClaimedSource, SourceHealth, SourceState

_table: Any = SourceRow.__table__  # type: ignore[attr-defined]
_c = _table.c
FIRST_POLLS_WITHIN = timedelta(seconds=60)


def sync(tx: Tx, sources: Sequence[Source], now: datetime) -> None:
    """Make the configured sources known; those no longer configured are switched off.

    A new source is first due within a minute or its interval, spread by its id.
    """
    tx.execute(update(_table).values(enabled=False))
    for source in sources:
        first = now + min(FIRST_POLLS_WITHIN, source.every) * _share(source.id)
        about = {"kind": source.kind, "name": source.name, "enabled": source.enabled}
        unread = {"state": "never", "cursor": {}, "failures": 0, "items_seen": 0}
        row = {"id": source.id, "next_due_at": first, "mentions_kept": 0, **unread, **about}
        tx.execute(insert_or_ignore(tx, _table).values(row))
        tx.execute(update(_table).where(_c.id == source.id).values(about))


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
    )
    claims = (claim(tx, source_id, now=now, lease=lease) for source_id in tx.scalars(due).all())
    return [claimed for claimed in claims if claimed is not None]


def claim(tx: Tx, source_id: str, *, now: datetime, lease: timedelta) -> ClaimedSource | None:
    """One source, due or not; None when it is held or unknown. Compare-and-set."""
    token = uuid4().hex
    taken = tx.execute(
        update(_table)
        .where(_c.id == source_id, _c.enabled, _free(now))
        .values(lease_token=token, leased_until=now + lease)
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
) -> bool:
    """Note how the poll went and give the source back; False when the claim was lost."""
    values: dict[str, Any] = {
        "lease_token": None,
        "leased_until": None,
        "next_due_at": next_due_at,
        "last_poll_at": now,
        "cursor": records.dump_cursor(cursor),
        "items_seen": _c.items_seen + seen,
        "mentions_kept": _c.mentions_kept + kept,
        **_outcome(health, claimed.failures, now),
    }
    if seen:
        values["last_item_at"] = now
    if possible_gap:
        values["last_gap_at"] = now
    held = (_c.id == claimed.source_id, _c.lease_token == claimed.token)
    return tx.execute(update(_table).where(*held).values(values)).rowcount == 1


def _outcome(health: Health, failures: int, now: datetime) -> dict[str, Any]:
    match health:
        case Ok() | NotModified():
            return {
                "state": "ok", "error_kind": None, "reason": None, "failures": 0, "last_ok_at": now,
            }  # fmt: skip
        case Partial(reason):
            return {
                "state": "partial", "error_kind": None, "reason": reason, "failures": 0,
                "last_ok_at": now,
            }  # fmt: skip
        case NotMeasured(kind, reason):
            return {
                "state": "not_measured", "error_kind": kind, "reason": reason,
                "failures": failures + 1,
            }  # fmt: skip


def health(tx: Tx) -> list[SourceHealth]:
    """Every known source, by name."""
    rows = tx.execute(select(_table).order_by(_c.name)).mappings()
    return [_health(row) for row in rows]


def _health(row: Any) -> SourceHealth:
    state: SourceState = row["state"]
    same = (
        "kind", "name", "enabled", "error_kind", "reason", "failures", "next_due_at",
        "last_poll_at", "last_ok_at", "last_item_at", "last_gap_at", "items_seen", "mentions_kept",
    )  # fmt: skip
    return SourceHealth(source_id=row["id"], state=state, **{name: row[name] for name in same})


def release_leases(tx: Tx) -> None:
    """Give back what a process that is gone had claimed."""
    tx.execute(update(_table).values(lease_token=None, leased_until=None))
