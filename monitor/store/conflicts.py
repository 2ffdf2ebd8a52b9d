"""Conflicts of interest: mentions that name one of the console's own people.

Whoever is named sees nothing of the story: that is in `monitor.store.scope`, by these rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from monitor.store.conflict_tables import ConflictNameRow, ConflictRow
from monitor.store.database import Tx
from monitor.store.tables import MentionRow

_conflicts: Any = ConflictRow.__table__  # type: ignore[attr-defined]
_c = _conflicts.c
_names: Any = ConflictNameRow.__table__  # type: ignore[attr-defined]
_n = _names.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]


def put(tx: Tx, mention_id: int, subjects: Collection[str]) -> None:
    """Whom a mention names, instead of what was known before."""
    tx.execute(delete(_conflicts).where(_c.mention_id == mention_id))
    _add(tx, mention_id, subjects)


def put_for(tx: Tx, mention_id: int, wanted: Collection[str], subjects: Collection[str]) -> None:
    """As `put`, of the wanted ones alone."""
    theirs = (_c.mention_id == mention_id, _c.subject.in_(wanted))
    tx.execute(delete(_conflicts).where(*theirs))
    _add(tx, mention_id, subjects)


def _add(tx: Tx, mention_id: int, subjects: Collection[str]) -> None:
    rows = [{"subject": one, "mention_id": mention_id} for one in sorted(subjects)]
    if rows:
        tx.execute(insert(_conflicts), rows)


def named(tx: Tx, story_id: int) -> frozenset[str]:
    """The subjects whom some post of a story names."""
    query = select(_c.subject).join(_m.id.table, _m.id == _c.mention_id)
    return frozenset(tx.scalars(query.where(_m.story_id == story_id)))


def begin(tx: Tx, names: Mapping[str, str]) -> None:
    """Note by which names people (subject to digest of their names) are to be looked for in what
    is stored. Who has new names, or is new, is looked for from the newest mention down; who is
    gone is forgotten."""
    known = {row.subject: row.names for row in tx.execute(select(_n.subject, _n.names))}
    stale = [one for one, digest in known.items() if names.get(one) != digest]
    if stale:
        tx.execute(delete(_conflicts).where(_c.subject.in_(stale)))
        tx.execute(delete(_names).where(_n.subject.in_(stale)))
    newest = (tx.scalar(select(_m.id).order_by(_m.id.desc()).limit(1)) or 0) + 1
    fresh = [
        {"subject": one, "names": digest, "below": newest}
        for one, digest in names.items()
        if known.get(one) != digest
    ]
    if fresh:
        tx.execute(insert(_names), fresh)


def known_names(tx: Tx) -> dict[str, str]:
    """By which names each of the people is looked for."""
    return {row.subject: row.names for row in tx.execute(select(_n.subject, _n.names))}


def unread(tx: Tx, most: int) -> tuple[int, list[tuple[int, str, str]]]:
    """The next mentions to look through, the newest first: where they end (0 when all were), and
    number, title and text of each."""
    below = tx.scalar(select(_n.below).where(_n.below.is_not(None)).order_by(_n.below.desc()))
    if below is None:
        return 0, []
    query = select(_m.id, _m.title, _m.text).where(_m.id < below).order_by(_m.id.desc())
    rows = [(row.id, row.title, row.text) for row in tx.execute(query.limit(most))]
    return (rows[-1][0] if len(rows) == most else 0), rows


def waiting(tx: Tx, number: int) -> frozenset[str]:
    """For whom a mention is still to be looked through."""
    return frozenset(tx.scalars(select(_n.subject).where(_n.below > number)))


def note_read(tx: Tx, down_to: int) -> None:
    """Mentions from here on were looked through for everybody who waited for that; 0: all were."""
    later = or_(_n.below.is_(None), _n.below <= down_to)
    tx.execute(update(_names).where(~later).values(below=down_to or None))
