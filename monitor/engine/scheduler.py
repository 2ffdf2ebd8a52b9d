"""The scheduler of the distributed engine: finds what is due and orders it; one leads, others wait.

Who leads holds a lock of the database that goes with its connection. Two leaders for a moment, by
whatever mistake, order the same things twice, which the queue refuses and rows make harmless.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from monitor import tasks
from monitor.context import Context
from monitor.engine.bell import MailBell
from monitor.engine.queue import LANES, POLL, Order, Queue, order_of, poll_of
from monitor.engine.rounds import DAY, Round, guarded, rounds
from monitor.engine.ticker import Ticker
from monitor.engine.worker import GONE_AFTER, connector
from monitor.store.errors import StoreError

log = structlog.get_logger()
LEADER = "scheduler"
TICK = timedelta(seconds=5)
"""Work that follows from other work is ordered with it; the tick finds the rest."""
SWEEP = timedelta(seconds=20)
TRIES = 3
"""So many workers may a job take with it; then it is set aside."""
KEPT_HOURS = 7 * 24
"""Dead jobs, for people to look at."""
POLLS_AT_ONCE = 1_000
LOOKED_EVERY_SECONDS = 2.0


class Scheduler:
    """Orders what is due until stopped; `ctx.store` is on a PostgreSQL whose queue is prepared."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._queue = Queue(ctx.store.trust)
        self._stopping, self._leading = Event(), Event()

    def is_leading(self) -> bool:
        return self._leading.is_set()

    def run(self) -> None:
        """Until `stop`: waits for the lead, leads, and waits again when the lead is lost."""
        while not self._stopping.is_set():
            try:
                with self._ctx.store.hold(f"{LEADER} {self._ctx.store.trust}") as is_held:
                    if is_held:
                        self._lead(is_held)
            except StoreError as error:
                log.warning("scheduler lost the database", error=type(error).__name__)
            self._stopping.wait(LOOKED_EVERY_SECONDS)

    def stop(self) -> None:
        """From any thread or signal handler."""
        self._stopping.set()

    def _lead(self, is_held: Callable[[], bool]) -> None:
        log.info("scheduler leads")
        self._leading.set()
        ticker, bell = Ticker(), MailBell(self._ctx)
        self._fill(ticker)
        ticker.start()
        bell.start()
        try:
            while is_held() and not self._stopping.is_set():
                self._stopping.wait(LOOKED_EVERY_SECONDS)
        finally:
            self._leading.clear()
            bell.stop()
            ticker.stop()
            log.info("scheduler leads no more")

    def _fill(self, ticker: Ticker) -> None:
        """One call for all rounds that come equally often."""
        alike: dict[tuple[timedelta, timedelta], list[Round]] = defaultdict(list)
        for one in rounds(self._ctx, lanes=LANES):
            alike[max(one.every, TICK), one.first].append(one)
        for (every, first), together in alike.items():
            orders = [order_of(one) for one in together]
            name = f"rounds {every} {first}"
            ticker.every(every, name, guarded(name, partial(self.order, orders)), first=first)
        ticker.every(TICK, "polls", guarded("polls", self.order_polls))
        ticker.every(SWEEP, "sweep", guarded("sweep", self.sweep))
        ticker.every(DAY, "purge", guarded("purge", self.purge))

    def order(self, orders: list[Order]) -> int:
        with self._ctx.store.begin() as tx:
            return self._queue.order(tx, orders)

    def order_polls(self) -> int:
        """A job for each source that is due; the number newly ordered."""
        due = tasks.due_sources(self._ctx, POLLS_AT_ONCE)
        return self.order([poll_of(source_id) for source_id in due])

    def sweep(self, gone_after: timedelta = GONE_AFTER) -> int:
        """Give the jobs of dead workers to others, and set aside what ends each worker that has
        it; the number of jobs found so."""
        return asyncio.run(self._swept(gone_after))

    def purge(self) -> None:
        asyncio.run(self._purged())

    async def _swept(self, gone_after: timedelta) -> int:
        app = App(connector=connector(self._ctx))
        async with app.open_async():
            seconds = gone_after.total_seconds()
            stalled = list(
                await app.job_manager.get_stalled_jobs(
                    queue=self._ctx.store.trust, seconds_since_heartbeat=seconds
                )
            )
            for job in stalled:
                await self._returned(app, job)
        return len(stalled)

    async def _returned(self, app: App, job: Job) -> None:
        """Back in the queue, or dead; a job whose like waits already is dropped."""
        manager, source_id = app.job_manager, job.task_kwargs.get("source_id")
        is_poison = job.attempts + 1 >= TRIES
        log.warning("job of a dead worker", task=job.task_name, id=job.id, dead=is_poison)
        if job.task_name == POLL and isinstance(source_id, str):
            settle = tasks.set_source_aside if is_poison else tasks.release_source
            await asyncio.to_thread(settle, self._ctx, source_id)
        try:
            if is_poison:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            return  # it ended after all, meanwhile

    async def _purged(self) -> None:
        app = App(connector=connector(self._ctx))
        async with app.open_async():
            await app.job_manager.delete_old_jobs(
                nb_hours=KEPT_HOURS,
                queue=self._ctx.store.trust,
                include_failed=True,
                include_cancelled=True,
                include_aborted=True,
            )
