"""The clock of the embedded service: APScheduler calls the tasks, rows decide what is due.

APScheduler's own defaults lose late runs and two schedulers double them; neither matters
here, because a tick that is lost or doubled finds exactly the rows that are due.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import (
    alarms,
    anchors,
    clocks,
    digests,
    figures,
    ledger,
    rechecks,
    retention,
    screenshots,
    searching,
    silence,
    tasks,
    triage,
    watch,
)
from monitor.context import Context
from monitor.engine.bell import MailBell
from monitor.evidence.capture import capture_next
from monitor.evidence.stamp import stamp_next
from monitor.store.views import ClaimedSource

log = structlog.get_logger()
AT_ONCE = timedelta()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
AFTER_START = timedelta(minutes=5)
DAY = timedelta(days=1)
DEFAULT, CHANNELS = "default", "channels"


class LocalEngine:
    """Runs the tasks of one process until stopped.

    Polls run in their own threads, each source at most once at a time, so that a slow or
    failing source delays no other. A task that fails is logged and tried again at the next
    tick; it never ends the service.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        # What one channel makes wait takes no thread from anything else.
        threads = {
            DEFAULT: {"type": "threadpool", "max_workers": 10},
            CHANNELS: {"type": "threadpool", "max_workers": max(len(ctx.other_channels), 1)},
        }
        self._scheduler = BackgroundScheduler(timezone="UTC", executors=threads)
        self._polls = ThreadPoolExecutor(ctx.settings.clock.poll_slots, thread_name_prefix="poll")
        self._busy = 0
        self._lock = Lock()
        self._stopping = False
        self._bell = MailBell(ctx)

    def start(self) -> None:
        tick = self._ctx.settings.clock.tick
        self._every(tick, "polls", self._start_polls)
        self._every(tick, "screenshots", lambda: self._drain(screenshots.read_next))
        self._every(tick, "assess", lambda: self._drain(tasks.assess))
        self._every(tick, "evidence", lambda: self._drain(capture_next))
        self._every(MINUTE, "timestamps", lambda: stamp_next(self._ctx))
        self._every(tick, "send", lambda: self._drain(tasks.send))
        for channel in self._ctx.other_channels:
            send = partial(tasks.send, channel=channel)
            self._every(tick, f"send {channel}", partial(self._drain, send), threads=CHANNELS)
        self._every(tick, "escalations", lambda: alarms.escalate(self._ctx))
        self._every(MINUTE, "response clocks", lambda: clocks.tell(self._ctx))
        self._every(MINUTE, "growing stories", lambda: alarms.follow(self._ctx))
        self._every(MINUTE, "figures", self._close_days)
        self._every(MINUTE, "digests", lambda: digests.order(self._ctx))
        self._every(
            MINUTE, "search", lambda: self._drain(lambda ctx: searching.catch_up(ctx.store))
        )
        self._every(MINUTE, "watched", lambda: triage.wake(self._ctx.store, self._ctx.clock()))
        self._every(MINUTE, "self-test", lambda: watch.order_self_test(self._ctx))
        self._every(MINUTE, "watch", watch.Watch(self._ctx).look)
        self._every(HOUR, "record", lambda: anchors.keep(self._ctx))
        self._every(MINUTE, "rechecks", lambda: rechecks.look_again(self._ctx))
        self._every(MINUTE, "sources", lambda: silence.tell(self._ctx))
        self._every(DAY, "retention", self._forget, first=AFTER_START)
        self._scheduler.start()
        self._bell.start()

    def stop(self) -> None:
        """Let running tasks finish their step; what is left is found again at the next start."""
        self._stopping = True
        self._bell.stop()
        self._scheduler.shutdown(wait=True)
        self._polls.shutdown(wait=True, cancel_futures=True)

    def _every(
        self,
        span: timedelta,
        name: str,
        work: Callable[[], object],
        *,
        first: timedelta = AT_ONCE,
        threads: str = DEFAULT,
    ) -> None:
        self._scheduler.add_job(
            _guarded(name, work),
            "interval",
            id=name,
            executor=threads,
            seconds=span.total_seconds(),
            next_run_time=datetime.now(self._scheduler.timezone) + first,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def _close_days(self) -> None:
        figures.close_days(self._ctx.store, self._ctx.settings, self._ctx.clock())
        ledger.close_days(self._ctx.store, self._ctx.clock())

    def _forget(self) -> None:
        for _ in retention.forget(self._ctx):
            if self._stopping:
                return

    def _drain(self, step: Callable[[Context], int]) -> None:
        while not self._stopping and step(self._ctx):
            pass

    def _start_polls(self) -> None:
        with self._lock:
            free = self._ctx.settings.clock.poll_slots - self._busy
        for claimed in tasks.claim_due_sources(self._ctx, free):
            with self._lock:
                self._busy += 1
            poll = _guarded(f"poll {claimed.source_id}", self._poll(claimed))
            self._polls.submit(poll).add_done_callback(self._poll_ended)

    def _poll(self, claimed: ClaimedSource) -> Callable[[], object]:
        return lambda: tasks.poll(self._ctx, claimed)

    def _poll_ended(self, _: Future[None]) -> None:
        with self._lock:
            self._busy -= 1


def _guarded(name: str, work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        # A failing task must never stop the clock; what it did not commit is due again.
        except Exception as error:
            log.error("task failed", task=name, error=type(error).__name__, exc_info=True)

    return run
