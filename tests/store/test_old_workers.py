"""Workers of the version before go on while the tables are new: a migration adds and fills.

What it may not do: take away a table or a column, or add a column that an old insert, which does
not name it, could not leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from monitor.store.database import MIGRATIONS, Store, Tx
from tests.doubles.postgresql import PATIENCE

FIRST_RELEASED = "0004"
STOPS_OLD_WORKERS = {"0031": "what is sealed must stand nowhere in the clear"}
"""Told in the handbook (a larger installation, upgrade): stop all parts first."""
Columns = dict[tuple[str, str], bool]
"""By table and name, whether an insert must give it."""


def test_each_migration_leaves_old_workers_what_they_use(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'old.db'}", busy_timeout=PATIENCE)
    harm: dict[str, list[str]] = {}
    before: Columns = {}
    for revision, after in steps(store):
        tables = {table for table, _ in before}
        gone = [f"{table}.{name} is gone" for table, name in before.keys() - after.keys()]
        wanted = [
            f"{table}.{name} must be given"
            for (table, name), must in after.items()
            if must and table in tables and (table, name) not in before
        ]
        if (gone or wanted) and revision > FIRST_RELEASED:
            harm[revision] = gone + wanted
        before = after
    store.close()
    assert harm.keys() == STOPS_OLD_WORKERS.keys(), harm
    handbook = Path(__file__).parents[2] / "monitor" / "handbook" / "larger.md"
    assert all(revision in handbook.read_text("utf-8") for revision in STOPS_OLD_WORKERS)


def steps(store: Store) -> Iterator[tuple[str, Columns]]:
    """Every migration with the columns that there are after it."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    newest_first = ScriptDirectory.from_config(settings).walk_revisions()
    for one in reversed(list(newest_first)):
        with store.begin() as tx:
            settings.attributes["connection"] = tx
            command.upgrade(settings, one.revision)
            yield one.revision, columns(tx)


def columns(tx: Tx) -> Columns:
    query = (
        'SELECT t.name, c.name, c."notnull" AND c.dflt_value IS NULL AND c.pk = 0'
        " FROM sqlite_master t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'mention_words%'"
    )
    return {(table, name): bool(must) for table, name, must in tx.exec_driver_sql(query)}
