"""Sources with a key, through the whole service: what they find is stored and linked, the key is
not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor import tasks
from monitor.context import Context
from monitor.sample.platforms import graph, meta_pages, websearch
from monitor.sample.platforms.meta_pages import FacebookPage
from monitor.sample.platforms.websearch import Mojeek, Page
from monitor.store import queue
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter, QueueRow
from tests.doubles.loopback import Site, serving
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened

SOURCE = """
[[sources]]
id = "tried"
kind = "{kind}"
name = "Tried"
every = "1m"
allow = ["{place}"]
{more}
options = {{ address = "{address}", {options} }}
"""
KEYS = {
    "meta_token": SecretStr(graph.TOKEN),
    "mojeek_key": SecretStr(websearch.KEY),
}
NAME = "Larkmere Hill School"


def only(surroundings: Surroundings, site: Site, kind: str, options: str, more: str = "") -> None:
    """The one source that there is."""
    source = SOURCE.format(
        kind=kind, place=site.place, address=site.address, options=options, more=more
    )
    (surroundings.config / "sources.toml").write_text(source, "utf-8")


def seen(ctx: Context, clock: Clock) -> list[QueueRow]:
    ctx = replace(ctx, settings=ctx.settings.model_copy(update={"secrets": KEYS}))
    clock.forward(timedelta(minutes=2))
    for claimed in tasks.claim_due_sources(ctx, 8):
        tasks.poll(ctx, claimed)
    while tasks.assess(ctx):
        pass
    with ctx.store.read() as tx:
        return list(queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=10).rows)


def test_a_comment_on_a_schools_own_page_is_the_schools_though_it_names_nobody(
    opened: Opened, clock: Clock, surroundings: Surroundings, tmp_path: Path
) -> None:
    hour = timedelta(hours=1)
    said = meta_pages.comment(5, clock.now - hour, "i want to die, nobody would notice")
    ours = {"from": {"id": meta_pages.PAGE, "name": NAME}}
    server = FacebookPage(
        meta_pages.post(1, clock.now - 2 * hour, "Fair on Saturday", said, **ours)
    )
    server.name = NAME
    with serving(server) as site:
        page = f'page = "{meta_pages.PAGE}"'
        only(surroundings, site, "facebook_page", page, 'school = "hill"')
        with opened() as ctx:
            (row,) = seen(ctx, clock)
    assert (row.platform, row.school_ids, row.title) == ("facebook", ("hill",), NAME)
    assert "self_harm" in row.flags
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("monitor.db*"))
    assert b"nobody would notice" in kept
    for key in (graph.TOKEN, meta_pages.PAGE_TOKEN):
        assert key.encode() not in kept


def test_what_a_search_engine_finds_is_stored_and_its_key_is_not(
    opened: Opened,
    clock: Clock,
    surroundings: Surroundings,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = Page(url="https://blog.example/1", title=f"{NAME} is a disgrace, the head lied")
    trust = surroundings.config / "trust.toml"
    trust.write_text(
        trust.read_text("utf-8").replace('phase = "S"', 'phase = "S"\nwebsite = "hill.example"')
    )
    own = Page(url="https://www.hill.example/", title=f"{NAME}: welcome")
    with serving(Mojeek(own, found)) as site:
        only(surroundings, site, "mojeek", "searches = 2")
        with opened() as ctx:
            (row,) = seen(ctx, clock)
    assert (row.platform, row.url, row.school_ids) == ("web", found.url, ("hill",))
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("monitor.db*"))
    told = capfd.readouterr()
    assert websearch.KEY.encode() not in kept
    assert websearch.KEY not in told.out + told.err
