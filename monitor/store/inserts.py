"""Inserts: leave alone what is there (the one difference of dialect), many at once, and the id of a
new row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.database import Tx

Rows = Sequence[tuple[Any, ...]]
BY_COPY = 100
"""From so many rows on a server is better given them by COPY than one by one."""


def insert_or_ignore(tx: Tx, table: Table) -> Insert:
    """An INSERT that does nothing where a unique key exists already."""
    insert: Any = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    statement: Insert = insert(table).on_conflict_do_nothing()
    return statement


def put_all(tx: Tx, table: Table, columns: Sequence[str], rows: Rows) -> int:
    """Insert rows that are the driver's values already, in the order of `columns`, leaving alone
    what is there; the number inserted. Straight to the driver, as a bulk insert through the mapper
    costs several times as much."""
    # One driver takes values by place, the other by name.
    by_place = tx.dialect.positional
    if len(rows) >= BY_COPY and not by_place:
        return _copied(tx, table, columns, rows)
    statement = insert_or_ignore(tx, table).values(dict.fromkeys(columns))
    sql = str(statement.compile(dialect=tx.dialect))
    values: Any = rows if by_place else [dict(zip(columns, row, strict=True)) for row in rows]
    return tx.exec_driver_sql(sql, values).rowcount


def _copied(tx: Tx, table: Table, columns: Sequence[str], rows: Rows) -> int:
    """By a table of the transaction's own, as COPY itself stops at a row that is there already."""
    incoming, names = f"incoming_{table.name}", ", ".join(columns)
    tx.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {incoming} AS SELECT {names} FROM {table.name} WITH NO DATA"  # noqa: S608
    )
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {incoming} ({names}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)
    stored = tx.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {incoming} ON CONFLICT DO NOTHING"  # noqa: S608
    ).rowcount
    tx.exec_driver_sql(f"DROP TABLE {incoming}")
    return stored


def new_id(inserted: CursorResult[Any]) -> int:
    """The id that the database gave to the one row inserted."""
    key: Any = inserted.inserted_primary_key
    return int(key[0])
