"""Who did what, in a chain: a changed, removed or moved entry shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, insert, or_, select

from monitor.store.columns import to_microseconds
from monitor.store.database import Tx, one_at_a_time
from monitor.store.lawful_tables import AuditCutRow
from monitor.store.tables import AuditRow
from monitor.store.views import AuditEntry

_table: Any = AuditRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_cuts: Any = AuditCutRow.__table__  # type: ignore[attr-defined]
_k = _cuts.c
BEGINNING = "0" * 64
FORGOT = "audit.forgot"
YOUNGEST_FORGOTTEN = timedelta(days=365)
"""No operator forgets sooner (`[retention] audit`): what is younger was cut off by somebody."""


def append(tx: Tx, *, actor: str, action: str, subject: str, now: datetime) -> None:
    """Add an entry in the caller's transaction; it covers the entry before it."""
    one_at_a_time(tx, "audit")
    last = tx.execute(select(_c.id, _c.digest).order_by(_c.id.desc()).limit(1)).one_or_none()
    number, before = last or (0, BEGINNING)
    digest = _digest(before, now, actor, action, subject)
    # Numbered here: a sequence would leave a gap where a transaction fails.
    entry = {"id": number + 1, "at": now, "actor": actor, "action": action, "subject": subject}
    tx.execute(insert(_table).values(**entry, digest=digest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry at some time: whoever keeps its digest can tell later whether all that
    stood before it stands as it did."""

    entry_id: int
    digest: str
    at: datetime | None = None
    """When it was written down, where that is known."""


def head(tx: Tx) -> Head | None:
    """The last entry; None when nothing is on record yet."""
    row = tx.execute(select(_c.id, _c.digest).order_by(_c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Head(entry_id=row.id, digest=row.digest)


def contradicted(tx: Tx, heads: Sequence[Head]) -> Head | None:
    """The first of the heads, in order, that the record no longer holds as it was; None when
    it holds all. A head among the forgotten ones must have been old enough to be forgotten."""
    begun = beginning(tx)
    for one in heads:
        if one.entry_id < begun.entry_id:
            if one.at and begun.at and one.at > begun.at - YOUNGEST_FORGOTTEN:
                return one
            continue
        known = begun.digest if one.entry_id == begun.entry_id else _digest_at(tx, one.entry_id)
        if known != one.digest:
            return one
    return None


def _digest_at(tx: Tx, entry_id: int) -> str | None:
    found: str | None = tx.scalar(select(_c.digest).where(_c.id == entry_id))
    return found


def beginning(tx: Tx) -> Head:
    """What the oldest entry that is left covers."""
    row = tx.execute(select(_cuts).order_by(_k.entry_id.desc()).limit(1)).one_or_none()
    if row is None:
        return Head(entry_id=0, digest=BEGINNING)
    return Head(entry_id=row.entry_id, digest=row.digest, at=row.at)


def forget(tx: Tx, before: datetime, now: datetime) -> int:
    """Forget the entries before a time; how many. The chain goes on from the last of them, and an
    entry at its end says up to where, so that a cut by somebody else shows."""
    one_at_a_time(tx, "audit")
    begun = beginning(tx)
    kept = tx.scalar(select(_c.id).where(_c.at >= before).order_by(_c.id).limit(1))
    query = select(_c.id, _c.digest).order_by(_c.id.desc()).limit(1)
    last = tx.execute(query.where(_c.id < kept) if kept else query).one_or_none()
    if last is None:
        return 0
    tx.execute(insert(_cuts).values(entry_id=last.id, digest=last.digest, at=now))
    subject = _cut_words(last.id, last.digest)
    append(tx, actor="the service", action=FORGOT, subject=subject, now=now)
    tx.execute(delete(_table).where(_c.id <= last.id))
    return int(last.id) - begun.entry_id


def _cut_words(entry_id: int, digest: str) -> str:
    return f"entries up to {entry_id}, which ended in {digest}"


def verify(tx: Tx) -> int | None:
    """The first entry that does not follow from the one before it; None when all do.

    Entries removed from the end, or all of them made anew, cannot be seen from the table alone:
    `contradicted` asks heads that were written down elsewhere.
    """
    begun = beginning(tx)
    if begun.entry_id and not _is_told(tx, begun):
        return begun.entry_id
    last, expected_id = begun.digest, begun.entry_id + 1
    for row in tx.execute(select(_table).order_by(_c.id)).mappings():
        gap = row["id"] != expected_id
        digest = _digest(last, row["at"], row["actor"], row["action"], row["subject"])
        if gap or digest != row["digest"]:
            return int(row["id"])
        last, expected_id = digest, row["id"] + 1
    return None


def _is_told(tx: Tx, begun: Head) -> bool:
    """Whether the record itself says that its beginning was forgotten."""
    words = _cut_words(begun.entry_id, begun.digest)
    query = select(_c.id).where(_c.action == FORGOT, _c.subject == words, _c.at == begun.at)
    return tx.execute(query).first() is not None


def _digest(last: str, at: datetime, actor: str, action: str, subject: str) -> str:
    entry = json.dumps([last, to_microseconds(at), actor, action, subject])
    return hashlib.blake2b(entry.encode(), digest_size=32).hexdigest()


def subjects(tx: Tx, action: str) -> Iterator[str]:
    """Subjects of the entries whose action is like this, the oldest first."""
    return iter(tx.scalars(select(_c.subject).where(_c.action.like(action)).order_by(_c.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What one person has done so far: how often they opened posts, went on to further posts of
    one author, asked for names, decided and took something out."""

    actor: str
    opened: int
    again: int
    names: int
    decided: int
    taken_out: int
    last_at: datetime


def by_person(tx: Tx, since: datetime) -> list[Looks]:
    """Everybody on record since then, who asked for most names first."""

    def number(*prefixes: str) -> Any:
        named = or_(*(_c.action.startswith(one, autoescape=True) for one in prefixes))
        return func.sum(case((named, 1), else_=0))

    names = number("mention.names", "report.affected", "picture.viewed", "case.name", "subject.")
    query = (
        select(
            _c.actor, number("mention.viewed").label("opened"),
            number("mention.opened_again").label("again"), names.label("names"),
            number("decision.").label("decided"),
            number("export.", "mention.shared", "evidence.", "subject.exported").label("taken_out"),
            func.max(_c.at).label("last_at"),
        )
        .where(_c.at >= since)
        .group_by(_c.actor)
        .order_by(names.desc(), _c.actor)
    )  # fmt: skip
    return [Looks(**row) for row in tx.execute(query).mappings()]


def listing(
    tx: Tx, limit: int, *, actor: str = "", action: str = "", subject: str = ""
) -> list[AuditEntry]:
    """The newest entries first; those of one person, of actions that begin so, or of one
    subject, where that is given."""
    wanted = (
        (actor, _c.actor == actor),
        (action, _c.action.startswith(action, autoescape=True)),
        (subject, _c.subject == subject),
    )
    query = select(_table).where(*(condition for value, condition in wanted if value))
    rows = tx.execute(query.order_by(_c.id.desc()).limit(limit)).mappings()
    return [
        AuditEntry(
            entry_id=row["id"],
            at=row["at"],
            actor=row["actor"],
            action=row["action"],
            subject=row["subject"],
            digest=row["digest"],
        )
        for row in rows
    ]
