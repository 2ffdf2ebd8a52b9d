"""Disk full, database held by another: a clear state, nothing lost, work goes on after."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.types import Mention
from monitor.store import mentions
from monitor.store.database import Store
from monitor.store.errors import StoreBroken, StoreBusy

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def posts(first: int, number: int, *, length: int = 20) -> list[Mention]:
    return [
        Mention(
            platform="web",
            external_id=f"urn:{n}",
            url="https://site.example/",
            text="x" * length,
            published_at=NOW,
            fetched_at=NOW,
        )
        for n in range(first, first + number)
    ]


def store_at(path: Path, *, timeout: timedelta = timedelta(seconds=5)) -> Store:
    store = Store(f"sqlite:///{path}", busy_timeout=timeout)
    store.migrate()
    return store


def take_in(store: Store, batch: list[Mention]) -> int:
    with store.begin() as tx:
        return mentions.ingest(tx, "test", batch, NOW).stored


def stored(path: Path) -> int:
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(raw.execute("SELECT count(*) FROM mention").fetchone()[0])


def test_a_held_database_is_busy_to_writers_open_to_readers_and_free_after(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    store = store_at(path, timeout=timedelta(milliseconds=200))
    take_in(store, posts(0, 3))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        take_in(store, posts(3, 3))
    with store.read() as tx:
        assert len(mentions.pending(tx, 10)) == 3
    holder.execute("ROLLBACK")
    holder.close()
    assert take_in(store, posts(3, 3)) == 3
    store.close()
    assert stored(path) == 6


FILL = """
import resource, signal, sys
from pathlib import Path
from monitor.store.errors import StoreFull
from tests.faults.test_full_and_locked import posts, store_at, take_in
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = store_at(Path(sys.argv[1]))
acknowledged = take_in(store, posts(0, 50))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
try:
    for turn in range(1, 200):
        acknowledged += take_in(store, posts(turn * 50, 50, length=2_000))
except StoreFull as error:
    print("full", acknowledged)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
acknowledged += take_in(store, posts(100_000, 50))
print("after", acknowledged)
store.close()
"""


def test_a_full_disk_is_told_loses_nothing_and_work_goes_on_after(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    full, after = (line.split() for line in done.stdout.splitlines())
    assert full[0] == "full"
    assert stored(path) == int(after[1]) == int(full[1]) + 50


def test_what_is_no_database_is_told_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"the secret of the pupil" * 500)
    store = Store(f"sqlite:///{path}", busy_timeout=timedelta(seconds=1))
    with pytest.raises(StoreBroken) as error:
        store.migrate()
    assert "secret" not in str(error.value)


def test_an_error_never_holds_the_values_of_a_statement(tmp_path: Path) -> None:
    store = store_at(tmp_path / "monitor.db")
    insert = "INSERT INTO story_band (band, story_id) VALUES (?, ?), (?, ?)"
    with pytest.raises(StoreBroken) as error, store.begin() as tx:
        tx.exec_driver_sql(insert, (1, "Jasmin Okparaebo") * 2)
    cause = error.value.__cause__
    assert "Jasmin" not in f"{error.value} {cause}"
