"""The answers to one post are one story: found by what each says that it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from monitor.store.database import Tx
from monitor.store.mentions import identity
from monitor.store.stories import WITHIN
from monitor.store.tables import MentionRow, StoryRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_s: Any = StoryRow.__table__.c  # type: ignore[attr-defined]
_lead: Any = MentionRow.__table__.alias("lead").c  # type: ignore[attr-defined]
UNDECIDED = ("open", "quiet")


def find(tx: Tx, mention_id: int, now: datetime) -> Any | None:
    """The newest story of the thread that nobody has decided on, as a row; None when there is
    none: what comes after a decision is looked at anew."""
    own = tx.execute(
        select(_m.platform, _m.external_id, _m.parent_id).where(_m.id == mention_id)
    ).one()
    ways = [_m.parent_id == own.external_id]
    if own.parent_id:
        answered = identity(own.platform, own.parent_id)
        ways += [_m.parent_id == own.parent_id, _m.identity == answered]
    near = (
        select(_m.story_id)
        .where(or_(*ways), _m.platform == own.platform, _m.id != mention_id)
        .where(_m.story_id.is_not(None))
        .order_by(_m.id.desc())
        .limit(50)
    )
    query = (
        select(_s.id.table)
        .join(_lead.id.table, _lead.id == _s.lead_id)
        .where(_s.id.in_(near), _s.started_at >= now - WITHIN, _lead.state.in_(UNDECIDED))
        .order_by(_s.id.desc())
        .limit(1)
    )
    return tx.execute(query).mappings().first()
