"""Migrations: they make exactly the tables that the code knows, and run as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import SQLModel

from monitor.store import delivered, deliveries, sending
from monitor.store.columns import to_microseconds
from monitor.store.database import MIGRATIONS, Store
from monitor.store.records import dump_json, dump_notice, dump_order
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.store.conftest import NOW, post, taken_in
from tests.store.test_outbox import DIGEST, alert


def test_the_migrated_database_is_the_one_the_code_describes(store: Store) -> None:
    with store.begin() as tx:
        opts: dict[str, Any] = {"compare_type": True, "include_name": is_in_the_code}
        if not store.is_embedded:
            opts["include_object"] = is_no_key
        migrated = MigrationContext.configure(tx, opts=opts)
        assert compare_metadata(migrated, SQLModel.metadata) == []


def is_in_the_code(name: str | None, kind: str, _: object) -> bool:
    """The full-text index is the database's own kind of table, unknown to the code's metadata; so
    is whose a row is, on a server."""
    words = kind == "table" and (name or "").startswith(("mention_words", "mention_vocabulary"))
    return not (words or (kind == "column" and name == "trust"))


def is_no_key(_: object, __: str | None, kind: str, ___: bool, ____: object) -> bool:
    """On a server every key and index begins with the trust, whatever the code says of it:
    tests/store/test_tenancy.py holds them to that, and SQLite to the rest."""
    return kind not in ("index", "unique_constraint")


def test_migrating_again_changes_nothing_and_loses_nothing(store: Store) -> None:
    with store.begin() as tx:
        taken_in(tx, post("1"))
    store.migrate()
    with store.begin() as tx:
        assert len(taken_in(tx)) == 1


def test_a_start_on_the_newest_form_stops_nobody_who_is_at_work(postgresql: Postgresql) -> None:
    url = postgresql.new_database()
    working = Store(url, busy_timeout=PATIENCE)
    starting = Store(url, busy_timeout=timedelta(seconds=1))
    with working.begin() as tx:
        taken_in(tx, post("1"))
        starting.migrate()
    working.close()
    starting.close()


OLD_DELIVERY = """
INSERT INTO delivery (dedupe_key, kind, role, recipient, channel, why, payload, priority, state,
  attempts, next_attempt_at, message_id, created_at)
VALUES (:key, :kind, 'head_of_pr', 'pr@trust.example', 'smtp', 'because', :payload, :priority,
  'due', 0, :at, :key, :at)
"""


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Store]:
    """A store as it was before deliveries knew since when they are due."""
    store = Store(f"sqlite:///{tmp_path / 'older.db'}", busy_timeout=timedelta(seconds=1))
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    before = ScriptDirectory.from_config(settings).get_revision("0004").down_revision
    assert isinstance(before, str)
    with store.begin() as tx:
        settings.attributes["connection"] = tx
        command.upgrade(settings, before)
    yield store
    store.close()


def test_what_waited_before_still_goes_alerts_first(older: Store) -> None:
    notice, order = alert("x").notice, DIGEST.digest
    assert notice is not None
    assert order is not None
    at = to_microseconds(NOW)
    with older.begin() as tx:
        for key, kind, priority, payload in (
            ("digest", "digest", 100, dump_json(dump_order(order))),
            ("1:high:a", "alert", 1, dump_json(dump_notice(notice))),
        ):
            values = {"key": key, "kind": kind, "priority": priority, "payload": payload, "at": at}
            tx.execute(text(OLD_DELIVERY), values)
    older.migrate()
    with older.begin() as tx:
        deliveries.enqueue(tx, alert("2:critical:a", severity="critical"), now=NOW)
        assert delivered.mail_health(tx, NOW).oldest_due_at == NOW
        claimed = sending.claim_due(tx, now=NOW, lease=timedelta(minutes=1), limit=9)
    assert [one.item.key for one in claimed] == ["2:critical:a", "1:high:a", "digest"]
