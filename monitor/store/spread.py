"""How stories spread: when their posts were published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from monitor.store.database import Tx
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
MOST = 5000
"""Posts of a page's stories that are looked at."""


def of_stories(tx: Tx, scope: Scope, story_ids: Collection[int]) -> dict[int, tuple[datetime, ...]]:
    """When the visible posts of each story were published, the first first."""
    times: dict[int, list[datetime]] = defaultdict(list)
    found = tx.execute(_posted(scope), {"stories": story_ids}) if story_ids else ()
    for story_id, published_at in found:
        times[story_id].append(published_at)
    return {story_id: tuple(posted) for story_id, posted in times.items()}


@lru_cache(maxsize=256)
def _posted(scope: Scope) -> Select[Any]:
    return (
        select(_m.story_id, _m.published_at)
        .where(_m.story_id.in_(bindparam("stories", expanding=True)), *conditions(scope))
        .order_by(_m.story_id.desc(), _m.published_at)
        .limit(MOST)
    )
