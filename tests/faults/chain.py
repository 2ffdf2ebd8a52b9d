"""Collect, assess, tell and decide once, dying by SIGKILL at a numbered step.

    python -c "from tests.faults.chain import main; main()" SETTINGS WORK FIRST STRIDE LIMIT

For n = FIRST, FIRST + STRIDE, ... a fresh database in the folder WORK is worked on by a
process that is killed at its n-th step, then by one that is not; what stands in the database
afterwards is written as one JSON line. A step is every statement, commit, connection and
hand-over of a mail. Ends when a run passes without being killed, or after LIMIT trials: the
loop that SQLite's own fault tests use. Trials are forked, so the classifier is loaded once.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from alerts.channels import Channel
from alerts.types import Delivery, Message
from classifiers.pipeline import Classifier, build
from config.loading import load
from config.settings import Settings
from monitor import logs, review, tasks
from monitor.context import Context
from monitor.store import queue
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from monitor.wiring import open_context, release_leases

FINISHED = 0


class Steps:
    """Counts steps and kills the process at the given one (None: never)."""

    def __init__(self, kill_at: int | None) -> None:
        self._left = kill_at

    def __call__(self, *_: object) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self.harm()

    def harm(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Engine, name, self)
        sys.addaudithook(self._audit)

    def _audit(self, name: str, _: tuple[Any, ...]) -> None:
        if name == "socket.connect":
            self()


class Stepping:
    """A channel with a step before and after the hand-over."""

    def __init__(self, channel: Channel, step: Callable[[], None]) -> None:
        self._channel, self._step = channel, step

    def send(self, message: Message) -> Delivery:
        self._step()
        outcome = self._channel.send(message)
        self._step()
        return outcome


def work(settings: Settings, classifier: Classifier, kill_at: int | None) -> None:
    """The whole chain, as the engine would do it tick by tick."""
    step = Steps(kill_at)
    step.install()
    with open_context(settings) as opened:
        channels = {name: Stepping(channel, step) for name, channel in opened.channels.items()}
        ctx = replace(opened, classifier=lambda: classifier, channels=channels)
        release_leases(ctx.store)
        for source in settings.sources:
            if claimed := tasks.claim_source(ctx, source.id):
                tasks.poll(ctx, claimed)
        while tasks.assess(ctx):
            pass
        while tasks.send(ctx):
            pass
        _decide(ctx)


def _decide(ctx: Context) -> None:
    """Decide on the gravest open mention, once: a decided one is not the gravest any more."""
    with ctx.store.read() as tx:
        decided = queue.page(tx, EVERYTHING, QueueFilter(state="decided"), after=None, limit=1).rows
        rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=1).rows
    if rows and not decided:
        review.decide(
            ctx.store,
            rows[0].mention_id,
            "open_case",
            "",
            seen="open",
            by="test",
            now=ctx.clock(),
        )


def in_child(function: Callable[[], None]) -> int:
    """Run it in a forked process; its wait status."""
    pid = os.fork()
    if pid == 0:
        function()
        os._exit(FINISHED)
    return os.waitpid(pid, 0)[1]


def contents(database: Path) -> dict[str, Any]:
    """What stands in the database, read with nothing of ours between."""
    with sqlite3.connect(database) as raw:

        def rows(query: str) -> list[Any]:
            return [row[0] for row in raw.execute(query)]

        return {
            "integrity": rows("PRAGMA integrity_check"),
            "mentions": sorted(rows("SELECT external_id FROM mention")),
            "states": sorted(set(rows("SELECT state FROM mention"))),
            "deliveries": sorted(rows("SELECT dedupe_key FROM delivery")),
            "delivery_states": sorted(set(rows("SELECT state FROM delivery"))),
            "decisions": len(rows("SELECT id FROM decision WHERE undone_at IS NULL")),
        }


def main() -> None:
    logs.configure()
    settings = load(Path(sys.argv[1]), os.environ)
    folder = Path(sys.argv[2])
    first, stride, limit = (int(argument) for argument in sys.argv[3:6])
    classifier = build(settings.trust, settings.policy)
    for trial in range(limit):
        at = first + trial * stride
        database = folder / f"{at}.db"
        url = settings.database.model_copy(update={"url": f"sqlite:///{database}"})
        chosen = settings.model_copy(update={"database": url})
        status = in_child(partial(work, chosen, classifier, at))
        killed = os.WIFSIGNALED(status)
        if killed and in_child(partial(work, chosen, classifier, None)) != FINISHED:
            _tell({"step": at, "failed": "the restart did not end well"})
            continue
        _tell({"step": at, "killed": killed, **contents(database)})
        if not killed:
            break


def _tell(trial: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(trial) + "\n")
    sys.stdout.flush()
