"""Cases: each is a timeline that is only added to, chained by digest, anchored in the audit.

Every entry's digest covers the one before it and stands in the audit chain too, so that an entry
that is changed, moved, taken out or slipped in shows, at the end of a timeline as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update

from classifiers.types import Severity
from monitor.store import audit, case_retention
from monitor.store.case_tables import (
    CaseEntryRow,
    CaseMentionRow,
    CaseNameRow,
    CaseRow,
    CaseSchoolRow,
)
from monitor.store.casefile import CaseFile, CaseState, Entry, EntryKind, fold
from monitor.store.columns import to_microseconds
from monitor.store.database import Tx
from monitor.store.errors import StoreError
from monitor.store.inserts import new_id
from monitor.store.scope import Scope, conditions, named, opened
from monitor.store.tables import MentionRow

_cases: Any = CaseRow.__table__  # type: ignore[attr-defined]
_c = _cases.c
_entries: Any = CaseEntryRow.__table__  # type: ignore[attr-defined]
_e = _entries.c
_mentions: Any = CaseMentionRow.__table__  # type: ignore[attr-defined]
_schools: Any = CaseSchoolRow.__table__  # type: ignore[attr-defined]
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_names: Any = CaseNameRow.__table__  # type: ignore[attr-defined]
BEGINNING = "0" * 64
FORGOTTEN = "forgotten"
LIVE: tuple[CaseState, ...] = ("open", "closed")
"""States of a case that keeps what it holds."""


class UnknownCase(StoreError):
    """There is no such case, or it was forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """A case in a list."""

    case_id: int
    title: str
    state: CaseState
    severity: Severity
    schools: tuple[str, ...]
    opened_at: datetime
    acted_at: datetime | None
    closed_at: datetime | None
    handed_over_at: datetime | None
    open_take_downs: int
    mentions: int


def begin(tx: Tx, facts: Mapping[str, Any], *, by: str, now: datetime) -> int:
    """Open a case; its number. `facts` of the first entry hold its title."""
    row = insert(_cases).values(title=facts["title"], state="open", severity="none", opened_at=now)
    case_id = new_id(tx.execute(row))
    append(tx, case_id, "opened", facts, by=by, now=now)
    return case_id


def append(
    tx: Tx, case_id: int, kind: EntryKind, facts: Mapping[str, Any], *, by: str, now: datetime
) -> int:
    """Add an entry to a timeline; its number in the case. Raises UnknownCase.

    `facts` are plain JSON values, without a person's name and without text of a post.
    """
    state = tx.scalar(select(_c.state).where(_c.id == case_id).with_for_update())
    if state is None or state == FORGOTTEN:
        raise UnknownCase
    before = select(_e.number, _e.digest).where(_e.case_id == case_id)
    last = tx.execute(before.order_by(_e.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.digest) if last else (1, BEGINNING)
    said = {**facts}
    digest = _digest(previous, case_id, number, now, by, kind, said)
    tx.execute(
        insert(_entries).values(
            case_id=case_id, number=number, at=now, actor=by, kind=kind, facts=said, digest=digest
        )
    )
    audit.append(
        tx, actor=by, action=f"case.{kind}", subject=anchor(case_id, number, digest), now=now
    )
    _note(tx, _folded(tx, case_id))
    return number


def anchor(case_id: int, number: int, digest: str) -> str:
    """What the audit chain holds of an entry."""
    return f"case {case_id} entry {number} {digest[:32]}"


def _digest(
    last: str, case_id: int, number: int, at: datetime, actor: str, kind: str, facts: Any
) -> str:
    said = json.dumps(
        [last, case_id, number, to_microseconds(at), actor, kind, facts], sort_keys=True
    )
    return hashlib.blake2b(said.encode(), digest_size=32).hexdigest()


def _note(tx: Tx, case: CaseFile) -> None:
    """Say again in the head what the timeline now tells."""
    tx.execute(update(_cases).where(_c.id == case.case_id).values(**_head_values(case)))
    for table, column, values in (
        (_mentions, "mention_id", case.mentions),
        (_schools, "school_id", case.schools),
    ):
        tx.execute(delete(table).where(table.c.case_id == case.case_id))
        if values:
            rows = [{"case_id": case.case_id, column: value} for value in values]
            tx.execute(insert(table), rows)


def _head_values(case: CaseFile) -> dict[str, Any]:
    return {
        "title": case.title,
        "state": case.state,
        "severity": case.severity,
        "about_head": "head" in case.allegations,
        "acted_at": case.acted_at,
        "closed_at": case.closed.at if case.closed else None,
        "handed_over_at": case.handed_over.at if case.handed_over else None,
        "open_take_downs": len(case.open_take_downs),
    }


def sees(tx: Tx, scope: Scope, case_id: int) -> bool:
    """False for a case outside the scope and for one that is not there or was forgotten."""
    query = select(_c.id).where(_c.id == case_id, _c.state != FORGOTTEN, *_within(scope))
    return tx.execute(query).first() is not None


def _within(scope: Scope) -> list[Any]:
    """Part of a scope that is not whole is a case that holds something of it and nothing else."""
    held = select(_mentions.c.mention_id).where(_mentions.c.case_id == _c.id)
    if scope.is_whole:
        theirs = _mentions.c.mention_id.in_(named(scope))
        return [~held.where(theirs).exists()] if scope.apart else []
    own = select(_m.id).where(_m.id.in_(held), *conditions(scope))
    return [own.exists(), ~held.where(_mentions.c.mention_id.not_in(own)).exists()]


def find(tx: Tx, case_id: int) -> CaseFile | None:
    """A case with its whole timeline; None when there is none or it was forgotten. Whether it may
    be shown to somebody, `sees` tells."""
    state = tx.scalar(select(_c.state).where(_c.id == case_id))
    return None if state is None or state == FORGOTTEN else _folded(tx, case_id)


def _folded(tx: Tx, case_id: int) -> CaseFile:
    query = select(_entries).where(_e.case_id == case_id).order_by(_e.number)
    return fold(case_id, [_entry(row) for row in tx.execute(query).mappings()])


def _entry(row: Any) -> Entry:
    same = ("number", "at", "actor", "kind", "facts")
    return Entry(**{name: row[name] for name in same})


def of_mention(tx: Tx, scope: Scope, mention_id: int) -> tuple[CaseHead, ...]:
    """Open and closed cases that hold a mention, the newest first."""
    held = exists().where(_mentions.c.case_id == _c.id, _mentions.c.mention_id == mention_id)
    return _read(tx, _heads.where(held, _c.state.in_(LIVE), *_within(scope)).order_by(_c.id.desc()))


def listing(tx: Tx, scope: Scope, state: CaseState, limit: int = 200) -> tuple[CaseHead, ...]:
    """Cases of one state: open ones gravest first, others newest first."""
    shape, slots = opened(scope)
    return _read(tx, _listed(shape, state == "open"), {**slots, "state": state, "limit": limit})


@lru_cache
def _listed(scope: Scope, gravest: bool) -> Select[Any]:
    """Written once for all who have such a scope."""
    order = (_c.severity.desc(), _c.id.desc()) if gravest else (_c.id.desc(),)
    chosen = _heads.where(_c.state == bindparam("state"), *_within(scope))
    return chosen.order_by(*order).limit(bindparam("limit"))


def with_take_downs(tx: Tx, scope: Scope) -> tuple[CaseFile, ...]:
    """Cases in which something was asked to be taken down and is not over, the oldest first."""
    open_ones = select(_c.id).where(_c.open_take_downs > 0, _c.state.in_(LIVE), *_within(scope))
    query = open_ones.order_by(_c.id)
    return tuple(_folded(tx, case_id) for case_id in tx.scalars(query).all())


_held = select(func.count()).where(_mentions.c.case_id == _c.id).scalar_subquery()
_heads = select(_cases, _held.label("mentions"))


def _read(
    tx: Tx, query: Select[Any], values: Mapping[str, Any] | None = None
) -> tuple[CaseHead, ...]:
    rows = tx.execute(query, values or {}).mappings().all()
    schools = _schools_of(tx, [row["id"] for row in rows]) if rows else {}
    return tuple(_head(row, schools.get(row["id"], ())) for row in rows)


def _schools_of(tx: Tx, case_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    query = select(_schools).where(_schools.c.case_id.in_(list(case_ids)))
    found: dict[int, tuple[str, ...]] = {}
    for row in tx.execute(query.order_by(_schools.c.school_id)).mappings():
        found[row["case_id"]] = (*found.get(row["case_id"], ()), row["school_id"])
    return found


def _head(row: Any, schools: tuple[str, ...]) -> CaseHead:
    same = (
        "title", "state", "severity", "opened_at", "acted_at", "closed_at", "handed_over_at",
        "open_take_downs", "mentions",
    )  # fmt: skip
    return CaseHead(case_id=row["id"], schools=schools, **{name: row[name] for name in same})


def keep_name(tx: Tx, case_id: int, entry: int, name: str) -> None:
    """Keep a person's name beside the entry that brought them in."""
    tx.execute(insert(_names).values(case_id=case_id, entry=entry, name=name))


def drop_name(tx: Tx, case_id: int, entry: int) -> None:
    """Take a name out for good."""
    tx.execute(delete(_names).where(_names.c.case_id == case_id, _names.c.entry == entry))


def names(tx: Tx, case_id: int) -> dict[int, str]:
    """The names kept, by the entry that brought each person in."""
    query = select(_names.c.entry, _names.c.name).where(_names.c.case_id == case_id)
    return {row.entry: row.name for row in tx.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a timeline is not what was written."""

    case_id: int
    number: int


def verify(tx: Tx) -> Break | None:
    """The first entry of a timeline that was changed, moved, taken out or slipped in; None when
    all stand as they were written. A case is forgotten only where the record says so. Presumes
    that the audit chain itself is unbroken."""
    anchored = _anchored(tx)
    for case_id in tx.scalars(select(_c.id).where(_c.state != FORGOTTEN).order_by(_c.id)).all():
        if broken := _verify_one(tx, case_id, anchored.pop(case_id, {})):
            return broken
    on_record = set(audit.subjects(tx, case_retention.ACTION))
    gone = {
        case_id
        for case_id in tx.scalars(select(_c.id).where(_c.state == FORGOTTEN))
        if case_retention.forgotten(case_id) in on_record
    }
    lost = [case_id for case_id in anchored if case_id not in gone]
    return Break(case_id=min(lost), number=1) if lost else None


def _verify_one(tx: Tx, case_id: int, anchored: Mapping[int, str]) -> Break | None:
    last, expected = BEGINNING, 1
    query = select(_entries).where(_e.case_id == case_id).order_by(_e.number)
    for row in tx.execute(query).mappings():
        digest = _digest(
            last, case_id, row["number"], row["at"], row["actor"], row["kind"], row["facts"]
        )
        is_right = digest == row["digest"] and anchored.get(row["number"]) == digest[:32]
        if row["number"] != expected or not is_right:
            return Break(case_id=case_id, number=min(expected, row["number"]))
        last, expected = digest, expected + 1
    return Break(case_id=case_id, number=expected) if len(anchored) >= expected else None


def _anchored(tx: Tx) -> dict[int, dict[int, str]]:
    """By case and entry: the beginning of the digest that the audit chain holds."""
    found: dict[int, dict[int, str]] = {}
    for subject in audit.subjects(tx, "case.%"):
        parts = subject.split()
        if len(parts) == 5 and parts[0] == "case" and parts[2] == "entry":
            found.setdefault(int(parts[1]), {})[int(parts[3])] = parts[4]
    return found
