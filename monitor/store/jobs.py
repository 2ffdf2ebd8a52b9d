"""The queue of the distributed engine, seen from our side: its tables stand beside ours.

Procrastinate writes them; here is what is asked of them, and how jobs go in with a transaction
of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from monitor.store.database import Tx, one_at_a_time

_WAITING = text(
    "SELECT queueing_lock FROM procrastinate_jobs "
    "WHERE status = 'todo' AND queueing_lock = ANY(:keys)"
)
_STANDING = text(
    "SELECT count(*) FILTER (WHERE status = 'todo') AS waiting, "
    "count(*) FILTER (WHERE status = 'doing') AS running, "
    "count(*) FILTER (WHERE status = 'failed') AS dead FROM procrastinate_jobs "
    "WHERE queue_name = current_setting('app.trust')"
)
_OLDEST = text(
    "SELECT coalesce(extract(epoch FROM now() - min(event.at)), 0) FROM procrastinate_jobs job "
    "JOIN procrastinate_events event ON event.job_id = job.id AND event.type = :began "
    "WHERE job.status = :state AND job.queue_name = current_setting('app.trust')"
)
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers "
    "WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)


def waiting(tx: Tx, keys: Collection[str]) -> set[str]:
    """Those of the keys that have a job waiting."""
    return set(tx.scalars(_WAITING, {"keys": list(keys)}))


@contextmanager
def part(tx: Tx) -> Iterator[Any]:
    """The driver's connection, for a part of the transaction that may fail by itself."""
    with tx.begin_nested():
        yield tx.connection.driver_connection


def prepare(tx: Tx, schema: str, migrations: list[tuple[str, str]]) -> None:
    """Make the queue's tables, or bring them to the newest form. `migrations` are names and
    statements, in order; the last one applied is written on the table."""
    one_at_a_time(tx, "queue", among_all=True)
    connection: Any = tx.connection.driver_connection
    if tx.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
        connection.execute(schema)
    else:
        last = tx.scalar(text("SELECT obj_description('procrastinate_jobs'::regclass)")) or ""
        for name, statements in migrations:
            if name > last:
                connection.execute(statements)
    newest = migrations[-1][0].replace("'", "")
    tx.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the queue stands now."""

    waiting: int
    running: int
    dead: int
    """Jobs that ended the worker that had them, too often."""
    oldest_waiting: timedelta
    longest_running: timedelta
    workers: int


def standing(tx: Tx, *, alive_within: timedelta) -> Standing | None:
    """None where no distributed engine was ever started on this database."""
    if tx.dialect.name != "postgresql":
        return None
    if tx.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
        return None
    row = tx.execute(_STANDING).one()
    return Standing(
        waiting=row.waiting,
        running=row.running,
        dead=row.dead,
        oldest_waiting=_age(tx, "todo", "deferred"),
        longest_running=_age(tx, "doing", "started"),
        workers=tx.scalar(_WORKERS, {"seconds": alive_within.total_seconds()}) or 0,
    )


def _age(tx: Tx, state: str, began: str) -> timedelta:
    return timedelta(seconds=float(tx.scalar(_OLDEST, {"state": state, "began": began}) or 0))
