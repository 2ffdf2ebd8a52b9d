"""How stories spread: when their posts were published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from monitor.store.database import Tx
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
MOST = 5000
"""Posts of a page's stories that are looked at."""


def of_stories(tx: Tx, scope: Scope, story_ids: Collection[int]) -> dict[int, tuple[datetime, ...]]:
    """When the visible posts of each story were published, the first first."""
    query = (
        select(_m.story_id, _m.published_at)
        .where(_m.story_id.in_(story_ids), *conditions(scope))
        .order_by(_m.story_id.desc(), _m.published_at)
        .limit(MOST)
    )
    times: dict[int, list[datetime]] = defaultdict(list)
    for story_id, published_at in tx.execute(query) if story_ids else ():
        times[story_id].append(published_at)
    return {story_id: tuple(found) for story_id, found in times.items()}
