"""Forgetting what has been kept for its time, as `[retention]` of policy.toml says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from config.decision import Retention
from monitor.context import Context
from monitor.store import audit, openings, search
from monitor.store import retention as rows
from monitor.store.database import Tx
from monitor.store.retention import Kind, Limits

BATCH = 500
"""Forgotten in one transaction, so that nobody waits long for the database."""
ACTOR = "the service"
MEANING: dict[Kind, str] = {
    "cases": "cases, from when they were closed; handed over ones sooner",
    "expired": "what its platform lets us keep for a time only",
    "criticism": "lawful criticism and nothing else, whatever was decided",
    "unreviewed": "collected, and nobody decided on it",
    "dismissed": "decided “not about us” or “no action”",
    "watched": "decided “watch”",
    "authors": "names of authors",
}


def limits(kept: Retention, now: datetime) -> Limits:
    return Limits(
        now=now,
        criticism=now - kept.criticism,
        unreviewed=now - kept.unreviewed,
        dismissed=now - kept.dismissed,
        watched=now - kept.closed,
        handed_over=now - kept.handed_over,
        authors=now - kept.author_handles,
    )


def periods(kept: Retention) -> dict[Kind, timedelta | None]:
    """How long each kind is kept, None where the platform decides; copies go with what stands
    for them."""
    return {
        "cases": kept.closed,
        "expired": None,
        "criticism": kept.criticism,
        "unreviewed": kept.unreviewed,
        "dismissed": kept.dismissed,
        "watched": kept.closed,
        "authors": kept.author_handles,
    }


def due(ctx: Context) -> dict[Kind, int]:
    """How many of each kind would be forgotten now."""
    with ctx.store.read() as tx:
        return due_in(tx, ctx.settings.policy.retention, ctx.clock())


def due_in(tx: Tx, kept: Retention, now: datetime) -> dict[Kind, int]:
    return rows.due(tx, limits(kept, now))


def forget(ctx: Context) -> Iterator[tuple[Kind, int]]:
    """Forget all that is past its time, batch after batch, each put on record; the kind and
    the number of each. May be left off after any: the rest is due again the next time."""
    until = limits(ctx.settings.policy.retention, ctx.clock())
    forgotten = 0
    for kind in rows.KINDS:
        while number := _batch(ctx, kind, until):
            forgotten += number
            yield kind, number
    with ctx.store.begin() as tx:
        openings.forget(tx, ctx.clock())
        audit.forget(tx, ctx.clock() - ctx.settings.policy.retention.audit, ctx.clock())
    if forgotten:
        search.purge(ctx.store)
    ctx.store.settle()


def _batch(ctx: Context, kind: Kind, until: Limits) -> int:
    with ctx.store.begin() as tx:
        if number := rows.forget(tx, kind, until, most=BATCH):
            subject = f"{kind}: {number}"
            audit.append(
                tx, actor=ACTOR, action="retention.forgot", subject=subject, now=ctx.clock()
            )
    return number
