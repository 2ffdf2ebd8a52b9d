"""What is kept apart from the copies of an embedded database, and put beside them again: the keys
of the evidence, and which mentions were forgotten.

A copy without its keys holds noise where evidence is. So what is erased is erased in every copy, as
soon as the file of keys is written anew; and what was forgotten does not come back with a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from monitor.store.errors import StoreBroken

_TAKE = """
CREATE TABLE apart.evidence_key (evidence_id INTEGER PRIMARY KEY, key BLOB NOT NULL);
CREATE TABLE apart.forgotten (identity BLOB PRIMARY KEY) WITHOUT ROWID;
INSERT INTO apart.evidence_key SELECT evidence_id, key FROM main.evidence_key;
INSERT INTO apart.forgotten SELECT identity FROM main.mention WHERE state = 'forgotten';
DELETE FROM main.evidence_key;
DETACH DATABASE apart;
VACUUM;
"""
_GIVE = """
INSERT OR IGNORE INTO main.evidence_key SELECT evidence_id, key FROM apart.evidence_key
  WHERE evidence_id IN (SELECT id FROM main.evidence WHERE erased_at IS NULL);
"""
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
        database.executescript(_TAKE)
    fresh.replace(keys)


def put_together(copy: Path, keys: Path, at: int) -> list[int]:
    """Put the keys back into a copy that is to be used again. What was erased since it was made
    counts as erased (`at`: microseconds since 1970); the mentions that were forgotten since and are
    to be forgotten again. Raises StoreBroken."""
    with _opened(copy, beside=keys) as database:
        database.executescript(_GIVE)
        database.execute(_DROP_PARTS)
        database.execute(_ERASED, (at,))
        comes_back = [int(row[0]) for row in database.execute(_COMES_BACK)]
        database.execute("DETACH DATABASE apart")
    return comes_back


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
