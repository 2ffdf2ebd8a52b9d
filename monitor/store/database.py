"""One door to the database: an engine, a writing and a reading transaction.

SQLite by default, PostgreSQL by its URL; functions of the store are the same for both.
SQLite runs in WAL mode with full synchronisation, so that what was committed survives a loss
of power. Writers begin IMMEDIATE: a transaction that reads first and writes later would fail
at once when another wrote meanwhile, whatever the timeout. On PostgreSQL the few places where
that would matter take a lock of their own: `one_at_a_time`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from monitor.store import tenancy
from monitor.store.errors import StoreBroken, StoreBusy, StoreError, StoreFull

Tx = Connection
"""A transaction: functions of the store take it, nobody else looks inside."""

MIGRATIONS = Path(__file__).parent / "migrations"
WRITES = "trust_monitor_writes"
TRUST = "trust_monitor_trust"
QUIETLY: Any = {
    "hide_parameters": True,
    "execution_options": {WRITES: False, "preserve_rowcount": True},
}
"""Values of statements are posts and names: they must never reach a log. How many rows were
inserted psycopg says only if asked to."""
_BUSY = frozenset({"40001", "40P01", "55P03", "57P01", "57P03"})
"""SQLSTATE: serialisation, deadlock, lock timeout, the server shuts down or starts up."""
_FULL = frozenset({"53100"})
SQLITE = "sqlite:///"
CACHE_KIB = 16_000
"""Of each connection to an embedded database, of which five stay open: it fills as the database
grows, up to 80 MB in all, and stays so."""
FINDS_GONE = {
    "connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}  # fmt: skip
"""Within half a minute we notice that the server can no longer be reached ..."""
FOUND_GONE = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=25000"
)
"""... and it, that we cannot be: what a machine that was cut off had locked is free again."""


def database_file(url: str) -> Path | None:
    """The file of an embedded database; None for a server."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def is_server(url: str) -> bool:
    return not url.startswith("sqlite")


class Store:
    """The database of one process; safe for threads. Constructing it opens nothing.

    `url` is an SQLAlchemy URL. `message_domain` is the right part of every Message-ID. `trust` is
    whose rows it is about, on a database that several trusts share (`monitor.store.tenancy`).
    """

    def __init__(
        self,
        url: str,
        *,
        busy_timeout: timedelta,
        message_domain: str = "trust-monitor.localdomain",
        trust: str = "trust",
    ) -> None:
        self.message_domain = message_domain
        self.trust = trust
        self.is_embedded = not is_server(url)
        self._connect = {} if self.is_embedded else _connect_arguments(busy_timeout)
        self._engine = (
            _sqlite(url, busy_timeout) if self.is_embedded else _postgresql(url, self._connect)
        )
        if not self.is_embedded:
            self._engine = self._engine.execution_options(**{TRUST: trust})
            event.listen(self._engine, "begin", _enter)

    def of(self, trust: str) -> Store:
        """The same server's database for another trust, by the same connections."""
        sibling = copy(self)
        sibling.trust = trust
        sibling._engine = self._engine.execution_options(**{TRUST: trust})
        return sibling

    @property
    def driver_arguments(self) -> dict[str, Any]:
        """How another library of the process connects to the same server."""
        _, arguments = self._engine.dialect.create_connect_args(self._engine.url)
        return {**arguments, **self._connect}

    def migrate(self) -> None:
        """Bring the tables to the newest form. Raises StoreError."""
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS))
        with self.begin() as tx:
            one_at_a_time(tx, "migrate", among_all=True)
            settings.attributes["connection"] = tx
            if self.is_embedded:
                command.upgrade(settings, "head")
                return
            # Opening up stops everybody else, so a start that finds nothing to do leaves it be.
            if MigrationContext.configure(tx).get_current_heads() != _newest(settings):
                tenancy.open_up(tx)
                command.upgrade(settings, "head")
            tenancy.protect(tx)

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

    @contextmanager
    def hold(self, name: str) -> Iterator[Callable[[], bool] | None]:
        """Hold a name among all processes on a server's database, until the end or until the
        connection is lost; yields how to ask whether it is held still, or None where another
        holds it. Raises StoreError."""
        with self._translated(), self._engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            key = {"name": name}
            try:
                taken = connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), key)
                yield partial(_answers, connection) if taken else None
            finally:
                connection.invalidate()  # the lock goes with the session

    def settle(self) -> None:
        """Write the log into the database file and empty it, so that what was deleted is in
        neither. Does nothing while somebody reads the log, or on another database."""
        if self.is_embedded:
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
            if not (writes or self.is_embedded):
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(**{WRITES: writes})

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The one place where the driver's errors become ours."""
        try:
            yield
        except DBAPIError as error:
            raise _error(error.orig, is_lost=error.connection_invalidated) from error
        except self._engine.dialect.loaded_dbapi.Error as error:
            # What was handed to the driver itself: of a lost connection it knows no state.
            is_lost = getattr(error, "sqlstate", "") is None
            raise _error(error, is_lost=is_lost) from error


def _newest(settings: Config) -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(settings).get_heads())


def _answers(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _enter(connection: Connection) -> None:
    tenancy.enter(connection, connection.get_execution_options()[TRUST])


def _sqlite(url: str, busy_timeout: timedelta) -> Engine:
    engine = create_engine(url, **QUIETLY, connect_args={"timeout": busy_timeout.total_seconds()})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_arguments(busy_timeout: timedelta) -> dict[str, Any]:
    wait = f"-c lock_timeout={busy_timeout // timedelta(milliseconds=1)}"
    return {"options": f"{wait} {FOUND_GONE}", **FINDS_GONE}


def _postgresql(url: str, connect: dict[str, Any]) -> Engine:
    """Raises StoreBroken where the driver is not installed."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        return create_engine(address, **QUIETLY, connect_args=connect, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreBroken(
            "A PostgreSQL needs its driver: pip install 'trust-monitor[server]'."
        ) from error


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver must not begin transactions of its own: see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        f"cache_size = -{CACHE_KIB}",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def one_at_a_time(tx: Tx, what: str, *, among_all: bool = False) -> None:
    """Let nobody else of the trust, or of all trusts, do `what` before this transaction ends:
    SQLite has one writer anyhow."""
    if tx.dialect.name == "postgresql":
        whose = "" if among_all else f" || current_setting('{tenancy.SETTING}')"
        lock = text(f"SELECT pg_advisory_xact_lock(hashtext(:what{whose}))")
        tx.execute(lock, {"what": what})


def _error(error: BaseException | None, *, is_lost: bool) -> StoreError:
    state = getattr(error, "sqlstate", None)
    said = str(error).lower()
    if state in _BUSY or "locked" in said or "busy" in said or is_lost:
        return StoreBusy()
    if state in _FULL or "disk is full" in said or "disk i/o error" in said:
        return StoreFull()
    if "not a database" in said or "malformed" in said:
        return StoreBroken("The database file is damaged: put the last good copy in its place.")
    return StoreBroken(f"The database refused a statement ({type(error).__name__}).")
