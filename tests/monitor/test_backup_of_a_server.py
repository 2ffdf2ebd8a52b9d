"""The rehearsal: a PostgreSQL is lost, its copy is put into an empty one, work goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor import backups
from monitor.store import audit, copying, deliveries, sending
from monitor.store.database import Store
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.store.conftest import NOW, post, queued, taken_in
from tests.store.test_outbox import alert

KEPT = timedelta(days=30)


@pytest.fixture
def server(postgresql: Postgresql) -> Store:
    store = Store(postgresql.new_database(), busy_timeout=PATIENCE)
    with store.begin() as tx:
        queued(tx, post("judged"))
        taken_in(tx, post("waits"))
        deliveries.enqueue(tx, alert("1:high:a"), now=NOW)
        deliveries.enqueue(tx, alert("2:high:a"), now=NOW)
        (sent,) = sending.claim_due(tx, now=NOW, lease=KEPT, limit=1)
        assert sent.item.key == "1:high:a"
    return store


def test_what_was_lost_is_put_back_and_goes_on(
    server: Store, postgresql: Postgresql, tmp_path: Path
) -> None:
    made = backups.make(server, tmp_path, kept=KEPT, now=NOW)
    assert made.name == "monitor-20261120T120000Z-expires-2026-12-20.db"
    assert made.stat().st_mode & 0o077 == 0
    before = copying.contents(server)
    server.close()
    copy = Store(f"sqlite:///{made}", busy_timeout=PATIENCE)
    again = Store(postgresql.new_database(), busy_timeout=PATIENCE)
    list(copying.copy(copy, again))
    assert copying.contents(again) == before
    with again.begin() as tx:
        assert audit.verify(tx) is None
        assert len(taken_in(tx, post("waits"), post("judged"))) == 1  # both known, one judged
        due = sending.claim_due(tx, now=NOW, lease=KEPT, limit=9)
        assert [one.item.key for one in due] == ["2:high:a"]
    copy.close()
    again.close()


def test_a_copy_of_a_server_expires_as_any_other(server: Store, tmp_path: Path) -> None:
    made = backups.make(server, tmp_path, kept=KEPT, now=NOW)
    assert list(backups.expire(tmp_path, NOW + KEPT - timedelta(days=1))) == []
    assert list(backups.expire(tmp_path, NOW + KEPT)) == [made]
    server.close()
