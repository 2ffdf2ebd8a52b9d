"""What hangs on a mail: what our own server found of its sender, and its files in quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from connectors.parse.items import MailItem
from monitor.store import brought, sealing
from monitor.store.database import Tx
from monitor.store.report_tables import EnclosureRow, MailRow

_mails: Any = MailRow.__table__  # type: ignore[attr-defined]
_m = _mails.c
_files: Any = EnclosureRow.__table__  # type: ignore[attr-defined]
_f = _files.c


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureView:
    number: int
    name: str
    media_type: str
    size: int
    cleared_by: str | None
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    authentication: str
    is_automatic: bool
    files: tuple[EnclosureView, ...]


def put(tx: Tx, mention_id: int, item: MailItem, raw: bytes) -> None:
    """Keep what is known of a new mail; the mail itself only while it has files to clear."""
    box = b""
    if item.files:
        box = sealing.sealed(brought.key_for(tx, mention_id), raw, brought.mail(mention_id))
    tx.execute(
        insert(_mails).values(
            mention_id=mention_id,
            raw=box,
            authentication=item.authentication,
            is_automatic=item.is_automatic,
        )
    )
    for file in item.files:
        values = {name: getattr(file, name) for name in file.__slots__}
        tx.execute(insert(_files).values(mention_id=mention_id, **values))


def of_mention(tx: Tx, mention_id: int) -> MailView | None:
    """None where the mention did not come by the mailbox."""
    row = tx.execute(
        select(_m.authentication, _m.is_automatic).where(_m.mention_id == mention_id)
    ).first()
    if row is None:
        return None
    query = select(_files).where(_f.mention_id == mention_id).order_by(_f.number)
    files = tuple(
        EnclosureView(**{name: one[name] for name in EnclosureView.__slots__})
        for one in tx.execute(query).mappings()
    )
    return MailView(authentication=row.authentication, is_automatic=row.is_automatic, files=files)


def raw(tx: Tx, mention_id: int, number: int) -> bytes | None:
    """The mail that holds the file of that number, while it is in quarantine."""
    query = (
        select(_m.raw)
        .join(_files, _f.mention_id == _m.mention_id)
        .where(_m.mention_id == mention_id, _f.number == number, _f.cleared_at.is_(None))
    )
    box: bytes | None = tx.scalar(query)
    key = brought.key_of(tx, mention_id)
    return None if box is None else brought.opened(key, box, brought.mail(mention_id))


def with_keys(query: Any) -> Any:
    """A query of mails with what opens them."""
    return brought.with_keys(query, _m.mention_id)


def opened(row: Any) -> bytes:
    """A mail as it came, of a row with its key; empty where it had no files, or does not open."""
    found = brought.opened(row["brought_key"], row["raw"], brought.mail(row["mention_id"]))
    return found or b""


def clear(tx: Tx, mention_id: int, number: int, *, by: str, now: datetime) -> bool:
    """Note who let a file out of quarantine; False when somebody else was quicker."""
    cleared = tx.execute(
        update(_files)
        .where(_f.mention_id == mention_id, _f.number == number, _f.cleared_at.is_(None))
        .values(cleared_by=by, cleared_at=now)
    )
    return cleared.rowcount == 1
