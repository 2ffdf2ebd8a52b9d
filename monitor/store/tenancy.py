"""On a server's database every row belongs to a trust, and the server itself holds to that.

Each table has a column `trust`, filled by the server with the trust of the transaction, at the head
of every key and index; row-level security shows a transaction the rows of its trust alone. No query
names the column, so none can forget it; a statement outside a transaction of ours finds nothing. An
embedded database holds one trust and has none of this.

The index of words is the one exception: row-level security would keep its index from being used (a
match of words may tell of what it is asked), so its queries name the trust themselves. They name it
twice (`IN_INDEX`), as the one kind of index that knows words takes the trust as an array alone.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, text

from monitor.store.metadata import SHARED, WORDS, table_names

SETTING = "app.trust"
OWN = f"trust = current_setting('{SETTING}')"
IN_INDEX = f"ARRAY[mention_words.trust] @> ARRAY[current_setting('{SETTING}')]"

_COLUMNS = text(
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND column_name = 'trust'"
)
_KEYS = text(
    "SELECT conrelid::regclass::text AS of_table, conname, pg_get_constraintdef(oid) AS definition"
    " FROM pg_constraint WHERE contype IN ('p', 'u')"
    " AND connamespace = current_schema()::regnamespace"
)
_INDEXES = text(
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
)
_HELD = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relrowsecurity AND relforcerowsecurity"
)
_BYPASSES = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def enter(connection: Connection, trust: str) -> None:
    """Let the transaction be one trust's, from its first statement to its end."""
    connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (SETTING, trust))


def open_up(tx: Connection) -> None:
    """Let a migration see the rows of all trusts, until `protect` in the same transaction."""
    for table in tx.scalars(_HELD).all():
        tx.exec_driver_sql(f"ALTER TABLE {_quoted(table)} NO FORCE ROW LEVEL SECURITY")


def protect(tx: Connection) -> None:
    """Bring every table into this form that is not yet; rows that are there are the trust's."""
    ours = table_names() - SHARED
    have = set(tx.scalars(_COLUMNS))
    for table in sorted(ours - have):
        tx.exec_driver_sql(
            f"ALTER TABLE {_quoted(table)} ADD COLUMN trust text NOT NULL"
            f" DEFAULT current_setting('{SETTING}')"
        )
    for key in tx.execute(_KEYS).all():
        table = key.of_table.strip('"')
        if table in ours and "(trust" not in key.definition:
            _lead_key(tx, table, key.conname, key.definition)
    for index in tx.execute(_INDEXES).all():
        if index.tablename in ours and " USING btree (" in index.indexdef:
            _lead_index(tx, index.indexname, index.indexdef)
        elif index.tablename == WORDS and index.indexdef.endswith(" (lexemes)"):
            tx.exec_driver_sql(f"DROP INDEX {_quoted(index.indexname)}")
            tx.exec_driver_sql(index.indexdef.replace("(lexemes)", "((ARRAY[trust]), lexemes)"))
    held = set(tx.scalars(_HELD))
    for table in sorted(ours - {WORDS} - held):
        _hold(tx, table)


def bypassed(tx: Connection) -> bool:
    """Whether the account of this connection is one that row-level security does not hold."""
    return tx.dialect.name == "postgresql" and bool(tx.scalar(_BYPASSES))


def _lead_key(tx: Any, table: str, name: str, definition: str) -> None:
    led = definition.replace("(", "(trust, ", 1)
    tx.exec_driver_sql(
        f"ALTER TABLE {_quoted(table)} DROP CONSTRAINT {_quoted(name)},"
        f" ADD CONSTRAINT {_quoted(name)} {led}"
    )


def _lead_index(tx: Any, name: str, definition: str) -> None:
    if " USING btree (trust" in definition:
        return
    tx.exec_driver_sql(f"DROP INDEX {_quoted(name)}")
    tx.exec_driver_sql(
        definition.replace(" USING btree (", " USING btree (trust, ", 1).replace("%", "%%")
    )


def _hold(tx: Any, table: str) -> None:
    name = _quoted(table)
    tx.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    tx.exec_driver_sql(f"DROP POLICY IF EXISTS own_trust ON {name}")
    tx.exec_driver_sql(f"CREATE POLICY own_trust ON {name} USING ({OWN}) WITH CHECK ({OWN})")


def _quoted(name: str) -> str:
    """As an identifier; ours are plain, and anything else is refused."""
    if not re.fullmatch(r"[a-z_0-9A-Z]+", name):
        raise ValueError(name)
    return f'"{name}"'
