"""Screenshots that people bring: checked before they are kept, their words read by a task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from connectors.errors import ConnectorError, TooLarge
from connectors.parse import lettering
from connectors.parse.child import parse
from connectors.parse.picture import LIMITS, parse_picture
from monitor.context import Context
from monitor.store import audit, evidence_orders, pictures
from monitor.store.database import Store
from monitor.store.pictures import Brought, Copy, WordsState

MOST = 3
"""Pictures brought at once."""
MAX_BYTES = 8 * 1024 * 1024
TRIES = 3
LONGEST_WORDS = 8000


def check(bodies: Iterable[bytes]) -> tuple[Brought, ...]:
    """The pictures, decoded in the killable child. Raises ConnectorError for what is none."""
    return tuple(_checked(body) for body in bodies)


def _checked(body: bytes) -> Brought:
    if len(body) > MAX_BYTES:
        raise TooLarge(f"A picture may have {MAX_BYTES // 2**20} MB.")
    return Brought(original=body, picture=parse(parse_picture, body, limits=LIMITS))


def hand_in(
    store: Store, mention_id: int, brought: Sequence[Brought], *, by: str, now: datetime
) -> None:
    """Keep a reviewer's own screen prints with a mention, and have them sealed: what a browser
    shows that is signed in, no capture can see (policy 9.4)."""
    subject = f"mention {mention_id}"
    with store.begin() as tx:
        pictures.put(tx, mention_id, brought)
        evidence_orders.ask(tx, mention_id, by=by, pictures=False, scripts=False, now=now)
        audit.append(tx, actor=by, action="picture.brought", subject=subject, now=now)


def read_next(ctx: Context) -> int:
    """Read the words of the next picture; the number looked at (0 or 1). The try is counted
    before it is made, so that a picture that kills the process stops no other."""
    with ctx.store.read() as tx:
        if not pictures.is_any_unread(tx):
            return 0
    with ctx.store.begin() as tx:
        unread = pictures.next_unread(tx)
    if unread is None:
        return 0
    words, state = _words(unread.clean) if unread.attempts < TRIES else ("", "failed")
    with ctx.store.begin() as tx:
        pictures.finish(tx, unread, words, state)
    return 1


def _words(clean: bytes | None) -> tuple[str, WordsState]:
    if clean is None:
        return "", "failed"
    if not lettering.is_installed():
        return "", "no_reader"
    try:
        return lettering.read_words(clean)[:LONGEST_WORDS], "read"
    except ConnectorError:
        return "", "failed"


def look(
    store: Store, mention_id: int, picture_id: int, copy: Copy, *, by: str, now: datetime
) -> tuple[str, bytes] | None:
    """Media type and bytes of a picture; who sees it unveiled is on record."""
    if copy == "veil":
        with store.read() as tx:
            return pictures.body(tx, mention_id, picture_id, copy)
    with store.begin() as tx:
        found = pictures.body(tx, mention_id, picture_id, copy)
        if found is not None:
            subject = f"mention {mention_id}"
            audit.append(tx, actor=by, action="picture.viewed", subject=subject, now=now)
        return found


def correct(
    store: Store, mention_id: int, picture_id: int, words: str, *, by: str, now: datetime
) -> bool:
    """Put the reviewer's reading in the place of the machine's; the mention is judged again.
    False when a decision stands, which must be taken back first."""
    with store.begin() as tx:
        words = words.replace("\r\n", "\n").strip()
        corrected = pictures.correct(tx, mention_id, picture_id, words, by=by, now=now)
        if corrected:
            subject = f"mention {mention_id}"
            audit.append(tx, actor=by, action="picture.words_corrected", subject=subject, now=now)
        return corrected
