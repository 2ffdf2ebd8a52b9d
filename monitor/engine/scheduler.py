"""The scheduler of the distributed engine: finds what is due and orders it; one leads, others wait.

Who leads holds a lock of the database that goes with its connection. Two leaders for a moment, by
whatever mistake, order the same things twice, which the queue refuses and rows make harmless.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from hashlib import blake2b
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
    """Orders what is due for each of the trusts until stopped; their stores are on one PostgreSQL
    whose queue is prepared."""

    def __init__(self, *trusts: Context) -> None:
        self._trusts = {ctx.store.trust: ctx for ctx in trusts}
        self._first = trusts[0]
        self._queues = {trust: Queue(trust) for trust in self._trusts}
        self._stopping, self._leading = Event(), Event()

    def is_leading(self) -> bool:
        return self._leading.is_set()

    def run(self) -> None:
        """Until `stop`: waits for the lead, leads, and waits again when the lead is lost."""
        while not self._stopping.is_set():
            try:
                with self._first.store.hold(f"{LEADER} {together(self._trusts)}") as is_held:
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
        ticker, bells = Ticker(), [MailBell(ctx) for ctx in self._trusts.values()]
        for ctx in self._trusts.values():
            self._fill(ticker, ctx)
        ticker.every(SWEEP, "sweep", guarded("sweep", self.sweep))
        ticker.every(DAY, "purge", guarded("purge", self.purge))
        ticker.start()
        for bell in bells:
            bell.start()
        try:
            while is_held() and not self._stopping.is_set():
                self._stopping.wait(LOOKED_EVERY_SECONDS)
        finally:
            self._leading.clear()
            for bell in bells:
                bell.stop()
            ticker.stop()
            log.info("scheduler leads no more")

    def _fill(self, ticker: Ticker, ctx: Context) -> None:
        """One call for all rounds of a trust that come equally often."""
        trust = ctx.store.trust
        alike: dict[tuple[timedelta, timedelta], list[Round]] = defaultdict(list)
        for one in rounds(ctx, lanes=LANES):
            alike[max(one.every, TICK), one.first].append(one)
        for (every, first), equal in alike.items():
            orders = [order_of(one) for one in equal]
            name = f"{trust}: rounds {every} {first}"
            work = guarded(name, partial(self.order, orders, trust))
            ticker.every(every, name, work, first=first)
        name = f"{trust}: polls"
        ticker.every(TICK, name, guarded(name, partial(self.order_polls, trust)))

    def order(self, orders: list[Order], trust: str = "") -> int:
        """For a trust; without its name, for the first."""
        ctx = self._trusts[trust] if trust else self._first
        with ctx.store.begin() as tx:
            return self._queues[ctx.store.trust].order(tx, orders)

    def order_polls(self, trust: str = "") -> int:
        """A job for each source that is due; the number newly ordered."""
        ctx = self._trusts[trust] if trust else self._first
        due = tasks.due_sources(ctx, POLLS_AT_ONCE)
        return self.order([poll_of(source_id) for source_id in due], trust)

    def sweep(self, gone_after: timedelta = GONE_AFTER) -> int:
        """Give the jobs of dead workers to others, and set aside what ends each worker that has
        it; the number of jobs found so."""
        return asyncio.run(self._swept(gone_after))

    def purge(self) -> None:
        asyncio.run(self._purged())

    async def _swept(self, gone_after: timedelta) -> int:
        app = App(connector=connector(self._first))
        async with app.open_async():
            seconds = gone_after.total_seconds()
            found = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds)
            stalled = [job for job in found if job.queue in self._trusts]
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
            await asyncio.to_thread(settle, self._trusts[job.queue], source_id)
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
        app = App(connector=connector(self._first))
        async with app.open_async():
            for trust in self._trusts:
                await app.job_manager.delete_old_jobs(
                    nb_hours=KEPT_HOURS,
                    queue=trust,
                    include_failed=True,
                    include_cancelled=True,
                    include_aborted=True,
                )


def together(trusts: Collection[str]) -> str:
    """What stands for several trusts: for one, its name."""
    if len(trusts) == 1:
        return next(iter(trusts))
    return blake2b("\0".join(sorted(trusts)).encode(), digest_size=8).hexdigest()
