"""One door to the database: an engine, a writing and a reading transaction.

SQLite runs in WAL mode with full synchronisation, so that what was committed survives a loss
of power. Writers begin IMMEDIATE: a transaction that reads first and writes later would fail
at once when another wrote meanwhile, whatever the timeout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError

from monitor.store.errors import StoreBroken, StoreBusy, StoreError, StoreFull

Tx = Connection
"""A transaction: functions of the store take it, nobody else looks inside."""

MIGRATIONS = Path(__file__).parent / "migrations"
WRITES = "trust_monitor_writes"
SQLITE = "sqlite:///"


def database_file(url: str) -> Path | None:
    """The file of an embedded database; None for a server."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


class Store:
    """The database of one process; safe for threads. Constructing it opens nothing.

    `url` is an SQLAlchemy URL. `message_domain` is the right part of every Message-ID.
    """

    def __init__(
        self,
        url: str,
        *,
        busy_timeout: timedelta,
        message_domain: str = "trust-monitor.localdomain",
    ) -> None:
        self.message_domain = message_domain
        self._is_sqlite = url.startswith("sqlite")
        timeout = {"timeout": busy_timeout.total_seconds()} if self._is_sqlite else {}
        # Values of statements are posts and names: they must never reach a log.
        self._engine = create_engine(
            url, hide_parameters=True, connect_args=timeout, execution_options={WRITES: False}
        )
        if self._is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)

    def migrate(self) -> None:
        """Bring the tables to the newest form. Raises StoreError."""
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS))
        with self.begin() as tx:
            settings.attributes["connection"] = tx
            command.upgrade(settings, "head")

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A writing transaction: committed at the end, rolled back on any exception.

        Raises StoreBusy, StoreFull or StoreBroken.
        """
        with self._translated(), self._connection(writes=True) as connection, connection.begin():
            connection.info["message_domain"] = self.message_domain
            yield connection

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A reading transaction: one moment of the database, never waiting for a writer."""
        with self._translated(), self._connection(writes=False) as connection, connection.begin():
            yield connection

    def settle(self) -> None:
        """Write the log into the database file and empty it, so that what was deleted is in
        neither. Does nothing while somebody reads the log, or on another database."""
        if self._is_sqlite:
            with self._translated(), self._engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def copy_to(self, path: Path) -> None:
        """A consistent copy of an embedded database in a new file that only its owner may read;
        nothing of what was deleted is in it. Raises StoreError."""
        path.touch(mode=0o600)
        with self._translated(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{WRITES: writes})

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The one place where the driver's errors become ours."""
        try:
            yield
        except DBAPIError as error:
            raise _error(error) from error


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver must not begin transactions of its own: see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -16000",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _error(error: DBAPIError) -> StoreError:
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        return StoreBusy()
    if "full" in text or "disk i/o error" in text:
        return StoreFull()
    if "not a database" in text or "malformed" in text:
        return StoreBroken("The database file is damaged: put the last good copy in its place.")
    return StoreBroken(f"The database refused a statement ({type(error.orig).__name__}).")
