"""The embedded engine: a clock and threads in one process; rows decide what is due."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Lock

from monitor import tasks
from monitor.context import Context
from monitor.engine.bell import MailBell
from monitor.engine.rounds import Round, guarded, rounds, worked
from monitor.engine.ticker import DEFAULT, Ticker
from monitor.store.views import ClaimedSource

CHANNELS = "channels"


class LocalEngine:
    """Runs the tasks of one process until stopped.

    Polls run in their own threads, each source at most once at a time, so that a slow or
    failing source delays no other. What one channel makes wait takes no thread from anything else.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._ticker = Ticker({CHANNELS: max(len(ctx.other_channels), 1)})
        self._polls = ThreadPoolExecutor(ctx.settings.clock.poll_slots, thread_name_prefix="poll")
        self._busy = 0
        self._lock = Lock()
        self._stopping = False
        self._bell = MailBell(ctx)

    def start(self) -> None:
        polls = guarded("polls", self._start_polls)
        self._ticker.every(self._ctx.settings.clock.tick, "polls", polls)
        for one in rounds(self._ctx):
            self._add(one)
        self._ticker.start()
        self._bell.start()

    def stop(self) -> None:
        """Let running tasks finish their step; what is left is found again at the next start."""
        self._stopping = True
        self._bell.stop()
        self._ticker.stop()
        self._polls.shutdown(wait=True, cancel_futures=True)

    def _add(self, one: Round) -> None:
        work = guarded(one.name, partial(worked, one.steps, lambda: self._stopping))
        pool = CHANNELS if one.channel else DEFAULT
        self._ticker.every(one.every, one.name, work, first=one.first, pool=pool)

    def _start_polls(self) -> None:
        with self._lock:
            free = self._ctx.settings.clock.poll_slots - self._busy
        for claimed in tasks.claim_due_sources(self._ctx, free):
            with self._lock:
                self._busy += 1
            poll = guarded(f"poll {claimed.source_id}", self._poll(claimed))
            self._polls.submit(poll).add_done_callback(self._poll_ended)

    def _poll(self, claimed: ClaimedSource) -> Callable[[], object]:
        return lambda: tasks.poll(self._ctx, claimed)

    def _poll_ended(self, _: Future[None]) -> None:
        with self._lock:
            self._busy -= 1
