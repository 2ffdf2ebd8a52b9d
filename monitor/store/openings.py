"""Who opened which mention: whether somebody comes back to one author's posts, and how long a
decision took. No author is kept here; two posts are known to be one author's by the marks that
stand with their keys, and are forgotten with these."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from monitor.store.database import Tx
from monitor.store.oversight_tables import OpeningRow
from monitor.store.sealed_tables import AuthorKeyRow
from monitor.store.tables import MentionRow

_table: Any = OpeningRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_k: Any = AuthorKeyRow.__table__.c  # type: ignore[attr-defined]
LATELY = timedelta(days=14)
OFTEN = 3
"""Other posts of one author, opened lately by one person, from which the next asks why."""
BY_PERSONS = ("post", "comment", "review")
"""Kinds behind which one person stands; articles and pages are a publisher's."""
KEPT = timedelta(days=30)


def note(tx: Tx, mention_id: int, person: str, now: datetime, *, reason: str = "") -> None:
    """Somebody opens a mention now; a reason that was given before stays."""
    mine = (_c.mention_id == mention_id, _c.person == person)
    values: dict[str, Any] = {"at": now} | ({"reason": reason} if reason else {})
    if tx.execute(update(_table).where(*mine).values(values)).rowcount == 0:
        new = {"mention_id": mention_id, "person": person, "at": now, "reason": reason}
        tx.execute(insert(_table).values(new))


def last(tx: Tx, mention_id: int, person: str) -> datetime | None:
    """When somebody last opened a mention."""
    found: datetime | None = tx.scalar(
        select(_c.at).where(_c.mention_id == mention_id, _c.person == person)
    )
    return found


def asks_why(tx: Tx, mention_id: int, person: str, now: datetime) -> bool:
    """Whether somebody who opens this has lately opened that many matters of the same author, and
    this one not yet (Article 8 ECHR: nobody's posts are studied one after the other)."""
    seen = last(tx, mention_id, person)
    if seen is not None and seen >= now - LATELY:
        return False
    one = tx.execute(
        select(_m.story_id, _m.kind, _k.mark)
        .join(AuthorKeyRow, _k.mention_id == _m.id)
        .where(_m.id == mention_id)
    ).one_or_none()
    if one is None or one.kind not in BY_PERSONS:
        return False
    return _matters(tx, one, mention_id, person, now - LATELY) >= OFTEN


def _matters(tx: Tx, one: Any, mention_id: int, person: str, since: datetime) -> int:
    """Other matters of the same author that somebody has opened; copies of a story are one."""
    query = (
        select(func.count(func.distinct(func.coalesce(_m.story_id, -_m.id))))
        .select_from(_table)
        .join(MentionRow, _m.id == _c.mention_id)
        .join(AuthorKeyRow, _k.mention_id == _m.id)
        .where(
            _c.person == person, _c.at >= since, _c.mention_id != mention_id,
            _k.mark == one.mark,
            func.coalesce(_m.story_id, -_m.id) != (one.story_id or -mention_id),
        )
    )  # fmt: skip
    return int(tx.scalar(query) or 0)


def forget(tx: Tx, now: datetime) -> int:
    """What is asked of no more; the number."""
    return tx.execute(delete(_table).where(_c.at < now - KEPT)).rowcount
