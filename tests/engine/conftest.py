"""The distributed engine over a PostgreSQL, and sites that its sources ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.loading import load
from monitor.context import Context
from monitor.engine.queue import prepare
from monitor.engine.scheduler import Scheduler
from monitor.engine.worker import Worker
from monitor.store import sources
from monitor.store.views import SourceHealth
from monitor.wiring import open_context
from tests.doubles import surroundings
from tests.doubles.loopback import Asked, Reply, serving
from tests.doubles.postgresql import Postgresql

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EMPTY = b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>"
FEED = Reply(body=EMPTY, headers={"Content-Type": "application/rss+xml"})


def write_config(folder: Path, places: list[str]) -> None:
    """The invented trust with one source at each place, all due within a minute."""
    folder.mkdir()
    rules = "".join(
        f'[[sources]]\nid = "site-{n}"\nkind = "rss"\nname = "Site {n}"\nevery = "15m"\n'
        f'allow = ["{place}"]\noptions = {{ url = "http://{place}/feed" }}\n'
        for n, place in enumerate(places)
    )
    files = {
        "trust.toml": surroundings.TRUST,
        "decision.toml": surroundings.DECISION,
        "sources.toml": rules,
        "settings.toml": surroundings.settings(9),  # no mail server listens there
    }
    for name, body in files.items():
        (folder / name).write_text(body, encoding="utf-8")


class Installation:
    """One database that several parts work on, and what stands in it."""

    def __init__(self, ctx: Context, config: Path, url: str) -> None:
        self.ctx, self.config, self.url = ctx, config, url
        self.scheduler = Scheduler(ctx)

    def rows(self, query: str) -> list[Any]:
        with self.ctx.store.read() as tx:
            return [tuple(row) if len(row) > 1 else row[0] for row in tx.execute(text(query))]

    def execute(self, statement: str) -> None:
        with self.ctx.store.begin() as tx:
            tx.execute(text(statement))

    def fetched(self) -> str:
        """The next job's task, taken by a worker that dies at once."""
        with self.ctx.store.begin() as tx:
            query = "SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)"
            return str(tx.scalar(text(query)))

    def work_off(self, slots: int = 2) -> None:
        Worker(self.ctx, slots=slots).work_off()

    def health(self) -> list[SourceHealth]:
        with self.ctx.store.read() as tx:
            return sources.health(tx)


Install = Callable[..., Installation]


@pytest.fixture
def install(postgresql: Postgresql, tmp_path: Path) -> Iterator[Install]:
    """Makes an installation whose sources are sites that answer as told, a moment before they are
    due by its clock."""
    with ExitStack() as stack:

        def made(
            answer: Callable[[Asked], Reply | None] = lambda _: FEED, *, sites: int = 2
        ) -> Installation:
            opened = [stack.enter_context(serving(answer)) for _ in range(sites)]
            write_config(tmp_path / "config", [site.place for site in opened])
            url = postgresql.new_database()
            return stack.enter_context(installed(tmp_path / "config", url))

        yield made


@contextmanager
def installed(config: Path, url: str) -> Iterator[Installation]:
    settings = load(config, {})
    database = settings.database.model_copy(update={"url": url})
    settings = settings.model_copy(update={"database": database})
    ticks = iter([NOON])
    with open_context(settings, clock=lambda: next(ticks, NOON + timedelta(minutes=2))) as ctx:
        prepare(ctx.store)
        yield Installation(ctx, config, url)
