"""Moving an installation to another database, either way, and proving that all is there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, column, func, insert, select, table

from monitor.store.database import Store, Tx
from monitor.store.errors import StoreError
from monitor.store.metadata import SHARED, WORDS, metadata

BATCH = 1_000
"""Rows of one statement."""


class NotEmpty(StoreError):
    """The target holds an installation already: name an empty database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a table holds: rows, and a digest of their values whatever their order."""

    rows: int
    digest: str


def copy(source: Store, target: Store) -> Iterator[int]:
    """Copy every row, in one transaction of the target; yields the rows of each batch. Both have
    the newest tables. Raises NotEmpty, StoreError."""
    with source.read() as origin, target.begin() as tx:
        if any(_count(tx, one) for one in _tables()):
            raise NotEmpty
        for one in _tables():
            for batch in _batches(origin, one):
                tx.execute(insert(one), batch)
                yield len(batch)
            _go_on_counting(tx, one)


def total(store: Store) -> int:
    with store.read() as tx:
        return sum(_count(tx, one) for one in _tables())


def contents(store: Store) -> dict[str, Content]:
    """What each table holds, by its name."""
    with store.read() as tx:
        return {one.name: _content(tx, one) for one in _tables()}


def _tables() -> list[Any]:
    """What is of a trust: the hosts' turns are not, and the queue is made anew from rows."""
    known = [one for one in metadata().sorted_tables if one.name not in SHARED]
    return [*known, table(WORDS, column("rowid"), column("words"))]


def _count(tx: Tx, one: Table) -> int:
    return int(tx.scalar(select(func.count()).select_from(one)) or 0)


def _batches(tx: Tx, one: Any) -> Iterator[list[dict[str, Any]]]:
    rows = tx.execution_options(yield_per=BATCH).execute(select(*one.c))
    for batch in rows.mappings().partitions(BATCH):
        yield [dict(row) for row in batch]


def _content(tx: Tx, one: Any) -> Content:
    """The sum of the rows' digests: the same in any order, and no two changes are likely to make
    up for each other."""
    rows, sum_of_all = 0, 0
    for batch in _batches(tx, one):
        for row in batch:
            whole = json.dumps([_plain(row[name]) for name in sorted(row)], sort_keys=True)
            digest = hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16)
            sum_of_all += int.from_bytes(digest.digest())
            rows += 1
    return Content(rows=rows, digest=f"{sum_of_all % 2**128:032x}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _go_on_counting(tx: Tx, one: Any) -> None:
    """Let the server number the next row after the last copied."""
    if tx.dialect.name != "postgresql":
        return
    for key in one.columns:
        if not (isinstance(key, Column) and _is_numbered(key)):
            continue
        sequence = tx.scalar(select(func.pg_get_serial_sequence(one.name, key.name)))
        last = tx.scalar(select(func.max(key)))
        if sequence and last is not None:
            tx.execute(select(func.setval(sequence, last)))


def _is_numbered(key: Column[Any]) -> bool:
    is_number = issubclass(key.type.python_type, int)
    return key.primary_key and is_number and key.autoincrement is not False
