"""Evidence: captures sealed in a chain, their parts encrypted, each with a key of its own.

Parts, key and seal are written in one transaction, so that nothing is ever half sealed. To
forget a capture its key is destroyed; the seal, which holds digests alone, stays, and the chain
verifies as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, insert, select, update

from monitor.evidence import seal as chain
from monitor.evidence.seal import Kind, Seal
from monitor.store import sealing
from monitor.store.columns import to_microseconds
from monitor.store.database import Tx
from monitor.store.evidence_tables import EvidenceKeyRow, EvidencePartRow, EvidenceRow
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_table: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_parts: Any = EvidencePartRow.__table__  # type: ignore[attr-defined]
_p = _parts.c
_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_keys: Any = EvidenceKeyRow.__table__  # type: ignore[attr-defined]
RECORD = "record.json"
PageState = Literal[
    "shown", "other", "sign_in", "gone", "refused", "not_a_page", "too_large", "unreachable",
    "no_address", "link_only", "withheld", "around",
]  # fmt: skip
"""What became of the page: `other` has the words of the post no more, `withheld` by our rules;
`around` is none of the page but what stands around the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureView:
    """A capture of a mention, without its contents. `sizes` are bytes by name of part."""

    number: int
    mention_id: int
    page: PageState
    sealed_at: datetime
    digest: str
    sizes: Mapping[str, int]
    erased_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A seal that does not hold, and what is wrong with it."""

    number: int
    what: str


def put(
    tx: Tx, mention_id: int, parts: Mapping[str, Part], *, page: PageState, now: datetime
) -> Seal:
    """Seal a capture; `parts` holds its record under RECORD, with the digests of the others."""
    last = _last(tx)
    number = last.number + 1 if last else 1
    key = sealing.new_key()
    tx.execute(insert(_keys).values(evidence_id=number, key=key))
    digests = {}
    for name, part in parts.items():
        body = sealing.sealed(key, part.body, _bound_to(number, name))
        digests[name] = chain.sha256(body)
        tx.execute(
            insert(_parts).values(
                evidence_id=number,
                name=name,
                media_type=part.media_type,
                size=len(part.body),
                digest=digests[name],
                body=body,
            )
        )
    seal = chain.sealed(
        last,
        at=to_microseconds(now),
        kind="capture",
        record=chain.sha256(parts[RECORD].body),
        stored=chain.of_all(digests),
    )
    _insert(tx, seal, now, mention_id=mention_id, page=page)
    return seal


def put_bundle(tx: Tx, manifest_digest: str, *, now: datetime) -> Seal:
    """Seal what was exported, by the digest of its manifest."""
    seal = chain.sealed(_last(tx), at=to_microseconds(now), kind="bundle", record=manifest_digest)
    _insert(tx, seal, now, mention_id=None, page="")
    return seal


def _insert(tx: Tx, seal: Seal, now: datetime, *, mention_id: int | None, page: str) -> None:
    tx.execute(
        insert(_table).values(
            id=seal.number,
            mention_id=mention_id,
            kind=seal.kind,
            page=page,
            sealed_at=now,
            record=seal.record,
            stored=seal.stored,
            previous=seal.previous,
            digest=seal.digest,
            erased_why="",
        )
    )


def _last(tx: Tx) -> Seal | None:
    row = tx.execute(select(_table).order_by(_c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _seal(row)


def _seal(row: Any) -> Seal:
    kind: Kind = row["kind"]
    return Seal(
        number=row["id"],
        at=to_microseconds(row["sealed_at"]),
        kind=kind,
        record=row["record"],
        stored=row["stored"],
        previous=row["previous"],
        digest=row["digest"],
    )


def _bound_to(number: int, name: str) -> bytes:
    """Authenticated with the ciphertext, so that no part can stand in another's place."""
    return f"{number}/{name}".encode()


def of_mention(tx: Tx, mention_id: int) -> tuple[CaptureView, ...]:
    """The captures of a mention, the newest first."""
    query = select(_table).where(_c.mention_id == mention_id).order_by(_c.id.desc())
    return tuple(_view(tx, row) for row in tx.execute(query).mappings().all())


def listing(tx: Tx, scope: Scope, *, limit: int) -> tuple[CaptureView, ...]:
    """Captures of mentions of the scope, the newest first; those that were erased left out."""
    query = (
        select(_table)
        .join(MentionRow, _m.id == _c.mention_id)
        .where(_c.kind == "capture", _c.erased_at.is_(None), *conditions(scope))
        .order_by(_c.id.desc())
        .limit(limit)
    )
    return tuple(_view(tx, row) for row in tx.execute(query).mappings().all())


def find(tx: Tx, number: int) -> CaptureView | None:
    query = select(_table).where(_c.id == number, _c.kind == "capture")
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else _view(tx, row)


def _view(tx: Tx, row: Any) -> CaptureView:
    sizes = select(_p.name, _p.size).where(_p.evidence_id == row["id"])
    return CaptureView(
        number=row["id"],
        mention_id=row["mention_id"],
        page=row["page"],
        sealed_at=row["sealed_at"],
        digest=row["digest"],
        sizes={one.name: one.size for one in tx.execute(sizes)},
        erased_at=row["erased_at"],
    )


def parts(tx: Tx, number: int) -> dict[str, Part]:
    """The parts of a capture, decrypted; empty when it was erased. Raises InvalidTag where one
    was changed."""
    key = tx.scalar(select(_keys.c.key).where(_keys.c.evidence_id == number))
    if key is None:
        return {}
    rows = tx.execute(select(_parts).where(_p.evidence_id == number).order_by(_p.name)).mappings()
    return {
        row["name"]: Part(
            media_type=row["media_type"],
            body=sealing.opened(key, row["body"], _bound_to(number, row["name"])),
        )
        for row in rows
    }


def part(tx: Tx, number: int, name: str) -> Part | None:
    """One part, decrypted. Raises InvalidTag."""
    query = (
        select(_p.media_type, _p.body, _keys.c.key)
        .join(_keys, _keys.c.evidence_id == _p.evidence_id)
        .where(_p.evidence_id == number, _p.name == name)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    body = sealing.opened(row.key, row.body, _bound_to(number, name))
    return Part(media_type=row.media_type, body=body)


def forget(tx: Tx, mention_ids: Sequence[int], *, why: str, now: datetime) -> int:
    """Destroy the keys of all captures of these mentions, and what they open; the number of
    captures. Their seals stay."""
    chosen = select(_c.id).where(_c.mention_id.in_(mention_ids), _c.erased_at.is_(None))
    numbers = list(tx.scalars(chosen))
    if not numbers:
        return 0
    tx.execute(delete(_keys).where(_keys.c.evidence_id.in_(numbers)))
    tx.execute(delete(_parts).where(_p.evidence_id.in_(numbers)))
    erased = {"erased_at": now, "erased_why": why}
    tx.execute(update(_table).where(_c.id.in_(numbers)).values(erased))
    return len(numbers)


def seals(tx: Tx, *, first: int = 1, last: int | None = None) -> Iterator[Seal]:
    """A stretch of the chain, in order."""
    query = select(_table).where(_c.id >= first).order_by(_c.id)
    if last is not None:
        query = query.where(_c.id <= last)
    for row in tx.execute(query).mappings():
        yield _seal(row)


def newest(tx: Tx) -> int | None:
    """The number of the last seal."""
    found: int | None = tx.scalar(select(func.max(_c.id)))
    return found


def verify(tx: Tx) -> Fault | None:
    """The first seal that does not hold: the chain, then every part as it lies there."""
    broken = chain.first_broken(seals(tx))
    if broken is not None:
        return Fault(number=broken, what="it or one before it was changed, removed or moved")
    for row in tx.execute(select(_table).order_by(_c.id)).mappings().all():
        if row["kind"] == "capture" and (what := _wrong_with(tx, row)):
            return Fault(number=row["id"], what=what)
    return None


def _wrong_with(tx: Tx, row: Any) -> str:
    """Empty when a capture is whole, or erased as it says."""
    lying = select(_p.name, _p.body).where(_p.evidence_id == row["id"])
    digests = {one.name: chain.sha256(one.body) for one in tx.execute(lying)}
    if row["erased_at"] is not None:
        return "it counts as erased, and parts of it are there" if digests else ""
    if chain.of_all(digests) != row["stored"]:
        return "a part was changed, removed or added"
    try:
        record = part(tx, row["id"], RECORD)
    except InvalidTag:
        return "its key was changed"
    if record is None:
        return "its key is gone, and it does not count as erased"
    return "" if chain.sha256(record.body) == row["record"] else "its record was changed"
