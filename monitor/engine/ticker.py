"""The clock of an engine: APScheduler calls, and a step of the machine's clock stops nothing.

APScheduler's own defaults lose late runs and two schedulers double them; neither matters here,
because rows decide what is due. But it waits for a moment of the wall clock: set back by an hour,
it would be silent for an hour. So the two clocks of the machine are compared, and when the wall
clock was set, everything is called at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger()
DEFAULT = "default"
THREADS = 10
LOOKED_EVERY_SECONDS = 5.0
STEP = timedelta(seconds=10)
"""A difference between the clocks that is no drift: somebody set the time, or the machine slept."""


class Ticker:
    """Calls work every so often, each at most once at a time, until stopped.

    `pools` are further groups of threads by name, so that what waits in one takes none from
    another.
    """

    def __init__(self, pools: Mapping[str, int] | None = None) -> None:
        threads = {DEFAULT: THREADS, **(pools or {})}
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={
                name: {"type": "threadpool", "max_workers": most} for name, most in threads.items()
            },
        )
        self._stopped = Event()
        self._watch = Thread(target=self._watch_the_clock, name="clock", daemon=True)

    def every(
        self,
        span: timedelta,
        name: str,
        work: Callable[[], object],
        *,
        first: timedelta = timedelta(),
        pool: str = DEFAULT,
    ) -> None:
        self._scheduler.add_job(
            work,
            "interval",
            id=name,
            executor=pool,
            seconds=span.total_seconds(),
            next_run_time=self._now() + first,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()
        self._watch.start()

    def stop(self) -> None:
        """No further call; those under way end."""
        self._stopped.set()
        self._scheduler.shutdown(wait=True)

    @property
    def is_stopping(self) -> bool:
        return self._stopped.is_set()

    def call_all(self) -> None:
        """Everything at once, and from then on every so often."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._now())

    def _now(self) -> datetime:
        return datetime.now(self._scheduler.timezone)

    def _watch_the_clock(self) -> None:
        apart = time.time() - time.monotonic()
        while not self._stopped.wait(LOOKED_EVERY_SECONDS):
            now_apart = time.time() - time.monotonic()
            if abs(now_apart - apart) > STEP.total_seconds():
                log.warning("the clock was set", seconds=round(now_apart - apart))
                self.call_all()
            apart = now_apart
