"""Posts are looked at again on their platforms: what its author took back is erased here too.

Kept all the same is what a case holds, and for 30 days, with a review, what was grave when it was
captured; where the platform's terms are stricter, they win.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import chain

from config.readiness import may_collect
from config.sources import Source
from connectors import polling
from connectors.registry import rechecks as rechecks_of
from connectors.types import Changes, Mention, Rechecks, Standing
from monitor.context import Context
from monitor.store import audit
from monitor.store import rechecks as rows
from monitor.store.database import Tx

ACTOR = "the service"
KEPT = timedelta(days=30)
AGAIN = timedelta(hours=6)
"""What could not be answered is asked again after this."""
ENROLLED = 500
"""Posts of one source that are newly looked after at one time."""


def look_again(ctx: Context) -> int:
    """One polite question to each source that has posts due; the number of posts answered."""
    if not may_collect(ctx.settings):
        return 0
    asked = ((one, rechecks_of(one.kind)) for one in ctx.settings.sources if one.enabled)
    return sum(_source(ctx, source, how) for source, how in asked if how)


def _source(ctx: Context, source: Source, how: Rechecks) -> int:
    now = ctx.clock()
    with ctx.store.begin() as tx:
        rows.enrol(tx, source.id, now + how.every, most=ENROLLED)
        due = rows.take(tx, source.id, now=now, again_at=now + AGAIN, most=how.most)
    if not due:
        return 0
    standing = asyncio.run(
        polling.recheck(
            source,
            [mention for _, mention in due],
            fetcher=ctx.fetcher,
            now=now,
            secrets=ctx.settings.secrets,
        )
    )
    _note(ctx, due, standing, how)
    return len(standing)


def _note(ctx: Context, due: list[tuple[int, Mention]], standing: Standing, how: Rechecks) -> None:
    """What became of each, in one transaction and on record."""
    now = ctx.clock()
    answered = [(number, one) for number, one in due if one.external_id in standing]
    with ctx.store.begin() as tx:
        rows.postpone(tx, [number for number, _ in answered], now + how.every)
        _settle(tx, answered, standing, now, strict=how.strict)


def heed(tx: Tx, source: Source, changes: Changes, now: datetime) -> None:
    """What a stream told of posts, by the same rules as if they had been looked at again."""
    told = rows.stored(tx, changes.platform, list(changes.standing))
    under = rows.stored_under(tx, changes.platform, changes.gone_under)
    how = rechecks_of(source.kind)
    standing = {**changes.standing, **{one.external_id: None for _, one in under}}
    found = dict([*told, *under])
    _settle(tx, list(found.items()), standing, now, strict=how is not None and how.strict)


def _settle(
    tx: Tx, found: list[tuple[int, Mention]], standing: Standing, now: datetime, *, strict: bool
) -> None:
    """What was taken back goes or is held, what was edited is judged anew; how many is on
    record."""
    fates: Counter[str] = Counter()
    for number, one in found:
        text = standing[one.external_id]
        if text is None:
            fates[rows.gone(tx, number, now=now, kept=KEPT, strict=strict, by=ACTOR)] += 1
        elif _reads(text) != _reads(one.text):
            rows.edited(tx, number, text, now)
            fates["edited"] += 1
    for fate, number in fates.items():
        subject = f"{fate}: {number}"
        audit.append(tx, actor=ACTOR, action="recheck.found", subject=subject, now=now)


def _reads(text: str) -> list[str]:
    return list(chain(*(line.split() for line in text.splitlines())))
