"""Stories split and merged by hand, each with who and when, and each to be taken back.

A merged story's row stays, empty: what would have joined it joins the one it went into.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from classifiers.duplicates import fingerprint, similarity
from classifiers.text import joined
from monitor.store import stories
from monitor.store.database import Tx
from monitor.store.inserts import new_id
from monitor.store.queue_tables import StoryMoveRow
from monitor.store.tables import MentionRow, StoryRow

_moves: Any = StoryMoveRow.__table__  # type: ignore[attr-defined]
_v = _moves.c
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
_stories: Any = StoryRow.__table__  # type: ignore[attr-defined]
_s = _stories.c
WAITING = ("open", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """What a person did to a story, so that it can be taken back."""

    action_id: int
    is_merge: bool
    posts: int
    by: str
    at: datetime


def split(tx: Tx, mention_id: int, *, by: str, now: datetime) -> int | None:
    """Let a post stand alone, to be looked at; the action's id. None where it stands for its
    story, or is alone already."""
    row = tx.execute(select(_mentions).where(_m.id == mention_id)).mappings().one_or_none()
    if row is None or row["story_id"] is None or stories.lead(tx, row["story_id"]) == mention_id:
        return None
    own = stories.start(tx, fingerprint(joined(row["title"], row["text"])), mention_id, now)
    action = _note(tx, [row], own, is_merge=False, old_lead=mention_id, by=by, now=now)
    _put(tx, mention_id, own, "open")
    _recount(tx, row["story_id"], own)
    return action


def merge(tx: Tx, into: int, story_id: int, *, by: str, now: datetime) -> int | None:
    """Put every post of a story into another; the action's id. None for one and the same, or
    where one is not there. The graver of the two that stood for them stands for all."""
    lead, other = stories.lead(tx, into), stories.lead(tx, story_id)
    rows = tx.execute(select(_mentions).where(_m.story_id == story_id)).mappings().all()
    if into == story_id or lead is None or other is None or not rows:
        return None
    action = _note(tx, rows, into, is_merge=True, old_lead=lead, by=by, now=now)
    tx.execute(update(_mentions).where(_m.story_id == story_id).values(story_id=into))
    first, last = _by_gravity(tx, lead, other)
    stories.lead_by(tx, into, first)
    tx.execute(
        update(_mentions).where(_m.id == last, _m.state.in_(WAITING)).values(state=stories.FOLDED)
    )
    _recount(tx, into, story_id)
    return action


def undo(tx: Tx, action_id: int, *, now: datetime) -> bool:
    """Take a split or a merge back; False when that was done before."""
    moved = (
        tx.execute(
            select(_moves).where(_v.action_id == action_id, _v.undone_at.is_(None)).order_by(_v.id)
        )
        .mappings()
        .all()
    )
    if not moved:
        return False
    tx.execute(update(_moves).where(_v.action_id == action_id).values(undone_at=now))
    for row in moved:
        _put_back(tx, row)
    first = moved[0]
    if first["is_merge"]:
        stories.lead_by(tx, first["to_story"], first["old_lead"])
        tx.execute(
            update(_mentions)
            .where(_m.id == first["old_lead"], _m.state == stories.FOLDED)
            .values(state="open")
        )
    _recount(tx, first["to_story"], first["from_story"])
    return True


def _put_back(tx: Tx, move: Any) -> None:
    """Whence it came; a decision taken meanwhile stands."""
    tx.execute(
        update(_mentions)
        .where(_m.id == move["mention_id"], _m.state.in_((*WAITING, stories.FOLDED)))
        .values(state=move["from_state"])
    )
    tx.execute(
        update(_mentions).where(_m.id == move["mention_id"]).values(story_id=move["from_story"])
    )


def last(tx: Tx, story_id: int) -> Regrouping | None:
    """The last thing that was done to a story by hand and still stands."""
    concerns = (_v.to_story == story_id) | (_v.from_story == story_id)
    query = (
        select(
            _v.action_id, _v.is_merge, _v.by, _v.at, func.count().label("posts"),
        )
        .where(concerns, _v.undone_at.is_(None))
        .group_by(_v.action_id, _v.is_merge, _v.by, _v.at)
        .order_by(_v.action_id.desc())
        .limit(1)
    )  # fmt: skip
    row = tx.execute(query).mappings().one_or_none()
    return Regrouping(**row) if row else None


def why(tx: Tx, story_id: int, mention_id: int, other_ids: list[int]) -> dict[int, str]:
    """Why each of the other posts is in the story of this one, in a few words."""
    merged = select(_v.mention_id, _v.by).where(
        _v.to_story == story_id, _v.is_merge, _v.undone_at.is_(None)
    )
    by_hand: dict[int, str] = {row.mention_id: row.by for row in tx.execute(merged)}
    query = select(_m.id, _m.title, _m.text, _m.external_id, _m.parent_id).where(
        _m.id.in_([mention_id, *other_ids])
    )
    posts = {row.id: row for row in tx.execute(query)}
    return {
        other: f"merged by {by_hand[other]}"
        if other in by_hand
        else _kinship(posts[mention_id], posts[other])
        for other in other_ids
        if other in posts and mention_id in posts
    }


def _kinship(one: Any, other: Any) -> str:
    first, second = (fingerprint(joined(post.title, post.text)) for post in (one, other))
    if first.exact == second.exact:
        return "the same words"
    likeness = similarity(first, second)
    if likeness < stories.SAME and (one.parent_id or other.parent_id):
        return _place_in_thread(one, other)
    return f"about {round(100 * likeness)}% of its phrases are the same"


def _place_in_thread(one: Any, other: Any) -> str:
    if other.parent_id == one.external_id:
        return "an answer to this"
    return "what this answers" if one.parent_id == other.external_id else "in the same thread"


def _note(
    tx: Tx, rows: Any, to: int, *, is_merge: bool, old_lead: int, by: str, now: datetime
) -> int:
    """Write down each move; the action's id."""
    action = 0
    for row in rows:
        moved = insert(_moves).values(
            mention_id=row["id"],
            action_id=action,
            is_merge=is_merge,
            from_story=row["story_id"],
            to_story=to,
            from_state=row["state"],
            old_lead=old_lead,
            by=by,
            at=now,
        )
        move_id = new_id(tx.execute(moved))
        if not action:
            action = move_id
            tx.execute(update(_moves).where(_v.id == move_id).values(action_id=action))
    return action


def _by_gravity(tx: Tx, lead: int, other: int) -> tuple[int, int]:
    """Which of two stands for both: what waits before what is decided, then the graver."""
    query = select(_m.id, _m.state, _m.severity).where(_m.id.in_([lead, other]))
    ranked = sorted(
        tx.execute(query.order_by(_m.severity.desc())), key=lambda row: row.state not in WAITING
    )
    ids = [row.id for row in ranked] or [lead, other]
    return ids[0], ids[-1]


def _put(tx: Tx, mention_id: int, story_id: int, state: str) -> None:
    tx.execute(update(_mentions).where(_m.id == mention_id).values(story_id=story_id, state=state))


def _recount(tx: Tx, *story_ids: int) -> None:
    for story_id in story_ids:
        posts = select(func.count()).where(_m.story_id == story_id).scalar_subquery()
        tx.execute(update(_stories).where(_s.id == story_id).values(size=posts))


def leads(tx: Tx, story_id: int, mention_id: int) -> bool:
    """Whether a mention stands for its story."""
    return stories.lead(tx, story_id) == mention_id
