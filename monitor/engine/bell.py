"""Listens at the mailbox, so that a mail is read within seconds and not at the next interval."""

from __future__ import annotations

from threading import Event, Thread

import structlog

from config.readiness import may_collect
from connectors.errors import ConnectorError
from monitor.context import Context
from monitor.intake import mailbox
from monitor.schedule import LONGEST_BACKOFF, backoff
from monitor.store.errors import StoreError

log = structlog.get_logger()
LONGEST_STOP_S = 5.0


class MailBell:
    """A thread with one idle line; a lost line is begun anew, later and later. What it misses
    the ordinary poll finds."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._stop = Event()
        self._thread = Thread(target=self._run, name="mailbox bell", daemon=True)

    def start(self) -> None:
        if self._ctx.settings.mailbox.host and may_collect(self._ctx.settings):
            self._thread.start()

    @property
    def is_listening(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._stop.set()
        if self.is_listening:
            self._thread.join(LONGEST_STOP_S)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            began = self._ctx.clock()
            try:
                if not mailbox.listen(self._ctx, self._stop):
                    log.info("mailbox has no IDLE", then="it is polled")
                    return
            except (ConnectorError, StoreError) as error:
                log.warning("mailbox bell", error=type(error).__name__)
            wait = backoff(1, longest=LONGEST_BACKOFF)
            failures = 1 if self._ctx.clock() - began > wait else failures + 1
            self._stop.wait(backoff(failures, longest=LONGEST_BACKOFF).total_seconds())
