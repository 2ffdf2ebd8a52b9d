"""Who wrote a mention: sealed, each author under a key of their own, and opened only to be shown.

A mention holds a box. Its key is a row of `author_key`, beside a mark (keyed BLAKE2b, RFC 7693) by
which two mentions of one author are known for such while both stay shut. Box, key and mark are
written in the transaction of the mention; once the key is destroyed nothing opens the box, and no
mark is left to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from os import urandom
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update

from connectors.types import Author
from monitor.store import sealing
from monitor.store.database import Tx
from monitor.store.inserts import insert_or_ignore, put_all
from monitor.store.sealed_tables import AuthorKeyRow, MarkKeyRow
from monitor.store.sealing import KEY_BYTES, NONCE_BYTES
from monitor.store.tables import MentionRow

_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_m = _mentions.c
_keys: Any = AuthorKeyRow.__table__  # type: ignore[attr-defined]
_mark_keys: Any = MarkKeyRow.__table__  # type: ignore[attr-defined]
MARK_BYTES = 16
COLUMNS = ("mention_id", "key", "mark")
_EACH = KEY_BYTES + NONCE_BYTES
_DRAWN_AT_ONCE = 1_000
KeyRow = tuple[int, bytes, bytes]
"""In the order of COLUMNS."""


class Sealer:
    """Seals the authors of new mentions and keeps their keys until it is known which were stored.

    Chance is drawn for many at once: a call for each would cost as much as the sealing.
    """

    def __init__(self, mark_key: bytes) -> None:
        self._mark_key = mark_key
        self._made: dict[bytes, tuple[bytes, bytes]] = {}
        self._drawn = _drawn()

    def box(self, identity: bytes, platform: str, name: str, handle: str) -> bytes | None:
        """What stands in the row of the mention; None where its source names nobody. Neither part
        holds a NUL (`mentions.clean`)."""
        if not (name or handle):
            return None
        chance = next(self._drawn)
        key, nonce = chance[:KEY_BYTES], chance[KEY_BYTES:]
        made = (key, _mark(self._mark_key, platform, name, handle))
        self._made.setdefault(identity, made)  # of the same post twice the first is stored
        return nonce + AESGCM(key).encrypt(nonce, f"{name}\0{handle}".encode(), identity)

    def keys(self, stored: Iterable[tuple[int, bytes]]) -> list[KeyRow]:
        """Of mentions by number and identity."""
        made = self._made
        return [(number, *made[one]) for number, one in stored if one in made]


def _drawn() -> Iterator[bytes]:
    while True:
        many = urandom(_EACH * _DRAWN_AT_ONCE)
        yield from (many[at : at + _EACH] for at in range(0, len(many), _EACH))


def _mark(key: bytes, platform: str, name: str, handle: str) -> bytes:
    """By the handle, as two may bear one name; by the name where there is no handle."""
    known_by = f"@{handle.lstrip('@')}" if handle else f"={name}"
    whose = f"{platform}\0{known_by.casefold()}".encode()
    return blake2b(whose, key=key, digest_size=MARK_BYTES).digest()


def sealer(tx: Tx) -> Sealer:
    """With this database's key of marks, which is made when the first is needed."""
    query = select(_mark_keys.c.key)
    key: bytes | None = tx.scalar(query)
    if key is None:
        tx.execute(insert_or_ignore(tx, _mark_keys).values(id=1, key=sealing.new_key()))
        key = tx.execute(query).scalar_one()
    return Sealer(bytes(key))


def keep(tx: Tx, made: Sealer, *, after: int) -> None:
    """Keep the keys of the mentions stored in this transaction: those numbered after `after`. What
    another stored meanwhile has its key already."""
    stored = tx.execute(select(_m.id, _m.identity).where(_m.id > after))
    rows = made.keys((number, bytes(identity)) for number, identity in stored)
    if rows:
        put_all(tx, _keys, COLUMNS, rows)


def of_row(row: Any) -> Author:
    """Of a row with its key; nobody where the author was forgotten, or the box does not open."""
    box, key = row["author"], row["author_key"]
    if box is None or key is None:
        return Author()
    try:
        plain = sealing.opened(bytes(key), bytes(box), bytes(row["identity"]))
    except InvalidTag:
        return Author()
    name, _, handle = plain.decode().partition("\0")
    return Author(name=name or None, handle=handle or None)


def of_mention(tx: Tx, mention_id: int) -> Author:
    """The author, to be shown to somebody whose asking is on record, or put into evidence."""
    query = with_keys(select(_m.author, _m.identity).where(_m.id == mention_id))
    row = tx.execute(query).mappings().one_or_none()
    return Author() if row is None else of_row(row)


def forget(tx: Tx, mention_ids: Sequence[int]) -> None:
    """Destroy the keys of these mentions' authors, and what they open."""
    tx.execute(delete(_keys).where(_keys.c.mention_id.in_(mention_ids)))
    tx.execute(update(_mentions).where(_m.id.in_(mention_ids)).values(author=None))


def with_keys(query: Any) -> Any:
    """A query of mentions with what opens their authors, where they have one."""
    keyed = query.add_columns(_keys.c.key.label("author_key"))
    return keyed.join(_keys, _keys.c.mention_id == _m.id, isouter=True)
