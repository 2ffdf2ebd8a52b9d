"""The stream tier: a whole network once, for two trusts of one PostgreSQL."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from classifiers.pipeline import screen
from monitor import tasks
from monitor.commands.server import trusts_of
from monitor.context import Context
from monitor.engine import stream
from monitor.engine.queue import prepare
from monitor.engine.stream import Stream
from monitor.wiring import open_contexts
from tests.doubles import surroundings, waiting
from tests.doubles.jetstream import POSTS, Jetstream, Written, micro, streaming
from tests.doubles.loopback import as_json, serving
from tests.doubles.postgresql import Postgresql

ACCEPTED = """
[[accepted]]
kind = "jetstream"
by = "A. Tester"
on = 2026-01-01
reason = "A trial of ours"
"""
PATIENT = '[database]\nbusy_timeout = "60s"\n'
until = partial(waiting.until, longest=240)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
SECOND = timedelta(seconds=1)
HILL, MEAD = "larkmere", "meadside"


def write_trusts(folder: Path, stream_at: str, view_at: str) -> None:
    """Two invented trusts, each with the same stream as its source."""
    theirs = surroundings.TRUST.replace("larkmere", MEAD).replace("Larkmere Valley", "Meadside")
    theirs = theirs.replace("Larkmere Hill", "Tansy Mead").replace("Larkmere", "Meadside")
    for trust, written in ((HILL, surroundings.TRUST), (MEAD, theirs)):
        (folder / trust).mkdir(parents=True)
        files = {
            "trust.toml": written,
            "decision.toml": surroundings.DECISION,
            "accepted.toml": ACCEPTED,
            "settings.toml": surroundings.settings(9) + PATIENT,
            "sources.toml": (
                '[[sources]]\nid = "everybody"\nkind = "jetstream"\nname = "Bluesky"\n'
                f'every = "1m"\nallow = ["{stream_at}", "{view_at}"]\noptions = {{ '
                f'address = "http://{stream_at}", appview = "http://{view_at}" }}\n'
            ),
        }
        for name, body in files.items():
            (folder / trust / name).write_text(body, encoding="utf-8")


class Network:
    """The server, the two trusts that follow it, and their rows."""

    def __init__(self, server: Jetstream, config: Path, url: str, contexts: tuple[Context, ...]):
        self.server, self.config, self.url = server, config, url
        self.contexts = {ctx.store.trust: ctx for ctx in contexts}
        self.at = datetime.now(UTC) - timedelta(minutes=5)

    def write(self, key: str, said: str | None, *, account: bool = False) -> None:
        self.at += SECOND / 10
        self.server.written.append(Written(at=self.at, key=key, text=said, account=account))

    def rows(self, trust: str, query: str) -> list[Any]:
        with self.contexts[trust].store.read() as tx:
            return list(tx.scalars(text(query)))

    def kept(self, trust: str) -> list[str]:
        query = "SELECT external_id FROM mention WHERE state <> 'forgotten' ORDER BY id"
        return [one.rpartition("/")[2] for one in self.rows(trust, query)]

    def has_come_to(self, trust: str) -> int:
        (cursor,) = self.rows(trust, "SELECT cursor->>'high_water' FROM source")
        return int(cursor or 0)

    @contextmanager
    def followed(self) -> Iterator[Stream]:
        following = Stream(tuple(self.contexts.values()))
        thread = Thread(target=following.run, daemon=True)
        thread.start()
        try:
            yield following
        finally:
            following.stop()
            thread.join(120)
            assert not thread.is_alive()


@pytest.fixture
def network(postgresql: Postgresql, tmp_path: Path) -> Iterator[Network]:
    server = Jetstream("v1", is_live=True)
    with ExitStack() as stack:
        place = stack.enter_context(streaming(server))
        view = stack.enter_context(serving(lambda _: as_json({"posts": []})))
        write_trusts(tmp_path / "trusts", place, view.place)
        url = postgresql.new_database()
        trusts = trusts_of([tmp_path / "trusts"], url)
        contexts = stack.enter_context(open_contexts(trusts, classifier=screen))
        prepare(contexts[0].store)
        yield Network(server, tmp_path / "trusts", url, contexts)


def test_each_trust_gets_what_names_it_and_its_source_is_not_polled(network: Network) -> None:
    network.write("a", "Larkmere Hill School was shut again")
    network.write("b", "What a sunset over the hill")
    network.write("c", "Fight at Tansy Mead School \U0001f622, they say\nand nobody came")
    network.write("d", "Larkmere Hill School plays Tansy Mead School on Friday")
    network.write("e", "Larkmere Hill Schoolhouse is a pub")
    with network.followed():
        until(lambda: len(network.kept(HILL)) == 2 and len(network.kept(MEAD)) == 2)
        network.write("f", "Well played, tansy mead school!")
        until(lambda: len(network.kept(MEAD)) == 3)
        for ctx in network.contexts.values():
            assert tasks.due_sources(ctx, 10) == []
            assert tasks.claim_source(ctx, "everybody") is None
    assert network.kept(HILL) == ["a", "d"]
    assert network.kept(MEAD) == ["c", "d", "f"]
    assert network.has_come_to(MEAD) == micro(network.at)
    # Given back: a poll goes on at once, where the stream ended.
    claimed = tasks.claim_source(network.contexts[HILL], "everybody")
    assert claimed is not None
    assert claimed.cursor.seen == tuple(f"bluesky:at://did:plc:wren/{POSTS}/{key}" for key in "ad")


def test_what_is_taken_back_is_erased_and_only_what_is_held_is_asked_for(network: Network) -> None:
    network.write("a", "Larkmere Hill School was shut again")
    network.write("b", "Larkmere Hill School is open")
    network.write("c", "Larkmere Hill School: never said")
    network.write("c", None)
    with network.followed() as following:
        until(lambda: network.kept(HILL) == ["a", "b"])
        network.write("zz", None)
        network.write("a", None)
        until(lambda: network.kept(HILL) == ["b"])
        assert following._held.whose("at://did:plc:wren/app.bsky.feed.post/zz") == frozenset()
        network.write("", "", account=True)
        until(lambda: network.kept(HILL) == [])


def test_a_database_that_is_slow_holds_the_server_up_and_nothing_is_lost(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHUNK", 50)
    filler = "x" * 50_000
    with network.followed():
        network.write("first", "Larkmere Hill School was shut again")
        until(lambda: network.kept(HILL))
        with network.contexts[HILL].store.begin() as tx:
            tx.execute(text("SELECT 1 FROM source FOR UPDATE"))
            network.write("held", "Larkmere Hill School is open")
            until(lambda: network.rows(MEAD, WAITING) == [1])
            before = network.server.sent
            for at in range(1_200):
                network.write(f"x{at}", filler)
            until(lambda: is_standing_still(network.server))
            assert network.server.sent - before < 600  # of 60 MB most are still on their side
        network.write("last", "Larkmere Hill School is shut")
        until(lambda: network.kept(HILL) == ["first", "held", "last"])


def is_standing_still(server: Jetstream) -> bool:
    before = server.sent
    server.closing.wait(1.0)
    return before == server.sent


def test_a_trust_whose_rows_cannot_be_written_stops_no_other(network: Network) -> None:
    hill = network.contexts[HILL].store
    with hill.begin() as tx:
        tx.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'no'; END $$"
            )
        )
        tx.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON mention FOR EACH ROW "
                f"WHEN (NEW.trust = '{HILL}') EXECUTE FUNCTION refuse()"
            )
        )
    network.write("a", "Larkmere Hill School and Tansy Mead School")
    with network.followed() as following:
        until(lambda: network.kept(MEAD) == ["a"])
        until(lambda: following._left == {HILL})
        network.write("b", "Tansy Mead School again")
        until(lambda: network.kept(MEAD) == ["a", "b"])
    assert network.has_come_to(HILL) == 0
    assert tasks.claim_source(network.contexts[HILL], "everybody") is not None


def test_killed_in_the_middle_it_goes_on_without_loss_or_double(network: Network) -> None:
    ours = [f"k{at}" for at in range(300)]
    for at, key in enumerate(ours):
        network.write(key, f"Larkmere Hill School, {at}")
        network.write(f"{key}w", f"The weather, {at}")
        if at == 200:
            process = started(network)
            until(lambda: network.kept(HILL))
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    with network.followed():
        until(lambda: len(network.kept(HILL)) >= len(ours))
    assert sorted(network.kept(HILL)) == sorted(ours)
    assert network.has_come_to(MEAD) == micro(network.at)


def started(network: Network) -> subprocess.Popen[bytes]:
    """As its operator starts it."""
    return subprocess.Popen(
        [
            sys.executable, "-c", "from monitor.cli import main; main()", "stream",
            "--config", str(network.config), "--database", network.url,
        ],
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
