"""Screenshots: kept with their mention, their words read once, corrected by people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, insert, select, update

from connectors.parse.items import Picture
from monitor.store import brought as boxes
from monitor.store import mentions, sealing
from monitor.store.database import Tx
from monitor.store.report_tables import PictureRow
from monitor.store.stories import literal

_table: Any = PictureRow.__table__  # type: ignore[attr-defined]
_c = _table.c
WordsState = Literal["unread", "read", "failed", "no_reader"]
"""`no_reader` where the program that reads words is not installed."""
Copy = Literal["clean", "veil"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A picture as it came and as it was decoded."""

    original: bytes
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    picture_id: int
    digest: str
    width: int
    height: int
    words: str
    words_state: WordsState
    corrected_by: str | None
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    picture_id: int
    mention_id: int
    clean: bytes | None
    """None where it does not open any more."""
    attempts: int


def put(tx: Tx, mention_id: int, brought: Sequence[Brought]) -> None:
    """Keep pictures with their mention, which waits for their words; the same one only once."""
    here = set(tx.scalars(select(_c.digest).where(_c.mention_id == mention_id)))
    key = boxes.key_for(tx, mention_id) if brought else b""
    for one in brought:
        digest = hashlib.sha256(one.original).hexdigest()
        if digest in here:
            continue
        here.add(digest)
        drawn = one.picture
        copies = {"original": one.original, "clean": drawn.clean, "veil": drawn.veil}
        tx.execute(
            insert(_table).values(
                mention_id=mention_id,
                digest=digest,
                **{
                    copy: sealing.sealed(key, body, boxes.picture(mention_id, digest, copy))
                    for copy, body in copies.items()
                },
                media_type=drawn.media_type,
                width=drawn.width,
                height=drawn.height,
                words="",
                words_state="unread",
                attempts=0,
            )
        )
        mentions.hold_for_words(tx, mention_id)


def is_any_unread(tx: Tx) -> bool:
    return tx.execute(_unread(_c.id)).first() is not None


def _unread(*columns: Any) -> Select[Any]:
    waiting = literal("words_state = 'unread'")
    return select(*columns).where(waiting).order_by(_c.id).limit(1)


def next_unread(tx: Tx) -> Unread | None:
    """The oldest picture whose words are to be read, with this try counted."""
    columns = (_c.id, _c.mention_id, _c.digest, _c.clean, _c.attempts)
    row = tx.execute(_unread(*columns)).first()
    if row is None:
        return None
    bound_to = boxes.picture(row.mention_id, row.digest, "clean")
    clean = boxes.opened(boxes.key_of(tx, row.mention_id), row.clean, bound_to)
    tx.execute(update(_table).where(_c.id == row.id).values(attempts=_c.attempts + 1))
    return Unread(picture_id=row.id, mention_id=row.mention_id, clean=clean, attempts=row.attempts)


def finish(tx: Tx, unread: Unread, words: str, state: WordsState) -> None:
    """Note what was read; with its last picture the mention goes on to be assessed."""
    noted = tx.execute(
        update(_table)
        .where(_c.id == unread.picture_id, _c.words_state == "unread")
        .values(words=words, words_state=state)
    )
    if noted.rowcount == 1:
        _pass_on(tx, unread.mention_id)


def correct(
    tx: Tx, mention_id: int, picture_id: int, words: str, *, by: str, now: datetime
) -> bool:
    """Put a person's reading in the place of the machine's and let the mention be judged again;
    False when there is no such picture or a decision stands on the mention."""
    if not mentions.is_undecided(tx, mention_id):
        return False
    corrected = tx.execute(
        update(_table)
        .where(_c.id == picture_id, _c.mention_id == mention_id)
        .values(words=words, words_state="read", corrected_by=by, corrected_at=now)
    )
    _pass_on(tx, mention_id)
    return corrected.rowcount == 1


def _pass_on(tx: Tx, mention_id: int) -> None:
    rows = tx.execute(
        select(_c.words, _c.words_state).where(_c.mention_id == mention_id).order_by(_c.id)
    ).all()
    if not any(row.words_state == "unread" for row in rows):
        mentions.judge_anew(tx, mention_id, [row.words for row in rows])


def of_mention(tx: Tx, mention_id: int) -> tuple[PictureView, ...]:
    """What is known of a mention's pictures, in the order in which they came."""
    names = [name for name in PictureView.__slots__ if name != "picture_id"]
    query = select(_c.id, *(_c[name] for name in names)).where(_c.mention_id == mention_id)
    return tuple(
        PictureView(picture_id=row["id"], **{name: row[name] for name in names})
        for row in tx.execute(query.order_by(_c.id)).mappings()
    )


def body(tx: Tx, mention_id: int, picture_id: int, copy: Copy) -> tuple[str, bytes] | None:
    """Media type and bytes of a copy; the one as it came leaves with evidence only."""
    query = select(_c.media_type, _c.digest, _c[copy])
    row = tx.execute(query.where(_c.id == picture_id, _c.mention_id == mention_id)).first()
    if row is None:
        return None
    key, bound_to = boxes.key_of(tx, mention_id), boxes.picture(mention_id, row[1], copy)
    found = boxes.opened(key, row[2], bound_to)
    return None if found is None else ("image/png" if copy == "veil" else row[0], found)


def originals(tx: Tx, mention_id: int) -> tuple[bytes, ...]:
    """A mention's pictures as they came, for its evidence alone."""
    query = select(_c.digest, _c.original).where(_c.mention_id == mention_id).order_by(_c.id)
    key = boxes.key_of(tx, mention_id)
    found = (
        boxes.opened(key, row.original, boxes.picture(mention_id, row.digest, "original"))
        for row in tx.execute(query)
    )
    return tuple(one for one in found if one is not None)
