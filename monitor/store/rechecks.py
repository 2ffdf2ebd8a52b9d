"""Posts that are looked at again: which are due, and what becomes of what their author changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, exists, insert, literal, select, update

from connectors.types import Mention
from monitor.store import holds, mentions, retention, stories
from monitor.store.case_tables import CaseMentionRow
from monitor.store.columns import UtcTime
from monitor.store.database import Tx
from monitor.store.holds import Hold
from monitor.store.recheck_tables import RecheckRow
from monitor.store.tables import MentionRow

_table: Any = RecheckRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
_cases: Any = CaseMentionRow.__table__  # type: ignore[attr-defined]
_AT_ONCE = 500
GRAVE = ("high", "critical")
DELETED = "Its author deleted it; it was grave when it was captured."
Fate = Literal["erased", "held", "in_a_case"]


def enrol(tx: Tx, source_id: str, due_at: datetime, *, most: int) -> None:
    """Let a source's posts that are not yet looked at again be so, from `due_at` on."""
    known = exists().where(_c.mention_id == _m.id)
    new = (
        select(_m.id, literal(due_at, UtcTime()))
        .where(_m.source_id == source_id, _m.state != retention.FORGOTTEN, ~known)
        .order_by(_m.id)
        .limit(most)
    )
    tx.execute(insert(_table).from_select(["mention_id", "due_at"], new))


def take(
    tx: Tx, source_id: str, *, now: datetime, again_at: datetime, most: int
) -> list[tuple[int, Mention]]:
    """A source's posts that are due, with their numbers; they are due again at `again_at`, so that
    what could not be answered comes round."""
    chosen = (
        select(_mentions)
        .join(_table, _c.mention_id == _m.id)
        .where(_m.source_id == source_id, _c.due_at <= now, _m.state != retention.FORGOTTEN)
        .order_by(_c.due_at)
        .limit(most)
    )
    found = [(row["id"], mentions.of_row(row)) for row in tx.execute(chosen).mappings()]
    postpone(tx, [number for number, _ in found], again_at)
    return found


def stored(tx: Tx, platform: str, ids: Sequence[str]) -> list[tuple[int, Mention]]:
    """Those of a platform's posts that are here, with their numbers, by their external ids."""
    found: list[tuple[int, Mention]] = []
    for at in range(0, len(ids), _AT_ONCE):
        keys = [mentions.identity(platform, one) for one in ids[at : at + _AT_ONCE]]
        found += _here(tx, _m.identity.in_(keys))
    return found


def stored_under(tx: Tx, platform: str, beginnings: Sequence[str]) -> list[tuple[int, Mention]]:
    """Those whose external ids begin so: all that an account wrote, where ids say whose they
    are."""
    if not beginnings:
        return []
    every = select(_m.id, _m.external_id).where(
        _m.platform == platform, _m.state != retention.FORGOTTEN
    )
    begins = tuple(beginnings)
    ids = [number for number, name in tx.execute(every) if name.startswith(begins)]
    return [
        one
        for at in range(0, len(ids), _AT_ONCE)
        for one in _here(tx, _m.id.in_(ids[at : at + _AT_ONCE]))
    ]


def _here(tx: Tx, condition: Any) -> list[tuple[int, Mention]]:
    chosen = select(_mentions).where(condition, _m.state != retention.FORGOTTEN)
    return [(row["id"], mentions.of_row(row)) for row in tx.execute(chosen).mappings()]


def arrived(tx: Tx, platform: str, after: int) -> list[tuple[int, str]]:
    """Numbers above `after` and external ids of a platform's posts that are here, in order."""
    new = select(_m.id, _m.external_id).where(
        _m.id > after, _m.platform == platform, _m.state != retention.FORGOTTEN
    )
    return [(row.id, row.external_id) for row in tx.execute(new.order_by(_m.id))]


def postpone(tx: Tx, ids: Sequence[int], due_at: datetime) -> None:
    tx.execute(update(_table).where(_c.mention_id.in_(ids)).values(due_at=due_at))


def gone(tx: Tx, mention_id: int, *, now: datetime, kept: timedelta, strict: bool, by: str) -> Fate:
    """Its author took it back: it is erased, unless a case holds it or it was grave when it was
    captured; then a hold is placed with a review, and it goes once that is lifted. Where the
    platform is `strict`, nothing keeps it."""
    severity = tx.scalar(select(_m.severity).where(_m.id == mention_id))
    in_a_case = bool(tx.scalar(select(exists().where(_cases.c.mention_id == mention_id))))
    if strict or not (in_a_case or severity in GRAVE or holds.of_mention(tx, mention_id)):
        retention.erase(tx, [mention_id], now)
        return "erased"
    tx.execute(delete(_table).where(_c.mention_id == mention_id))
    if in_a_case:
        return "in_a_case"
    if not holds.of_mention(tx, mention_id):
        holds.place(
            tx, mention_id, reason=DELETED,
            review_on=(now + kept).date(), by=by, now=now,
        )  # fmt: skip
    tx.execute(update(_mentions).where(_m.id == mention_id).values(expires_at=now))
    return "held"


def taken_back_at(held: Iterable[Hold]) -> datetime | None:
    """Since when a mention is held because its author took it back; None when it is not."""
    return next((one.placed_at for one in held if one.reason == DELETED), None)


def edited(tx: Tx, mention_id: int, text: str, now: datetime) -> bool:
    """Its author changed it: what nobody has decided on is judged anew as it reads now; of what
    was decided on the words stay as they were decided on. True when it is judged anew."""
    tx.execute(update(_mentions).where(_m.id == mention_id).values(edited_at=now))
    open_ = (_m.id == mention_id, _m.state.in_(mentions.UNDECIDED), _m.state != stories.READING)
    if tx.execute(update(_mentions).where(*open_).values(text=mentions.clean(text))).rowcount != 1:
        return False
    return mentions.judge_anew(tx, mention_id, ())
