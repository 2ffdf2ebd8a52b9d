"""Jobs of the distributed engine: what Procrastinate is told, in the caller's transaction.

A job holds ids alone, so no word of a post stands in a queue. Nothing is remembered here: rows say
what is due, and a job that is lost, doubled or late finds exactly that (design decision 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from monitor.engine.rounds import ORDINARY, SOON, URGENT, Round, assessing
from monitor.store import jobs
from monitor.store.database import Store, Tx

POLL = "poll"
LANES = 4
"""Batches of mentions that are assessed side by side, on however many machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to do. Of one key, one job waits at most; of one lock, one job runs."""

    task: str
    key: str
    lock: str | None = None
    priority: int = ORDINARY
    arguments: tuple[tuple[str, str], ...] = ()


def poll_of(source_id: str) -> Order:
    """Ask one source; never twice at once, whatever stands in the queue."""
    key = f"{POLL} {source_id}"
    return Order(task=POLL, key=key, lock=key, arguments=(("source_id", source_id),))


def order_of(one: Round) -> Order:
    lock = None if one.side_by_side else one.name
    return Order(task=one.name, key=one.name, lock=lock, priority=one.priority)


_FOLLOWING = {
    "assess": tuple(
        Order(task=assessing(lane), key=assessing(lane), lock=assessing(lane), priority=SOON)
        for lane in range(LANES)
    ),
    "send": (Order(task="send", key="send", priority=URGENT),),
}


class Queue:
    """Puts in the jobs of one trust, into a queue of its name; safe for threads."""

    def __init__(self, trust: str) -> None:
        self._trust = trust
        # Never opened: each job goes in by a connection that is ours.
        self._manager = JobManager(SyncPsycopgConnector())

    def order(self, tx: Tx, orders: Iterable[Order]) -> int:
        """Put in what does not wait already; the number put in. When somebody else orders the
        same at this moment nothing is, and the next tick finds what is left."""
        wanted = {job.queueing_lock or "": job for job in map(self._job, orders)}
        waiting = jobs.waiting(tx, wanted.keys()) if wanted else set()
        new = [job for key, job in wanted.items() if key not in waiting]
        if not new:
            return 0
        try:
            with jobs.part(tx) as connection:
                self._manager.batch_defer_jobs(new, connection=connection)
        except AlreadyEnqueued:
            return 0
        return len(new)

    def follow_up(self, tx: Tx, name: str) -> None:
        """Order a round at once, at the end of the transaction that made it necessary."""
        self.order(tx, _FOLLOWING[name])

    def _job(self, one: Order) -> Job:
        return Job(
            id=None,
            queue=self._trust,
            lock=one.lock and f"{self._trust}: {one.lock}",
            queueing_lock=f"{self._trust}: {one.key}",
            task_name=one.task,
            priority=one.priority,
            task_kwargs=dict(one.arguments),
        )


def prepare(store: Store) -> None:
    """Make the queue's tables, or bring them to the form that this Procrastinate knows."""
    folder = Path(SchemaManager.get_migrations_path())
    migrations = [
        (path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))
    ]
    with store.begin() as tx:
        jobs.prepare(tx, SchemaManager.get_schema(), migrations)
