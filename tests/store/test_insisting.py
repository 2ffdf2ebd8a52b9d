"""What must not be lost is written though somebody else holds the database for a while."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.store import audit
from monitor.store.database import Store, Tx
from monitor.store.errors import StoreBusy
from monitor.store.insisting import PAUSES_SECONDS, insisting
from tests.store.conftest import NOW


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/monitor.db", busy_timeout=timedelta(milliseconds=20))
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def other(impatient: Store, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the database."""
    connection = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    with closing(connection):
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def noted(tx: Tx) -> int:
    audit.append(tx, actor="A", action="read", subject="mention 1", now=NOW)
    return 7


def test_it_is_written_once_as_soon_as_the_other_is_done(
    impatient: Store, other: sqlite3.Connection
) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == len(PAUSES_SECONDS):
            other.execute("COMMIT")

    assert insisting(impatient, noted, wait=wait) == 7
    assert waited == list(PAUSES_SECONDS)
    with impatient.read() as tx:
        assert [one.subject for one in audit.listing(tx, 9)] == ["mention 1"]


@pytest.mark.usefixtures("other")
def test_in_the_end_it_gives_up_and_says_so(impatient: Store) -> None:
    with pytest.raises(StoreBusy):
        insisting(impatient, noted, wait=lambda _: None)


def test_what_goes_wrong_in_the_work_itself_is_not_tried_again(impatient: Store) -> None:
    tries: list[Tx] = []

    def failing(tx: Tx) -> None:
        tries.append(tx)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        insisting(impatient, failing)
    assert len(tries) == 1
