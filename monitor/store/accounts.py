"""The register of official accounts, and mentions whose author may pose as one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import func, insert, select, update

from monitor.store.account_tables import AccountRow, LookAlikeRow
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore, new_id
from monitor.store.scope import Scope, conditions
from monitor.store.sealed_tables import AuthorKeyRow
from monitor.store.tables import MentionRow

_table: Any = AccountRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_alike: Any = LookAlikeRow.__table__  # type: ignore[attr-defined]
_a = _alike.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_k: Any = AuthorKeyRow.__table__.c  # type: ignore[attr-defined]
ItAdmin = Literal["yes", "no", "unknown"]
Said = Literal["open", "reported", "ours", "harmless"]
SAID: tuple[Said, ...] = get_args(Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is written down of an account (policy 6.1, 6.2, 6.11); never its password."""

    platform: str
    handle: str
    """Without a leading "@"."""
    url: str = ""
    school_id: str = ""
    """Empty: of the Trust."""
    owner: str = ""
    """Who keeps it: an office, or a colleague."""
    it_admin: ItAdmin = "unknown"
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    account_id: int
    facts: AccountFacts
    checked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    mention_id: int
    platform: str
    poses_as: str
    """A school's id; empty: the Trust."""
    why: tuple[str, ...]
    found_at: datetime
    said: Said
    said_by: str


def listing(tx: Tx) -> list[Account]:
    """Those in use, by school and platform."""
    query = select(_table).where(_c.closed_at.is_(None))
    query = query.order_by(_c.school_id, _c.platform, _c.handle, _c.id)
    return [_account(row) for row in tx.execute(query).mappings()]


def find(tx: Tx, account_id: int) -> Account | None:
    query = select(_table).where(_c.id == account_id, _c.closed_at.is_(None))
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else _account(row)


def keep(tx: Tx, facts: AccountFacts, *, by: str, now: datetime) -> int:
    """Write an account down, in place of what is known of the same handle; its id."""
    values = _values(facts) | ({"checked_by": by} if facts.checked_on else {})
    known = tx.scalar(
        select(_c.id).where(
            _c.platform == facts.platform, func.lower(_c.handle) == facts.handle.lower(),
            _c.closed_at.is_(None),
        )
    )  # fmt: skip
    if known is not None:
        tx.execute(update(_table).where(_c.id == known).values(values))
        return int(known)
    new = {"checked_by": "", "added_by": by, "added_at": now, **values}
    return new_id(tx.execute(insert(_table).values(new)))


def check(tx: Tx, account_id: int, it_admin: ItAdmin, *, on: date, by: str) -> bool:
    """Somebody has looked today whether IT still has full access."""
    checked = {"it_admin": it_admin, "checked_on": on, "checked_by": by}
    query = update(_table).where(_c.id == account_id, _c.closed_at.is_(None)).values(checked)
    return tx.execute(query).rowcount == 1


def close(tx: Tx, account_id: int, now: datetime) -> bool:
    query = update(_table).where(_c.id == account_id, _c.closed_at.is_(None))
    return tx.execute(query.values(closed_at=now)).rowcount == 1


def _values(facts: AccountFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in AccountFacts.__slots__}


def _account(row: Any) -> Account:
    facts = AccountFacts(**{name: row[name] for name in AccountFacts.__slots__})
    return Account(account_id=row["id"], facts=facts, checked_by=row["checked_by"])


def note_look_alike(
    tx: Tx, mention_id: int, poses_as: str, why: Sequence[str], now: datetime
) -> bool:
    """A finding, once for a mention."""
    values = {"poses_as": poses_as, "why": list(why), "found_at": now}
    new = insert_or_ignore(tx, _alike).values(
        mention_id=mention_id, state="open", said_by="", **values
    )
    return tx.execute(new).rowcount == 1


def look_alikes(tx: Tx, scope: Scope, *, limit: int) -> list[LookAlike]:
    """Open ones first, the newest first."""
    query = (
        select(_alike, _m.platform)
        .join(MentionRow, _m.id == _a.mention_id)
        .where(*conditions(scope))
        .order_by(_a.state != "open", _a.found_at.desc(), _a.mention_id)
        .limit(limit)
    )
    return [
        LookAlike(
            mention_id=row["mention_id"], platform=row["platform"], poses_as=row["poses_as"],
            why=tuple(row["why"]), found_at=row["found_at"], said=row["state"],
            said_by=row["said_by"],
        )
        for row in tx.execute(query).mappings()
    ]  # fmt: skip


def say(tx: Tx, mention_id: int, said: Said, *, by: str, now: datetime) -> bool:
    """What somebody found out about a look-alike."""
    values = {"state": said, "said_by": by, "said_at": now}
    query = update(_alike).where(_a.mention_id == mention_id).values(values)
    return tx.execute(query).rowcount == 1


def told_of(tx: Tx, mention_id: int) -> bool:
    """Whether a finding of the same author is there already, open or answered."""
    own = select(_k.mark).where(_k.mention_id == mention_id).scalar_subquery()
    query = (
        select(_a.mention_id)
        .join(AuthorKeyRow, _k.mention_id == _a.mention_id)
        .where(_k.mark == own, _a.mention_id != mention_id)
        .limit(1)
    )
    return tx.execute(query).first() is not None
