"""Rules of reviewers and what they applied to. Each has an author, a reason and, where one was
set, an end; what it did is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import bindparam, func, insert, or_, select, update

from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore, new_id
from monitor.store.queue_tables import HitRow, RuleRow
from monitor.store.tables import MentionRow

_table: Any = RuleRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_hits: Any = HitRow.__table__  # type: ignore[attr-defined]
_h = _hits.c
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
Action = Literal["tag", "raise", "mute"]
MOST_ACTIVE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a rule is about: words, a site or a story."""

    words: str | None = None
    site: str | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    rule_id: int
    action: Action
    name: str
    aim: Aim
    author: str
    reason: str
    since: datetime
    until: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    applied: int
    """Mentions that it applied to ..."""
    moved: int
    """... and how many of them it moved into the queue or out of it."""


def begin(
    tx: Tx,
    action: Action,
    aim: Aim,
    *,
    name: str,
    author: str,
    reason: str,
    until: datetime | None,
    now: datetime,
) -> int:
    """A rule from now on; its id."""
    aims = {"words": aim.words, "site": aim.site, "story_id": aim.story_id}
    row = insert(_table).values(
        action=action, name=name, author=author, reason=reason, since=now, until=until, **aims
    )
    return new_id(tx.execute(row))


def end(tx: Tx, rule_id: int, *, by: str, now: datetime) -> bool:
    """End it; False when it is over already. What it muted and nobody decided on comes back."""
    ended = tx.execute(
        update(_table)
        .where(_c.id == rule_id, _c.ended_at.is_(None))
        .values(ended_by=by, ended_at=now)
    )
    if ended.rowcount != 1:
        return False
    rule = find(tx, rule_id)
    if rule is not None and rule.action == "mute":
        muted = select(_h.mention_id).where(_h.rule_id == rule_id, _h.moved)
        _move(tx, _m.id.in_(muted), came="quiet", goes="open")
    return True


def active(tx: Tx, now: datetime) -> list[Rule]:
    """Those that hold at the moment, the newest first."""
    holds = (_c.ended_at.is_(None), or_(_c.until.is_(None), _c.until > now))
    return _found(tx, *holds)


def past(tx: Tx, now: datetime) -> list[Rule]:
    """Those that are over, the newest first, at most 50."""
    return _found(tx, or_(_c.ended_at.is_not(None), _c.until <= now))[:50]


def find(tx: Tx, rule_id: int) -> Rule | None:
    return next(iter(_found(tx, _c.id == rule_id)), None)


def apply(tx: Tx, rule_id: int, action: Action, mention_ids: Collection[int]) -> int:
    """Note that a rule applies to mentions, and move those that it moves; the number moved.

    What is high or critical, or may single out a pupil, is never muted.
    """
    moved = 0
    for mention_id in mention_ids:
        one = _m.id == mention_id
        has_moved = (action == "raise" and _move(tx, one, came="quiet", goes="open") == 1) or (
            action == "mute" and _move(tx, one, *_MILD, came="open", goes="quiet") == 1
        )
        row = {"rule_id": rule_id, "mention_id": mention_id, "moved": has_moved}
        tx.execute(insert_or_ignore(tx, _hits).values(row))
        moved += has_moved
    return moved


_MILD = (_m.severity < "high", _m.pupil_level < "indirect")


def _move(tx: Tx, *which: Any, came: str, goes: str) -> int:
    moved = tx.execute(update(_mentions).where(*which, _m.state == came).values(state=goes))
    return int(moved.rowcount)


_NAMES = (
    select(_h.mention_id, _c.action, _c.name)
    .join(_table, _c.id == _h.rule_id)
    .where(
        _h.mention_id.in_(bindparam("numbers", expanding=True)), or_(_h.moved, _c.action == "tag")
    )
    .order_by(_c.id)
)


def names(tx: Tx, mention_ids: Collection[int]) -> dict[int, tuple[tuple[Action, str], ...]]:
    """What rules did to each of the mentions: the action and the rule's name."""
    found: dict[int, list[tuple[Action, str]]] = defaultdict(list)
    for mention_id, action, name in tx.execute(_NAMES, {"numbers": mention_ids}):
        found[mention_id].append((action, name))
    return {mention_id: tuple(named) for mention_id, named in found.items()}


def waiting_of_story(tx: Tx, story_id: int) -> list[int]:
    """Posts of a story that wait for a decision."""
    return list(tx.scalars(select(_m.id).where(_m.story_id == story_id, _m.state == "open")))


def waiting(tx: Tx, most: int) -> list[tuple[int, str]]:
    """What waits for a decision, the newest first: number and address."""
    query = select(_m.id, _m.url).where(_m.state == "open").order_by(_m.id.desc()).limit(most)
    return [(row.id, row.url) for row in tx.execute(query)]


def _found(tx: Tx, *conditions: Any) -> list[Rule]:
    applied = select(func.count()).where(_h.rule_id == _c.id)
    query = (
        select(
            _table,
            applied.scalar_subquery().label("applied"),
            applied.where(_h.moved).scalar_subquery().label("moved"),
        )
        .where(*conditions)
        .order_by(_c.id.desc())
    )
    return [_rule(row) for row in tx.execute(query).mappings()]


def _rule(row: Any) -> Rule:
    own = (
        "name", "author", "reason", "since", "until", "ended_by", "ended_at", "applied", "moved",
    )  # fmt: skip
    return Rule(
        rule_id=row["id"],
        action=cast(Action, row["action"]),
        aim=Aim(words=row["words"], site=row["site"], story_id=row["story_id"]),
        **{name: row[name] for name in own},
    )
