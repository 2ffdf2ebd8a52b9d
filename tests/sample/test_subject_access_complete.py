"""A subject access on all that the sample collects finds every row that names who asks, also where
a name is written over two lines."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from classifiers import people
from config.trust import Trust
from monitor import sample, tasks
from monitor.context import Context
from monitor.rights import subject_access as access
from monitor.sample.world import World
from monitor.store import requests
from monitor.store.database import Store
from monitor.wiring import open_context
from tests.monitor.test_subject_access import rows_with, unsealed

NOT_NAMES = 4
"""Letters under which a name is too short to be sure of."""


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[Context]:
    """The sample's whole backlog, collected over HTTP and assessed."""
    settings = sample.settings({}, tmp_path)
    with World(settings, data_dir=tmp_path) as world:
        url = f"sqlite:///{tmp_path / 'monitor.db'}"
        database = world.settings.database.model_copy(update={"url": url})
        fetch = world.settings.fetch.model_copy(update={"deadline": timedelta(seconds=8)})
        changed = {"database": database, "fetch": fetch}
        with open_context(world.settings.model_copy(update=changed)) as ctx:
            for source in ctx.settings.sources:
                if source.enabled and (claimed := tasks.claim_source(ctx, source.id)):
                    tasks.poll(ctx, claimed)
            while tasks.assess(ctx):
                pass
            yield ctx


def named(database: Path) -> set[str]:
    """Authors, whom mails went to, and people who are named in full in what was said."""
    with sqlite3.connect(database) as rows:
        authors = list(unsealed(rows).values())
        recipients = rows.execute("select distinct recipient from delivery").fetchall()
        texts = rows.execute("select text from mention").fetchall()
    rows.close()
    spoken = {text[one.start : one.end] for (text,) in texts for one in people.named(text)}
    whole = {name for name in spoken if len(name.split()) > 1 and name.replace(" ", "").isalpha()}
    single = {name for row in (*authors, *recipients) for name in row if name}
    return {name for name in single | whole if len(name) > NOT_NAMES}


def all_is_found(store: Store, database: Path, trust: Trust, *, most: int, now: datetime) -> None:
    """A run for each of so many of those who are named finds what the database holds of them."""
    schools = " ".join(school.name for school in trust.schools)
    everybody = sorted(named(database))
    assert len(everybody) > 20
    for name in everybody[:: len(everybody) // most]:
        number = access.take(
            store, "access", reference="SAR-1", names=[name], received_on=now.date(), by="D",
            now=now,
        )  # fmt: skip
        with store.read() as tx:
            request = requests.find(tx, number)
        assert request is not None
        held = access.records(store, request, by="D", now=now)
        found = {(one.found.table, one.found.key) for one in held}
        assert found >= rows_with(database, name.lstrip("@")), name
        assert found, name
        others = {(other, one.text) for one in held for other in one.taken_out}
        left = {
            other
            for other, text in others
            if other not in schools and re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text)
        }
        assert left == set(), name


@pytest.mark.soak
def test_it_is_complete_by_comparison_with_the_database(collected: Context, tmp_path: Path) -> None:
    trust, now = collected.settings.trust, collected.clock()
    all_is_found(collected.store, tmp_path / "monitor.db", trust, most=15, now=now)
