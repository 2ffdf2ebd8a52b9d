"""Two trusts in one database: neither sees, changes or counts what is the other's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Client
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp

from monitor import sample
from monitor.store import audit, copying, search, tenancy
from monitor.store.database import Store
from monitor.store.errors import StoreError
from monitor.store.metadata import SHARED, WORDS, metadata, table_names
from monitor.web.app import PAGES, create_app
from monitor.web.many import ByName
from tests.doubles.consoles import Filled, Scene, empty_scene, served
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.store.conftest import NOW, post, taken_in

HERS, HIS = "hers", "his"


@pytest.fixture(scope="module")
def filled_url(postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with all of one trust's posts, alarms, cases and mails, copied from a file."""
    filled = Filled.made_in(tmp_path_factory.mktemp("filled"))
    origin = Store(f"sqlite:///{filled.database}", busy_timeout=PATIENCE)
    url = postgresql.new_database()
    target = Store(url, busy_timeout=PATIENCE, trust=HERS)
    assert sum(copying.copy(origin, target)) > 300
    assert copying.contents(origin) == copying.contents(target)
    origin.close()
    target.close()
    return url


@pytest.fixture
def hers(filled_url: str) -> Iterator[Store]:
    store = Store(filled_url, busy_timeout=PATIENCE, trust=HERS)
    yield store
    store.close()


@pytest.fixture
def his(filled_url: str) -> Iterator[Store]:
    store = Store(filled_url, busy_timeout=PATIENCE, trust=HIS)
    yield store
    store.close()


@pytest.fixture
def a_third(filled_url: str) -> Iterator[Store]:
    """Of a trust for which nothing was ever written."""
    store = Store(filled_url, busy_timeout=PATIENCE, trust="third")
    yield store
    store.close()


def test_every_table_is_held_and_every_key_begins_with_the_trust(his: Store) -> None:
    """Also those of migrations to come, as nobody has to think of it."""
    with his.begin() as tx:
        held = set(tx.scalars(tenancy._HELD))
        assert held == table_names() - SHARED - {WORDS}
        keys = tx.execute(tenancy._KEYS).all()
        of_ours = [key for key in keys if key.of_table.strip('"') in held]
        assert len(of_ours) >= len(held)
        assert [key for key in of_ours if "(trust" not in key.definition] == []
        indexes = tx.execute(tenancy._INDEXES).all()
        led = [one for one in indexes if one.tablename in held]
        assert [one for one in led if "USING btree (trust" not in one.indexdef] == []
        assert not tenancy.bypassed(tx)


def test_no_table_shows_changes_or_takes_what_is_the_others(hers: Store, a_third: Store) -> None:
    before = copying.contents(hers)
    assert sum(1 for one in before.values() if one.rows) > 8
    with a_third.begin() as tx:
        for table in metadata().sorted_tables:
            if table.name in SHARED:
                continue
            assert tx.scalar(select(func.count()).select_from(table)) == 0, table.name
            column = next(iter(table.c))
            assert tx.execute(update(table).values({column: column})).rowcount == 0, table.name
            assert tx.execute(table.delete()).rowcount == 0, table.name
    assert copying.contents(hers) == before


def test_nobody_writes_a_row_for_another_trust_or_gives_one_away(hers: Store, his: Store) -> None:
    statements = (
        "INSERT INTO claim (trust, mention_id, holder, since, until) VALUES ('hers', 1, 'x', 1, 1)",
        "UPDATE mention SET trust = 'his'",
    )
    for store, statement in zip((his, hers), statements, strict=True):
        with pytest.raises(StoreError), store.begin() as tx:
            tx.execute(text(statement))


def test_without_a_trust_there_is_no_row_at_all(filled_url: str) -> None:
    engine = create_engine(filled_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match=r"app\.trust"):
        connection.execute(text("SELECT count(*) FROM mention"))
    engine.dispose()


def test_two_trusts_may_have_the_same_keys_and_each_its_own_record(
    postgresql: Postgresql,
) -> None:
    url = postgresql.new_database()
    stores = [Store(url, busy_timeout=PATIENCE, trust=trust) for trust in (HERS, HIS)]
    for store in stores:
        with store.begin() as tx:
            assert len(taken_in(tx, post("the same"))) == 1
            audit.append(tx, actor="A", action="read", subject="it", now=NOW)
            audit.append(tx, actor="A", action="read", subject="it", now=NOW)
        with store.read() as tx:
            assert audit.verify(tx) is None
            assert [one.entry_id for one in audit.listing(tx, 9)] == [2, 1]
        store.close()


def test_the_index_of_words_answers_its_own_trust_alone(hers: Store, his: Store) -> None:
    with hers.read() as tx:
        number = tx.scalar(text("SELECT max(rowid) FROM mention_words"))
        words = search.shown_words(tx, number)
    assert words
    with his.begin() as tx:
        assert search.shown_words(tx, number) == ""
        search.remove(tx, [number])
    with hers.read() as tx:
        assert search.shown_words(tx, number) == words


def addresses(method: str) -> list[str]:
    """All but the same pages drawn as PDF."""
    routes = [route for page in PAGES for route in page.router.routes]
    return [
        one.path
        for one in routes
        if isinstance(one, APIRoute) and method in (one.methods or ()) and "pdf" not in one.path
    ]


def named(scene: Scene, trust: str) -> FastAPI:
    """The console of a trust, at an address of its own name."""
    address = scene.settings.console.model_copy(update={"url": f"http://{trust}.example"})
    scene.settings = scene.settings.model_copy(update={"console": address})
    return create_app(scene.console())


@contextmanager
def asking(consoles: dict[str, ASGIApp], trust: str) -> Iterator[Client]:
    """Asks one of several consoles of one process."""
    with (
        served(ByName({f"{name}.example": one for name, one in consoles.items()})) as address,
        Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        client.headers["Host"] = f"{trust}.example"
        yield client


def answers(folder: Path, url: str, **others: ASGIApp) -> dict[str, tuple[int, bytes]]:
    """What each address of his console says to him, with numbers that are hers; then what each
    change does that he tries. Other consoles are served by the same process."""
    folder.mkdir()
    with empty_scene(folder, url=url, trust=HIS) as scene:
        app = named(scene, HIS)
        app.state.token = "same"
        found: dict[str, tuple[int, bytes]] = {}
        with asking({**others, HIS: app}, HIS) as client:
            for method in ("GET", "POST"):
                form = {"token": "same"} if method == "POST" else None
                for path in addresses(method):
                    answer = client.request(method, re.sub(r"{[^}]+}", "1", path), data=form)
                    found[f"{method} {path}"] = (answer.status_code, answer.content)
        return found


def test_at_each_address_of_the_console_the_other_trust_is_not_there(
    postgresql: Postgresql, filled_url: str, hers: Store, tmp_path: Path
) -> None:
    before = copying.contents(hers)
    alone = answers(tmp_path / "alone", postgresql.new_database())
    her_console = named(Scene(hers, sample.settings({}, tmp_path)), HERS)
    beside = answers(tmp_path / "beside", filled_url, **{HERS: her_console})
    assert len(alone) > 60
    assert {name for name, said in alone.items() if beside[name] != said} == set()
    assert copying.contents(hers) == before
    with asking({HIS: her_console, HERS: her_console}, "nobody") as client:
        assert client.get("/").status_code == 400
        client.headers["Host"] = f"{HIS}.example"
        assert client.get("/").status_code == 400  # a console answers to its own name alone
        client.headers["Host"] = f"{HERS}.example"
        assert b"/mentions/" in client.get("/").content
        client.headers["Host"] = "localhost"
        assert client.get("/healthz").status_code == 200
