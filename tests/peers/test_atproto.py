"""Bluesky's connector against a real AT Protocol network: account, app password, search, thread,
deletion."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from config.sources import Source
from connectors import polling
from connectors.types import Batch, Cursor, Query
from tests.connectors.asking import fetcher, not_measured
from tests.peers.atproto import Account, Network, missing, network

pytestmark = pytest.mark.soak
PHRASE = "Oak Hill School"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def running() -> Iterator[Network]:
    if lacking := missing():
        pytest.skip(f"NOT TESTED: no AT Protocol network, as {lacking} is not installed")
    with network() as started:
        yield started


def source(trust: Account, kind: str = "bluesky") -> Source:
    places = [one.partition("//")[2] for one in (trust.network.server, trust.network.view)]
    options = {"handle": trust.handle, "address": trust.network.server}
    if kind == "jetstream":
        options = {"appview": trust.network.view}
    return Source(id="at", kind=kind, name="AT", allow=tuple(places), options=options)


def ask(trust: Account, password: str, cursor: Cursor = Cursor()) -> Batch:  # noqa: B008
    return asyncio.run(
        polling.poll(
            source(trust), Query(terms=(PHRASE,)), cursor, fetcher=fetcher(),
            now=datetime.now(UTC), secrets={"bluesky_password": SecretStr(password)},
        )
    )  # fmt: skip


def until(found: Callable[[], object]) -> None:
    """Posts come into the view a moment after they were written."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not found():
        assert time.monotonic() < last
        time.sleep(0.5)


def test_a_reply_is_found_with_its_thread_and_gone_once_it_was_deleted(running: Network) -> None:
    """The view of the package looks for the phrase with its quotes, so the post has them too."""
    trust, wren = running.account("trust"), running.account("wren")
    password = trust.app_password()
    root = wren.write("Is the bus late again?")
    mine = wren.write(f'They call it "{PHRASE}"', answering=(root, root))
    wren.write("As ever", answering=(root, mine))
    until(lambda: ask(trust, password).mentions)
    batch = ask(trust, password)
    (found,) = batch.mentions
    assert (found.external_id, found.kind) == (f"bluesky:{mine['uri']}", "comment")
    assert found.author.handle == "wren.test"
    assert ask(trust, password, batch.cursor).mentions == ()
    secrets = {"bluesky_password": SecretStr(password)}
    now = datetime.now(UTC)
    for kind in ("bluesky", "jetstream"):
        one = source(trust, kind)
        around = asyncio.run(
            polling.conversation(one, found, fetcher=fetcher(), now=now, secrets=secrets)
        )
        assert [[post.text for post in part] for part in (around.before, around.after)] == [
            ["Is the bus late again?"], ["As ever"],
        ]  # fmt: skip
    wren.delete(mine)

    def standing(kind: str) -> str | None:
        told = polling.recheck(
            source(trust, kind), [found], fetcher=fetcher(), now=now, secrets=secrets
        )
        return asyncio.run(told).get(found.external_id, "cannot be said")

    until(lambda: standing("bluesky") is None)
    until(lambda: standing("jetstream") is None)


def test_a_wrong_app_password_is_told(running: Network) -> None:
    lark = running.account("lark")
    assert not_measured(ask(lark, "aaaa-bbbb-cccc-dddd")).kind == "AuthLost"
