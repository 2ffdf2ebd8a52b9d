"""`monitor db copy`: an installation moves to another database, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from monitor.commands.db import db
from monitor.store import copying
from monitor.store.database import Store
from tests.doubles.consoles import Filled
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.store.conftest import NOW, post, taken_in


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled.made_in(tmp_path_factory.mktemp("filled"))


def opened(url: str) -> Store:
    store = Store(url, busy_timeout=PATIENCE)
    store.migrate()
    return store


def test_there_and_back_again_every_row_is_the_same(
    filled: Filled, postgresql: Postgresql, tmp_path: Path
) -> None:
    origin = opened(f"sqlite:///{filled.database}")
    server = opened(postgresql.new_database())
    back = opened(f"sqlite:///{tmp_path / 'back.db'}")
    assert sum(copying.copy(origin, server)) == copying.total(origin) > 300
    assert copying.contents(server) == copying.contents(origin)
    assert sum(copying.copy(server, back)) == copying.total(origin)
    assert copying.contents(back) == copying.contents(origin)
    for store in (server, back):  # new rows are numbered after the old ones
        with store.begin() as tx:
            newest = tx.scalar(text("SELECT max(id) FROM mention"))
            assert taken_in(tx, post("newer", at=NOW))[-1] > newest
    for store in (origin, server, back):
        store.close()


def test_a_changed_value_shows(filled: Filled, tmp_path: Path) -> None:
    origin = opened(f"sqlite:///{filled.database}")
    copied = opened(f"sqlite:///{tmp_path / 'copy.db'}")
    list(copying.copy(origin, copied))
    with copied.begin() as tx:
        tx.execute(text("UPDATE mention SET language = 'xx' WHERE id = 3"))
    before, after = copying.contents(origin), copying.contents(copied)
    assert [name for name in before if before[name] != after[name]] == ["mention"]
    origin.close()
    copied.close()


def test_a_target_that_holds_something_is_refused_and_left_as_it_is(
    filled: Filled, tmp_path: Path
) -> None:
    origin = opened(f"sqlite:///{filled.database}")
    target = opened(f"sqlite:///{tmp_path / 'other.db'}")
    with target.begin() as tx:
        taken_in(tx, post("theirs"))
    before = copying.contents(target)
    with pytest.raises(copying.NotEmpty):
        list(copying.copy(origin, target))
    assert copying.contents(target) == before
    origin.close()
    target.close()


def test_the_command_shows_that_all_is_there(
    filled: Filled, postgresql: Postgresql, tmp_path: Path
) -> None:
    source, target = f"sqlite:///{filled.database}", postgresql.new_database()
    done = CliRunner().invoke(db, ["copy", source, target])
    assert done.exit_code == 0, done.output
    assert "mention " in done.output
    assert "DIFFERENT" not in done.output
    assert "each the same in both" in done.output
    again = CliRunner().invoke(db, ["copy", source, target])
    assert isinstance(again.exception, copying.NotEmpty)
