"""Debian's own PostgreSQL, started for a test and by whoever runs it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory

from tests.doubles.postgresql import Postgresql

FOUND = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin"))
ACCOUNT = "postgres"


class Debian:
    """A running server: its databases, and the port at which it listens, if it does."""

    def __init__(self, folder: Path, listens: str) -> None:
        self._folder = folder
        # The server refuses to be root's.
        self._account = ACCOUNT if os.geteuid() == 0 else None
        if self._account:
            chown(folder, self._account)
        with socket.create_server((listens or "127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--no-sync")
        with (folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/16 trust\n")
        options = f"-k {folder} -p {self.port} -c listen_addresses='{listens}'"
        self._run("pg_ctl", "start", "--wait", "--options", options)
        address = f"postgresql://postgres:@/postgres?host={folder}&port={self.port}"
        self.databases = Postgresql(address)

    def restart(self) -> None:
        """As after a crash of the server."""
        self._run("pg_ctl", "restart", "--wait", "--mode", "immediate")

    def stop(self) -> None:
        self.databases.close()
        self._run("pg_ctl", "stop", "--mode", "immediate")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(FOUND[0] / program), "-D", str(self._folder / "data"), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
            cwd=self._folder,
            user=self._account,
        )


@contextmanager
def debian_postgresql(listens: str = "") -> Iterator[Debian]:
    with TemporaryDirectory(prefix="trust-monitor-", ignore_cleanup_errors=True) as folder:
        server = Debian(Path(folder), listens)
        yield server
        server.stop()
