"""Near-duplicates as one story: found by exact digest or by MinHash, joined within 30 days."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, insert, literal_column, select, update

from classifiers.duplicates import Fingerprint
from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.queue_tables import StoryMoveRow
from monitor.store.scope import Scope, conditions
from monitor.store.tables import (
    DeliveryRow,
    MentionRow,
    MentionSchoolRow,
    SourceRow,
    StoryBandRow,
    StoryRow,
)
from monitor.store.views import StoryMember

_stories: Any = StoryRow.__table__  # type: ignore[attr-defined]
_bands: Any = StoryBandRow.__table__  # type: ignore[attr-defined]
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_moves: Any = StoryMoveRow.__table__  # type: ignore[attr-defined]
_links: Any = MentionSchoolRow.__table__  # type: ignore[attr-defined]
_sources: Any = SourceRow.__table__  # type: ignore[attr-defined]
WITHIN = timedelta(days=30)
SAME = 0.8
"""Estimated Jaccard similarity from which two texts are one story."""
MOST_MERGES = 10
"""In a chain."""
FOLDED = "folded"
"""State of a copy that stands behind its story's lead and has no queue row of its own."""
READING = "reading"
"""State of a mention whose pictures are still to be read."""


def literal(condition: str) -> Any:
    """A condition written out, so that the partial index made with the same words is used."""
    return literal_column(condition)


def shown_state(state: str) -> str:
    """A folded copy has been dealt with by whatever becomes of its lead; what waits for the
    words of its pictures is as new."""
    return {FOLDED: "decided", READING: "new"}.get(state, state)


def find(tx: Tx, fingerprint: Fingerprint, now: datetime) -> Any | None:
    """The story this text belongs to, as a row; None when it begins one."""
    recent = _stories.c.started_at >= now - WITHIN
    same = select(_stories).where(_stories.c.exact == fingerprint.exact, recent)
    row = tx.execute(same.order_by(_stories.c.id).limit(1)).mappings().first()
    row = row if row is not None else _similar(tx, fingerprint, recent)
    return row if row is None else _merged_into(tx, row)


def _merged_into(tx: Tx, row: Any) -> Any:
    """The story that a merged one went into; itself where it was not merged."""
    for _ in range(MOST_MERGES):
        merged = select(_moves.c.to_story).where(
            _moves.c.from_story == row["id"], _moves.c.is_merge, _moves.c.undone_at.is_(None)
        )
        into = tx.execute(select(_stories).where(_stories.c.id.in_(merged.limit(1))))
        found = into.mappings().first()
        if found is None:
            break
        row = found
    return row


def _similar(tx: Tx, fingerprint: Fingerprint, recent: Any) -> Any | None:
    candidates = (
        select(_stories)
        .join(_bands, _bands.c.story_id == _stories.c.id)
        .where(_bands.c.band.in_(fingerprint.bands), recent)
        .distinct()
        .limit(200)
    )
    rows = tx.execute(candidates).mappings().all()
    best = max(rows, key=lambda row: _likeness(row, fingerprint), default=None)
    if best is None or _likeness(best, fingerprint) < SAME:
        return None
    return best


def _likeness(row: Any, fingerprint: Fingerprint) -> float:
    stored = struct.unpack(f"<{len(row['signature']) // 4}I", row["signature"])
    same = sum(a == b for a, b in zip(stored, fingerprint.signature, strict=True))
    return float(same / len(stored))


def start(tx: Tx, fingerprint: Fingerprint, lead_id: int, now: datetime) -> int:
    """A new story with this mention as its lead; its id."""
    signature = struct.pack(f"<{len(fingerprint.signature)}I", *fingerprint.signature)
    inserted = tx.execute(
        insert(_stories).values(
            exact=fingerprint.exact, signature=signature, size=1, lead_id=lead_id, started_at=now
        )
    )
    story_id = new_id(inserted)
    bands = [{"band": band, "story_id": story_id} for band in set(fingerprint.bands)]
    tx.execute(insert(_bands), bands)
    return story_id


def grow(tx: Tx, story_id: int) -> None:
    """One more post in the story."""
    tx.execute(update(_stories).where(_stories.c.id == story_id).values(size=_stories.c.size + 1))


def lead_by(tx: Tx, story_id: int, mention_id: int) -> None:
    """Let another mention stand for the story."""
    tx.execute(update(_stories).where(_stories.c.id == story_id).values(lead_id=mention_id))


def lead(tx: Tx, story_id: int) -> int | None:
    """The mention that stands for the story."""
    return tx.scalar(select(_stories.c.lead_id).where(_stories.c.id == story_id))


def gravest_open(tx: Tx, school_id: str, since: datetime) -> int | None:
    """The gravest undecided mention about a school collected since; the newest of equals."""
    query = (
        select(_mentions.c.id)
        .join(_links, _links.c.mention_id == _mentions.c.id)
        .where(
            _links.c.school_id == school_id,
            _mentions.c.state == "open",
            _mentions.c.fetched_at >= since,
        )
        .order_by(_mentions.c.severity.desc(), _mentions.c.id.desc())
        .limit(1)
    )
    return tx.scalar(query)


def of_mention(tx: Tx, mention_id: int) -> int | None:
    """The story that a mention belongs to."""
    return tx.scalar(select(_mentions.c.story_id).where(_mentions.c.id == mention_id))


def waits_untold(tx: Tx, story_id: int, lead_id: int) -> bool:
    """True when nobody has decided on the story and nobody was told of any post in it, as
    with old news that a new source brought."""
    members = select(_mentions.c.id).where(_mentions.c.story_id == story_id)
    told = exists().where(_deliveries.c.mention_id.in_(members))
    query = select(_mentions.c.id).where(
        _mentions.c.id == lead_id, _mentions.c.state == "open", ~told
    )
    return tx.execute(query).first() is not None


def others(tx: Tx, scope: Scope, story_id: int | None, mention_id: int) -> tuple[StoryMember, ...]:
    """The other posts of a story, newest first, at most 50."""
    if story_id is None:
        return ()
    columns = ("id", "platform", "url", "title", "published_at")
    query = (
        select(*(_mentions.c[name] for name in columns), _sources.c.name.label("source_name"))
        .join(_sources, _sources.c.id == _mentions.c.source_id, isouter=True)
        .where(_mentions.c.story_id == story_id, _mentions.c.id != mention_id)
        .where(*conditions(scope))
        .order_by(_mentions.c.published_at.desc(), _mentions.c.id.desc())
        .limit(50)
    )
    return tuple(_members(tx.execute(query).mappings()))


def _members(rows: Iterable[Any]) -> Iterable[StoryMember]:
    for row in rows:
        yield StoryMember(
            mention_id=row["id"],
            platform=row["platform"],
            source_name=row["source_name"] or "",
            url=row["url"],
            title=row["title"],
            published_at=row["published_at"],
        )
