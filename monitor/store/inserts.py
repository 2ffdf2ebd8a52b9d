"""Inserts: leave alone what is there (the one difference of dialect), and the id of a new row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.database import Tx


def insert_or_ignore(tx: Tx, table: Table) -> Insert:
    """An INSERT that does nothing where a unique key exists already."""
    insert: Any = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    statement: Insert = insert(table).on_conflict_do_nothing()
    return statement


def new_id(inserted: CursorResult[Any]) -> int:
    """The id that the database gave to the one row inserted."""
    key: Any = inserted.inserted_primary_key
    return int(key[0])
