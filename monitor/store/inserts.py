"""Inserts: leave alone what is there (the one difference of dialect), many at once, and the id of a
new row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.database import Tx


def insert_or_ignore(tx: Tx, table: Table) -> Insert:
    """An INSERT that does nothing where a unique key exists already."""
    insert: Any = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    statement: Insert = insert(table).on_conflict_do_nothing()
    return statement


def put_all(tx: Tx, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
    """Insert rows that are the driver's values already, in the order of `columns`, leaving alone
    what is there; the number inserted. Straight to the driver, as a bulk insert through the mapper
    costs several times as much."""
    statement = insert_or_ignore(tx, table).values(dict.fromkeys(columns))
    sql = str(statement.compile(dialect=tx.dialect))
    # One driver takes values by place, the other by name.
    by_place = tx.dialect.positional
    values: Any = rows if by_place else [dict(zip(columns, row, strict=True)) for row in rows]
    return tx.exec_driver_sql(sql, values).rowcount


def new_id(inserted: CursorResult[Any]) -> int:
    """The id that the database gave to the one row inserted."""
    key: Any = inserted.inserted_primary_key
    return int(key[0])
