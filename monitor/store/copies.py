"""What is kept apart from the copies of an embedded database, and put beside them again: the keys
of what is sealed (evidence, authors, the protected part of reports, mails and screenshots, requests
of persons), and which mentions were forgotten.

A copy without its keys holds noise where these are. So what is erased is erased in every copy, as
soon as the file of keys is written anew; and what was forgotten does not come back with a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from monitor.store.errors import StoreBroken

_KEYS = {
    "evidence_key": ("evidence_id", "key"),
    "author_key": ("mention_id", "key", "mark"),
    "report_key": ("mention_id", "key"),
    "brought_key": ("mention_id", "key"),
    "request_key": ("request_id", "key"),
    "mark_key": ("id", "key"),
}
"""Tables of keys, with their columns; the first is whose key it is."""
_TAKE = (
    "CREATE TABLE apart.{table} ({own} INTEGER PRIMARY KEY, {others})",
    "INSERT INTO apart.{table} SELECT {own}, {others} FROM main.{table}",
    "DELETE FROM main.{table}",
)
_TAKE_FORGOTTEN = (
    "CREATE TABLE apart.forgotten (identity BLOB PRIMARY KEY) WITHOUT ROWID",
    "INSERT INTO apart.forgotten SELECT identity FROM main.mention WHERE state = 'forgotten'",
    "DETACH DATABASE apart",
    "VACUUM",
)
_GIVE = "INSERT OR IGNORE INTO main.{table} SELECT {own}, {others} FROM apart.{table}"
_STILL_THERE = {
    "evidence_key": " WHERE evidence_id IN (SELECT id FROM main.evidence WHERE erased_at IS NULL)",
    "author_key": " WHERE mention_id IN (SELECT id FROM main.mention WHERE author IS NOT NULL)",
    "report_key": " WHERE mention_id IN (SELECT mention_id FROM main.report)",
    "brought_key": " WHERE mention_id IN (SELECT mention_id FROM main.mail"
    " UNION SELECT mention_id FROM main.picture)",
    "request_key": " WHERE request_id IN (SELECT id FROM main.subject_request)",
    "mark_key": "",
}
_NO_BOX_WITHOUT_KEY = {
    "author_key": "UPDATE main.mention SET author = NULL WHERE author IS NOT NULL"
    " AND id NOT IN (SELECT mention_id FROM main.author_key)",
    "report_key": "UPDATE main.report SET protected = NULL WHERE protected IS NOT NULL"
    " AND mention_id NOT IN (SELECT mention_id FROM main.report_key)",
    "request_key": "UPDATE main.subject_request SET asked = NULL WHERE asked IS NOT NULL"
    " AND id NOT IN (SELECT request_id FROM main.request_key)",
    "brought_key": "DELETE FROM main.picture"
    " WHERE mention_id NOT IN (SELECT mention_id FROM main.brought_key)",
}
_DROP_PARTS = """
DELETE FROM main.evidence_part WHERE evidence_id IN (
  SELECT id FROM main.evidence WHERE kind = 'capture' AND erased_at IS NULL
    AND id NOT IN (SELECT evidence_id FROM main.evidence_key))
"""
_ERASED = """
UPDATE main.evidence SET erased_at = ?, erased_why = 'erased after this copy was made'
  WHERE kind = 'capture' AND erased_at IS NULL
    AND id NOT IN (SELECT evidence_id FROM main.evidence_key)
"""
_COMES_BACK = """
SELECT id FROM main.mention WHERE state <> 'forgotten'
  AND identity IN (SELECT identity FROM apart.forgotten) ORDER BY id
"""


def take_apart(copy: Path, keys: Path) -> None:
    """Move the keys out of a copy into a file of their own, in place of the one that stood there.
    Neither file holds what was deleted. Raises StoreBroken."""
    fresh = keys.with_name(f"{keys.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with _opened(copy, beside=fresh) as database:
        for table, columns in _KEYS.items():
            for statement in _TAKE:
                database.execute(_of(statement, table, columns))
        for statement in _TAKE_FORGOTTEN:
            database.execute(statement)
    fresh.replace(keys)


def put_together(copy: Path, keys: Path, at: int) -> list[int]:
    """Put the keys back into a copy that is to be used again. What was erased since it was made
    counts as erased (`at`: microseconds since 1970); the mentions that were forgotten since and are
    to be forgotten again. Raises StoreBroken."""
    with _opened(copy, beside=keys) as database:
        _give(database)
        database.execute(_DROP_PARTS)
        database.execute(_ERASED, (at,))
        comes_back = [int(row[0]) for row in database.execute(_COMES_BACK)]
        database.execute("DETACH DATABASE apart")
    return comes_back


def _give(database: sqlite3.Connection) -> None:
    """A copy may be older than a table of keys, and so may the file beside it."""
    there, apart = _tables(database, "main"), _tables(database, "apart")
    for table, columns in _KEYS.items():
        if table in there and table in apart:
            database.execute(_of(_GIVE, table, columns) + _STILL_THERE[table])
    for table, statement in _NO_BOX_WITHOUT_KEY.items():
        if table in there:
            database.execute(statement)


def _of(statement: str, table: str, columns: tuple[str, ...]) -> str:
    own, *others = columns
    return statement.format(table=table, own=own, others=", ".join(others))


def _tables(database: sqlite3.Connection, schema: str) -> set[str]:
    query = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'"  # noqa: S608
    return {name for (name,) in database.execute(query)}


@contextmanager
def _opened(path: Path, *, beside: Path) -> Iterator[sqlite3.Connection]:
    """A copy, with the file of keys attached as "apart"."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
        database.isolation_level = None
        try:
            database.execute("PRAGMA secure_delete = ON")
            database.execute(
                "ATTACH DATABASE ? AS apart", (f"{beside.absolute().as_uri()}?mode=rw",)
            )
            yield database
        except sqlite3.Error as error:
            raise StoreBroken("This is no copy of the database, or no file of its keys.") from error
