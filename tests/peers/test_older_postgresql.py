"""Debian's own PostgreSQL, older than that of all other tests: the oldest on which it must run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers.expressions import parse
from monitor.store import copying, mentions, search, tenancy
from monitor.store.database import Store
from monitor.store.inserts import BY_COPY
from monitor.store.metadata import SHARED, WORDS, table_names
from tests.doubles.consoles import Filled
from tests.doubles.debian_postgresql import FOUND, debian_postgresql
from tests.doubles.loopback import serving
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.engine.conftest import FEED, installed, write_config
from tests.store.conftest import NOW, post


@pytest.fixture(scope="module")
def older() -> Iterator[Postgresql]:
    if not FOUND:
        pytest.skip("NOT TESTED: Debian's PostgreSQL is not installed (make system)")
    with debian_postgresql() as server:
        yield server.databases


@pytest.fixture
def store(older: Postgresql) -> Iterator[Store]:
    opened = Store(older.new_database(), busy_timeout=PATIENCE)
    yield opened
    opened.close()


def test_an_installation_moves_there_without_loss(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    filled = Filled.made_in(tmp_path_factory.mktemp("filled"))
    origin = Store(f"sqlite:///{filled.database}", busy_timeout=PATIENCE)
    assert sum(copying.copy(origin, store)) > 300
    assert copying.contents(origin) == copying.contents(store)
    origin.close()
    with store.begin() as tx:
        assert set(tx.scalars(tenancy._HELD)) == table_names() - SHARED - {WORDS}


def test_many_are_taken_in_and_found_by_their_words(store: Store) -> None:
    many = [post(str(n), f"A bus at {n}") for n in range(BY_COPY)]
    with store.begin() as tx:
        assert mentions.ingest(tx, "tried", [*many, many[0]], NOW).stored == BY_COPY
        numbers = [one.mention_id for one in mentions.pending(tx, BY_COPY)]
        for number, said in zip(numbers, many, strict=True):
            search.index(tx, number, said.text)
        assert search.newest(tx, parse("bus"), most=3) == numbers[:-4:-1]
        assert search.newest(tx, parse("bus AND 7"), most=3) == [numbers[7]]


def test_what_is_due_is_ordered_and_done(older: Postgresql, tmp_path: Path) -> None:
    with serving(lambda _: FEED) as site:
        write_config(tmp_path / "config", [site.place])
        with installed(tmp_path / "config", older.new_database()) as here:
            assert here.scheduler.order_polls() == 1
            here.work_off()
            assert [one.state for one in here.health()] == ["ok"]
