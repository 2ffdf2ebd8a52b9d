"""A worker of the distributed engine: takes jobs from the queue, any number of them anywhere.

A worker that dies loses nothing: its heartbeat stops, the scheduler gives its jobs to others, and
what it had not committed is due again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event

import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import Error as DriverError

from monitor import tasks
from monitor.context import Context
from monitor.engine.queue import LANES, POLL, Queue
from monitor.engine.rounds import guarded, rounds, worked

log = structlog.get_logger()
HEARTBEAT = timedelta(seconds=5)
GONE_AFTER = timedelta(seconds=20)
"""Without a heartbeat: a worker is taken for dead, and others get its jobs."""
AGAIN_AFTER_SECONDS = 3.0
"""The database is tried, when it went away."""
LOOKED_EVERY_SECONDS = 2.0
"""For jobs that no notification told of."""
CONNECTIONS = 4


class Worker:
    """Works until stopped for each of the trusts, with `slots` jobs in hand at the same time; their
    stores are on one PostgreSQL whose queue is prepared. Whose job it is says its queue."""

    def __init__(self, *trusts: Context, slots: int) -> None:
        self._contexts = {
            ctx.store.trust: replace(ctx, follow_up=Queue(ctx.store.trust).follow_up)
            for ctx in trusts
        }
        self._rounds = {
            trust: {one.name: one for one in rounds(ctx, lanes=LANES)}
            for trust, ctx in self._contexts.items()
        }
        self._slots = slots
        self._stopping = Event()
        self._halt: Callable[[], object] = lambda: None

    def run(self) -> None:
        """Until `stop`; when the database goes away it is tried again and again."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._work(wait=True))
            except (ConnectorException, DriverError) as error:
                log.warning("worker lost the database", error=type(error).__name__)
            self._stopping.wait(AGAIN_AFTER_SECONDS)

    def work_off(self) -> None:
        """Do what waits in the queue, and what that brings, and end."""
        asyncio.run(self._work(wait=False))

    def stop(self) -> None:
        """Take no more jobs; those in hand end their step. From any thread or signal handler."""
        self._stopping.set()
        self._halt()

    async def _work(self, *, wait: bool) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._slots, thread_name_prefix="job"))
        app = App(connector=connector(next(iter(self._contexts.values()))))
        app.task(name=POLL, pass_context=True)(self._poll)
        for name in {name for known in self._rounds.values() for name in known}:
            app.task(name=name, pass_context=True)(self._round(name))
        async with app.open_async():
            working = asyncio.ensure_future(
                app.run_worker_async(
                    queues=list(self._contexts),
                    wait=wait,
                    concurrency=self._slots,
                    fetch_job_polling_interval=LOOKED_EVERY_SECONDS,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT.total_seconds(),
                    stalled_worker_timeout=GONE_AFTER.total_seconds(),
                )
            )
            self._halt = partial(loop.call_soon_threadsafe, working.cancel)
            if self._stopping.is_set():
                working.cancel()
            try:
                await working
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
            finally:
                self._halt = lambda: None

    def _poll(self, job: JobContext, source_id: str) -> None:
        ctx = self._contexts[job.job.queue]
        guarded(f"{POLL} {source_id}", partial(tasks.poll_if_due, ctx, source_id))()

    def _round(self, name: str) -> Callable[[JobContext], None]:
        def run(job: JobContext) -> None:
            one = self._rounds[job.job.queue].get(name)
            if one is not None:  # none where its channel was taken out of the settings
                guarded(name, partial(worked, one.steps, self._stopping.is_set))()

        return run


def connector(ctx: Context) -> PsycopgConnector:
    """Connections of the engine's own, beside those of the store."""
    return PsycopgConnector(kwargs=ctx.store.driver_arguments, min_size=1, max_size=CONNECTIONS)
