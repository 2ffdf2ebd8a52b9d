"""Copies without keys: what is erased is erased in them too, and does not come back with one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor import backups
from monitor.cli import cli
from monitor.store import audit, evidence, mentions, retention
from monitor.store.database import Store
from monitor.store.errors import StoreBroken
from monitor.store.scope import EVERYTHING
from tests.store.conftest import NOW, post, queued
from tests.store.test_evidence_chain import SECRET, put

KEPT = timedelta(days=30)
WORDS = ("one boiler hums at night", "two buses came late again", "three choirs sang in the rain")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'monitor.db'}", busy_timeout=timedelta(seconds=5))
    opened.migrate()
    for name, said in enumerate(WORDS):
        with opened.begin() as tx:
            mention_id, _ = queued(tx, post(str(name), said))
        put(opened, mention_id)
    yield opened
    opened.close()


def read(database: Path) -> tuple[list[bytes | None], list[bool], evidence.Fault | None]:
    """What of each capture can be read, which mentions are there, and whether the chain holds."""
    opened = Store(f"sqlite:///{database}", busy_timeout=timedelta(seconds=5))
    try:
        with opened.read() as tx:
            parts = [evidence.part(tx, number, "post.txt") for number in (1, 2, 3)]
            there = [mentions.detail(tx, EVERYTHING, one) is not None for one in (1, 2, 3)]
            assert audit.verify(tx) is None
            return [one.body if one else None for one in parts], there, evidence.verify(tx)
    finally:
        opened.close()


def test_a_copy_holds_no_key_and_is_whole_again_with_them(store: Store, tmp_path: Path) -> None:
    keys = tmp_path / "elsewhere.keys"
    copy = backups.make(store, tmp_path / "copies", kept=KEPT, now=NOW, keys=keys)
    assert keys.stat().st_mode & 0o077 == 0
    with store.read() as tx:
        rows = tx.exec_driver_sql("select key from evidence_key").all()
    assert len(rows) == 3
    assert not any(row[0] in copy.read_bytes() for row in rows)
    assert all(row[0] in keys.read_bytes() for row in rows)
    assert backups.restore(copy, tmp_path / "again.db", keys=keys, now=NOW) == 0
    assert read(tmp_path / "again.db") == ([SECRET] * 3, [True] * 3, None)


def test_what_is_erased_later_is_erased_in_older_copies_and_does_not_come_back(
    store: Store, tmp_path: Path
) -> None:
    keys, folder = tmp_path / "elsewhere.keys", tmp_path / "copies"
    older = backups.make(store, folder, kept=KEPT, now=NOW, keys=keys)
    with store.begin() as tx:
        gone = tx.exec_driver_sql("select key from evidence_key where evidence_id = 2").scalar_one()
        assert retention.forget_one(tx, 2, NOW)
    backups.make(store, folder, kept=KEPT, now=NOW + timedelta(days=1), keys=keys)
    assert gone not in keys.read_bytes()
    assert backups.restore(older, tmp_path / "again.db", keys=keys, now=NOW) == 1
    parts, there, fault = read(tmp_path / "again.db")
    assert (parts, there, fault) == ([SECRET, None, SECRET], [True, False, True], None)
    assert WORDS[1].encode() not in (tmp_path / "again.db").read_bytes()


def test_without_keys_a_copy_is_whole_as_before(store: Store, tmp_path: Path) -> None:
    copy = backups.make(store, tmp_path / "copies", kept=KEPT, now=NOW)
    assert backups.restore(copy, tmp_path / "again.db", keys=None, now=NOW) == 0
    assert read(tmp_path / "again.db") == ([SECRET] * 3, [True] * 3, None)


def test_a_database_that_is_there_is_not_written_over_and_nonsense_is_refused(
    store: Store, tmp_path: Path
) -> None:
    copy = backups.make(store, tmp_path / "copies", kept=KEPT, now=NOW)
    with pytest.raises(FileExistsError):
        backups.restore(copy, tmp_path / "monitor.db", keys=None, now=NOW)
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"no database, but long enough to be looked at" * 100)
    with pytest.raises(StoreBroken, match="no file of its keys"):
        backups.restore(copy, tmp_path / "again.db", keys=nonsense, now=NOW)


def test_the_command_copies_and_restores(tmp_path: Path) -> None:
    keys, folder = str(tmp_path / "k"), str(tmp_path / "copies")
    where = ["--sample", "--database", f"sqlite:///{tmp_path / 'monitor.db'}"]
    made = CliRunner().invoke(cli, ["backup", *where, folder, "--keys", keys])
    assert made.exit_code == 0, made.output
    copy = made.output.split()[0]
    target = str(tmp_path / "again.db")
    done = CliRunner().invoke(cli, ["backup", *where, target, "--restore", copy, "--keys", keys])
    assert done.exit_code == 0, done.output
    assert Path(target).stat().st_mode & 0o077 == 0
    again = CliRunner().invoke(cli, ["backup", *where, target, "--restore", copy])
    assert again.exit_code == 1
