"""What people brought, sealed: a mail with files as it came, and each copy of a screenshot.

All that hangs on one mention has one key (`brought_key`). With the key what it opens is gone, in
copies too.
"""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import insert, select

from monitor.store import sealing
from monitor.store.database import Tx
from monitor.store.sealed_tables import BroughtKeyRow

_keys: Any = BroughtKeyRow.__table__  # type: ignore[attr-defined]
_k = _keys.c


def mail(mention_id: int) -> bytes:
    """What the box of a mail is bound to."""
    return f"mail {mention_id}".encode()


def picture(mention_id: int, digest: str, copy: str) -> bytes:
    """What the box of a copy of a picture is bound to: its mention, the original's digest, and
    which copy it is."""
    return f"picture {mention_id} {digest} {copy}".encode()


def key_of(tx: Tx, mention_id: int) -> bytes | None:
    key = tx.scalar(select(_k.key).where(_k.mention_id == mention_id))
    return None if key is None else bytes(key)


def key_for(tx: Tx, mention_id: int) -> bytes:
    """The mention's key, made when the first thing is brought."""
    if (key := key_of(tx, mention_id)) is not None:
        return key
    key = sealing.new_key()
    tx.execute(insert(_keys).values(mention_id=mention_id, key=key))
    return key


def opened(key: bytes | None, box: bytes, bound_to: bytes) -> bytes | None:
    """None where the key was destroyed, or the box does not open."""
    if key is None:
        return None
    try:
        return sealing.opened(bytes(key), bytes(box), bound_to)
    except InvalidTag:
        return None


def with_keys(query: Any, mention_id: Any) -> Any:
    """A query with what opens its rows, which are of the mention in this column."""
    keyed = query.add_columns(_k.key.label("brought_key"))
    return keyed.join(_keys, _k.mention_id == mention_id, isouter=True)
