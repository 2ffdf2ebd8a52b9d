"""How a PostgreSQL does under a larger installation, in an empty database of its own.

Ingest is measured against COPY into the same table with the same indexes, the queue's page at full
size against the same page at ten thousand, words in a large and in a little tenant of one table,
and what the queue of jobs costs beside the work itself.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from classifiers import expressions
from monitor import sample
from monitor.bench import filling
from monitor.bench.store import BATCH, SMALL, bar, made_up, p95_ms, page_p95_ms
from monitor.engine.queue import Queue, poll_of, prepare
from monitor.engine.worker import Worker
from monitor.store import copying, mentions, queue
from monitor.store.authors import Sealer
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from monitor.store.sealing import new_key
from monitor.store.views import QueueFilter
from monitor.wiring import open_context

TURNS, LIMIT = 10, 25
INGESTED = 5
JOBS, SLOTS = 1_000, 8
INGEST_FLOOR, PAGE_CEILING_MS, GROWTH_CEILING = 0.30, 1.0, 2.0
SEARCH_CEILING_MS, JOB_CEILING_MS = 20.0, 4.0
WORDS = ("the", "bus uniform", "cecejeldi", "gubagu", "munjel", "zzyzx")
"""In most posts, two at once, in one of fifty, of two hundred, of four hundred, and in none."""
Figures = dict[str, Any]


def run(database: str, rows: int = 1_000_000) -> Figures:
    """Raises StoreError, also where the database holds something."""
    stores = [
        Store(database, busy_timeout=timedelta(minutes=5), trust=trust)
        for trust in ("intake", "little", "large")
    ]
    try:
        for store in stores:
            store.migrate()
            if copying.total(store):
                raise copying.NotEmpty
        intake, little, large = stores
        figures = {"rows": rows, **_ingest(intake), **_reading(little, large, rows)}
    finally:
        for store in stores:
            store.close()
    return {**figures, **_jobs(database)}


def _ingest(store: Store) -> Figures:
    ours = theirs = 0.0
    with store.begin() as tx:
        tx.execute(text("CREATE TABLE raw_mention (LIKE mention INCLUDING ALL)"))
    for first in range(0, INGESTED * BATCH, BATCH):
        batch = list(made_up(first, BATCH))
        sealer = Sealer(new_key())
        rows = [mentions.row("bench", one, sealer) for one in batch]
        began = time.perf_counter()
        with store.begin() as tx:
            _copy_in(tx, rows)
        theirs += time.perf_counter() - began
        began = time.perf_counter()
        with store.begin() as tx:
            mentions.ingest(tx, "bench", batch, filling.START)
        ours += time.perf_counter() - began
    with store.begin() as tx:
        tx.execute(text("DROP TABLE raw_mention"))
        tx.execute(text("DELETE FROM mention"))
        tx.execute(text("DELETE FROM author_key"))
    return {
        "ingest_rows_per_second": INGESTED * BATCH / ours,
        "copy_rows_per_second": INGESTED * BATCH / theirs,
        "ingest_share_of_copy": bar(theirs / ours, floor=INGEST_FLOOR),
    }


def _copy_in(tx: Any, rows: list[tuple[Any, ...]]) -> None:
    """The limit: rows that are tuples already, in one transaction."""
    columns = ", ".join(mentions.COLUMNS)
    with (
        tx.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"COPY raw_mention ({columns}) FROM STDIN") as copied,
    ):
        for row in rows:
            copied.write_row(row)


def _reading(little: Store, large: Store, rows: int) -> Figures:
    """The little tenant is measured before the large one stands beside it, and afterwards."""
    _fill(little, SMALL)
    small = page_p95_ms(little)
    _fill(large, rows)
    page = page_p95_ms(large)
    searches = {
        f"search_p95_ms_{name}_{words.replace(' ', '_')}": bar(
            p95_ms(partial(_searches, store, words)), ceiling=SEARCH_CEILING_MS
        )
        for name, store in (("little", little), ("large", large))
        for words in WORDS
    }
    return {
        "queue_page_p95_ms": bar(page, ceiling=PAGE_CEILING_MS),
        f"queue_page_p95_ms_at_{SMALL}": small,
        "queue_page_growth": bar(page / small, ceiling=GROWTH_CEILING),
        **searches,
    }


def _fill(store: Store, rows: int) -> None:
    """Each tenant's numbers begin at 1, as the filling expects."""
    with store.begin() as tx:
        tx.execute(text("SELECT setval(pg_get_serial_sequence('mention', 'id'), 1, false)"))
    filling.fill(store, rows, schools=("hill", "mead"), sources=("bench",))
    with store.begin() as tx:
        tx.execute(text("ANALYZE"))


def _searches(store: Store, words: str) -> Iterator[float]:
    wanted = QueueFilter(state="all", wanted=expressions.parse(words))
    with store.read() as tx:
        for _ in range(TURNS):
            began = time.perf_counter()
            queue.page(tx, EVERYTHING, wanted, after=None, limit=LIMIT)
            yield time.perf_counter() - began


def _jobs(database: str) -> Figures:
    """Jobs that find nothing to do: what remains is what the queue itself costs the worker."""
    with tempfile.TemporaryDirectory() as folder:
        settings = sample.settings({}, Path(folder))
        chosen = settings.database.model_copy(update={"url": database})
        with open_context(settings.model_copy(update={"database": chosen})) as ctx:
            prepare(ctx.store)
            orders = [poll_of(f"bench-{number}") for number in range(JOBS)]
            began = time.perf_counter()
            with ctx.store.begin() as tx:
                Queue(ctx.store.trust).order(tx, orders)
            ordered = time.perf_counter() - began
            worker = Worker(ctx, slots=SLOTS)
            spent, began = time.process_time(), time.perf_counter()
            worker.work_off()
            spent, took = time.process_time() - spent, time.perf_counter() - began
    return {
        "jobs_ordered_per_second": JOBS / ordered,
        "jobs_done_per_second": JOBS / took,
        "job_cpu_ms": bar(spent / JOBS * 1000, ceiling=JOB_CEILING_MS),
    }
