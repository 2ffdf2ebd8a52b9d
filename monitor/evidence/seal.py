"""The chain of seals: each covers the one before, so that none can be changed, removed or moved.

Standard library only, and nothing of ours: whoever is handed a bundle can check it with this
file alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

BEGINNING = "0" * 64
Kind = Literal["capture", "bundle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """`record` is the SHA-256 of what is sealed: of a capture its record, which holds the digests
    of its parts and a random number, so that nothing can be guessed from it; of a bundle its
    manifest. `stored` is that of the encrypted parts as they lie in the database."""

    number: int
    """1, 2, 3 ... without a gap."""
    at: int
    """Microseconds since 1970, UTC."""
    kind: Kind
    record: str
    stored: str
    previous: str
    digest: str

    @property
    def is_whole(self) -> bool:
        return self.digest == digest_of(
            self.previous, self.number, self.at, self.kind, self.record, self.stored
        )


def sealed(last: Seal | None, *, at: int, kind: Kind, record: str, stored: str = "") -> Seal:
    """The seal that follows on `last`."""
    number, previous = (last.number + 1, last.digest) if last else (1, BEGINNING)
    return Seal(
        number=number,
        at=at,
        kind=kind,
        record=record,
        stored=stored,
        previous=previous,
        digest=digest_of(previous, number, at, kind, record, stored),
    )


def digest_of(previous: str, number: int, at: int, kind: str, record: str, stored: str) -> str:
    """SHA-256 of these six as a JSON list without spaces, in hexadecimal."""
    entry = json.dumps([previous, number, at, kind, record, stored], separators=(",", ":"))
    return sha256(entry.encode())


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def of_all(digests: Mapping[str, str]) -> str:
    """One digest for several files: of the lines `sha256sum` would print, by name."""
    lines = (f"{digests[name]}  {name}\n" for name in sorted(digests))
    return sha256("".join(lines).encode())


def first_broken(seals: Iterable[Seal], *, after: Seal | None = None) -> int | None:
    """The number of the first seal that is changed or does not follow; None when all do."""
    last = after
    for seal in seals:
        follows = last is None or (seal.previous == last.digest and seal.number == last.number + 1)
        if not follows or not seal.is_whole:
            return seal.number
        last = seal
    return None
