"""One service under either engine, harmed at a numbered step, then started again.

    python -c "from tests.faults.engines import main; main()" ENGINE SETTINGS DATABASES HARMS

HARMS are, with commas between, "kill90" (the process is killed at its 90th step), "cut90" (there
every connection to the PostgreSQL is cut, as when the server is restarted, and the process goes
on) or "none". For each a fresh database is served by a process that meets it, then by one that
meets none, two minutes later by its clock; what stands in the database afterwards is written as
one JSON line. DATABASES is a folder, or the address of a PostgreSQL that has one named "newest".
Both engines have the same kill points: every statement, commit, connection and hand-over of a
mail.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from procrastinate.exceptions import ConnectorException
from psycopg import Error as DriverError
from psycopg import connect
from sqlalchemy import create_engine, text

from classifiers.pipeline import Classifier, build
from config.loading import load
from config.settings import Settings
from monitor import logs
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.engine.queue import LANES, order_of, prepare
from monitor.engine.rounds import rounds
from monitor.engine.scheduler import Scheduler
from monitor.engine.worker import Worker
from monitor.store.errors import StoreError
from monitor.wiring import open_context, release_leases
from tests.doubles.postgresql import OWNER, url_of
from tests.faults.chain import Stepping, Steps, in_child

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = timedelta(minutes=2)
"""Every lease that a killed process held is over by then, and nobody is told a second time yet."""
NOTHING = "none"
PATIENCE_SECONDS = 120.0
ANSWERS = {
    "mentions": "SELECT external_id FROM mention ORDER BY 1",
    "states": "SELECT DISTINCT state FROM mention ORDER BY 1",
    "told": "SELECT external_id || ' ' || recipient FROM delivery d JOIN mention m"
    " ON m.id = d.mention_id ORDER BY 1",
    "delivery_states": "SELECT DISTINCT state FROM delivery ORDER BY 1",
    "unread": "SELECT id FROM source WHERE enabled AND last_ok_at IS NULL",
    "held": "SELECT id FROM delivery WHERE lease_token IS NOT NULL",
}


def contents(url: str) -> dict[str, list[Any]]:
    """What stands in the database, read past the steps that are counted."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    try:
        with engine.begin() as connection:
            if url.startswith("postgresql"):
                connection.execute(text("SELECT set_config('app.trust', 'larkmere', true)"))
            return {name: list(connection.scalars(text(query))) for name, query in ANSWERS.items()}
    finally:
        engine.dispose()


def is_settled(url: str) -> bool:
    found = contents(url)
    waits = "new" in found["states"] or "due" in found["delivery_states"] or found["unread"]
    return not waits and bool(found["mentions"])


def local(ctx: Context) -> None:
    release_leases(ctx.store)
    engine = LocalEngine(ctx)
    engine.start()
    _until(partial(is_settled, ctx.settings.database.url), lambda: time.sleep(0.1))
    engine.stop()


def distributed(ctx: Context) -> None:
    prepare(ctx.store)
    scheduler, worker = Scheduler(ctx), Worker(ctx, slots=4)
    everything = [order_of(one) for one in rounds(ctx, lanes=LANES)]

    def work() -> None:
        scheduler.sweep(gone_after=timedelta(0))
        scheduler.order_polls()
        scheduler.order(everything)
        worker.work_off()

    _until(partial(is_settled, ctx.settings.database.url), work)


ENGINES: dict[str, Callable[[Context], None]] = {"local": local, "distributed": distributed}


def _until(is_done: Callable[[], bool], work: Callable[[], None]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        assert time.monotonic() < ends, "it did not settle"
        with suppress(StoreError, ConnectorException, DriverError):  # the engine tries again, too
            work()


class Cuts(Steps):
    """As Steps, but what dies are the connections to the server."""

    def __init__(self, cut_at: int | None, url: str) -> None:
        super().__init__(cut_at)
        self._url = url

    def harm(self) -> None:
        with connect(self._url.replace("+psycopg", ""), autocommit=True) as driver:
            driver.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def steps(harm: str, settings: Settings) -> Steps:
    if harm.startswith("cut"):
        return Cuts(int(harm.removeprefix("cut")), settings.database.url)
    return Steps(int(harm.removeprefix("kill")) if harm.startswith("kill") else None)


def serve(
    engine: str, settings: Settings, classifier: Classifier, harm: str, began: datetime
) -> None:
    step, started = steps(harm, settings), time.monotonic()
    step.install()

    def clock() -> datetime:
        return began + timedelta(seconds=time.monotonic() - started)

    # New sources are first asked within a minute, which is over when the engine starts.
    with open_context(settings, clock=lambda: began - timedelta(minutes=2)) as opened:
        channels = {name: Stepping(channel, step) for name, channel in opened.channels.items()}
        ctx = replace(opened, classifier=lambda: classifier, channels=channels, clock=clock)
        ENGINES[engine](ctx)


def fresh(databases: str, name: str) -> str:
    """The URL of a new database."""
    if not databases.startswith("postgresql"):
        return f"sqlite:///{Path(databases) / name}.db"
    engine = create_engine(databases, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE newest OWNER {OWNER}"))
    engine.dispose()
    return url_of(databases, name)


def main() -> None:
    logs.configure()
    engine, directory, databases, harms = sys.argv[1:5]
    settings = load(Path(directory), os.environ)
    classifier = build(settings.trust, settings.policy)
    for harm in harms.split(","):
        url = fresh(databases, f"{engine}_{harm}_{os.getpid()}")
        database = settings.database.model_copy(update={"url": url})
        chosen = settings.model_copy(update={"database": database})
        met = in_child(partial(serve, engine, chosen, classifier, harm, NOON))
        again = in_child(partial(serve, engine, chosen, classifier, NOTHING, NOON + LATER))
        told = {"harm": harm, "killed": os.WIFSIGNALED(met), "ended": again}
        sys.stdout.write(json.dumps({**told, **contents(url)}) + "\n")
        sys.stdout.flush()
