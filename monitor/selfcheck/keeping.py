"""A list that the person keeps: encrypted by a code that they alone hold.

The code is made by chance (128 bits) and not chosen: a passphrase that people can remember could be
guessed at leisure by whoever holds a copy of the database, this cannot. From the code, and from who
is signed in, follow the key and the place of the record; the row holds neither a name nor a time
of making, and all rows are of one size. Rows of pure chance stand between them (`decoy`), so that
their number says nothing. A code that is lost cannot be had again: then the record only waits for
its day to be forgotten.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.words import ORDINARY
from monitor.selfcheck.checking import Checked, Item
from monitor.selfcheck.clues import Result
from monitor.selfcheck.draft import Details
from monitor.selfcheck.judging import Lessons

BOX_BYTES = 24 * 1024
NONCE_BYTES, TAG_BYTES = 12, 16
CODE_BYTES = 16
MOST_WORDS = 60
Months = Literal[3, 6, 12]
MONTHS: tuple[Months, ...] = (3, 6, 12)
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


class WrongCode(Exception):
    """No record opens with this code for this person; it says no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the person keeps: where they were found, what they answered, what they wrote."""

    day: date
    addresses: frozenset[str]
    """Of every result that was about them, or perhaps about them."""
    lessons: Lessons
    details: Details
    without: tuple[str, ...] = ()
    """Ids of providers that they leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A row as it is stored."""

    place: bytes
    sealed: bytes
    forget_on: date


def new_code() -> str:
    """In groups that are easily copied: ABCD-EFGH-..."""
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def seal(kept: Kept, code: str, subject: str, *, months: Months) -> Box:
    """Raises WrongCode where the code is none."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = _padded(_packed(kept))
    sealed = nonce + AESGCM(_derived(code, subject, "key")).encrypt(nonce, body, None)
    return Box(
        place=_derived(code, subject, "place"),
        sealed=sealed,
        forget_on=_last_day(kept.day, months),
    )


def place(code: str, subject: str) -> bytes:
    """Where the record of a code is. Raises WrongCode where the code is none."""
    return _derived(code, subject, "place")


def opened(sealed: bytes, code: str, subject: str) -> Kept:
    """Raises WrongCode."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        plain = AESGCM(_derived(code, subject, "key")).decrypt(nonce, body, None)
        return _unpacked(plain)
    except (InvalidTag, ValueError, KeyError, TypeError, zlib.error) as error:
        raise WrongCode from error


def decoy(today: date) -> Box:
    """A row that nobody can open, like every other to whoever cannot open those."""
    return Box(
        place=secrets.token_bytes(32),
        sealed=secrets.token_bytes(NONCE_BYTES + BOX_BYTES + TAG_BYTES),
        forget_on=_last_day(today, secrets.choice(MONTHS)),
    )


def kept_of(checked: Checked, details: Details, without: tuple[str, ...], old: Lessons) -> Kept:
    """What of a check is kept: addresses and lessons, never what stood on the pages."""
    found = (item for item in checked.items if item.group != "else")
    return Kept(
        day=checked.day,
        addresses=frozenset(item.url for item in found),
        lessons=learnt(checked, old),
        details=details,
        without=without,
    )


def learnt(checked: Checked, old: Lessons) -> Lessons:
    """What the person's answers teach: the addresses, and words of one kind only."""
    mine = {url for url, is_me in checked.answers.items() if is_me}
    not_mine = {url for url, is_me in checked.answers.items() if not is_me}
    own, other = _words(checked, mine), _words(checked, not_mine)
    return Lessons(
        mine=(old.mine - not_mine) | mine,
        not_mine=(old.not_mine - mine) | not_mine,
        my_words=_few(old.my_words - other, own - other),
        other_words=_few(old.other_words - own, other - own),
    )


def _words(checked: Checked, urls: set[str]) -> frozenset[str]:
    never = checked.person.vocabulary | ORDINARY
    words: set[str] = set()
    for item in checked.items:
        if item.url in urls:
            result = _result(item)
            words.update(word for word in result.folded if len(word) > 4 and word not in never)
            words.add(result.host)
    return frozenset(words)


def _result(item: Item) -> Result:
    return Result(title=item.title, snippet=item.snippet, url=item.url)


def _few(old: frozenset[str], new: frozenset[str]) -> frozenset[str]:
    return frozenset(sorted(new)[:MOST_WORDS] + sorted(old - new)[: MOST_WORDS - len(new)])


def _packed(kept: Kept) -> bytes:
    """Compressed; the longest list is shortened until it fits."""
    addresses = sorted(kept.addresses)
    while len(packed := zlib.compress(_json(kept, addresses), 9)) > BOX_BYTES - 4:
        addresses = addresses[: len(addresses) // 2]
    return packed


def _json(kept: Kept, addresses: list[str]) -> bytes:
    lessons, details = kept.lessons, kept.details
    return json.dumps(
        {
            "day": kept.day.isoformat(),
            "addresses": addresses,
            "mine": sorted(lessons.mine)[:200],
            "not_mine": sorted(lessons.not_mine)[:200],
            "my_words": sorted(lessons.my_words),
            "other_words": sorted(lessons.other_words),
            "role": details.role,
            "subject": details.subject,
            "also": details.also,
            "handles": details.handles,
            "words": details.words,
            "without": kept.without,
        }
    ).encode()


def _unpacked(plain: bytes) -> Kept:
    size = int.from_bytes(plain[:4], "big")
    found: dict[str, Any] = json.loads(zlib.decompress(plain[4 : 4 + size]))
    lessons = Lessons(
        mine=frozenset(found["mine"]),
        not_mine=frozenset(found["not_mine"]),
        my_words=frozenset(found["my_words"]),
        other_words=frozenset(found["other_words"]),
    )
    details = Details(
        role=found["role"],
        subject=found["subject"],
        also=tuple(found["also"]),
        handles=tuple(found["handles"]),
        words=tuple(found["words"]),
    )
    return Kept(
        day=date.fromisoformat(found["day"]),
        addresses=frozenset(found["addresses"]),
        lessons=lessons,
        details=details,
        without=tuple(found["without"]),
    )


def _padded(body: bytes) -> bytes:
    return (len(body).to_bytes(4, "big") + body).ljust(BOX_BYTES, b"\0")


def _derived(code: str, subject: str, what: str) -> bytes:
    letters = "".join(char for char in code.upper() if char in _ALPHABET)
    if len(letters) != 26:
        raise WrongCode
    info = f"self-check.{what}.{subject}".encode("utf-8", "replace")
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
    return made.derive(letters.encode())


def _last_day(day: date, months: Months) -> date:
    """The first day of a month, so that the day of making cannot be told from it."""
    count = day.year * 12 + day.month + months
    return date(count // 12, count % 12 + 1, 1)


def compared(checked: Checked, kept: Kept | None) -> Checked:
    """The same with what is new since the last time marked."""
    if kept is None:
        return checked
    items = tuple(
        replace(item, is_new=item.group != "else" and item.url not in kept.addresses)
        for item in checked.items
    )
    return replace(checked, items=items, last=kept.day)
