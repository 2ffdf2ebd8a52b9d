"""The queue of the distributed engine: one job of a key, with our transaction, ids alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from monitor.engine.queue import LANES, Queue, order_of, poll_of, prepare
from monitor.engine.rounds import rounds
from monitor.store import jobs
from monitor.store.database import Store
from tests.doubles.postgresql import PATIENCE, Postgresql
from tests.engine.conftest import Install

WAITING = "SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"


def test_of_one_key_one_job_waits_however_often_it_is_ordered(install: Install) -> None:
    here = install()
    assert here.scheduler.order_polls() == 2
    assert here.scheduler.order_polls() == 0
    assert here.scheduler.order([poll_of("site-0"), poll_of("site-7")]) == 1
    assert [args for _, args in here.rows(WAITING)] == [
        {"source_id": "site-0"}, {"source_id": "site-1"}, {"source_id": "site-7"}
    ]  # fmt: skip


def test_a_job_is_ordered_with_the_transaction_or_not_at_all(install: Install) -> None:
    here = install()
    queue = Queue(here.ctx.store.trust)

    def fails() -> None:
        with here.ctx.store.begin() as tx:
            queue.follow_up(tx, "send")
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert here.rows(WAITING) == []
    with here.ctx.store.begin() as tx:
        queue.follow_up(tx, "assess")
    assert [name for name, _ in here.rows(WAITING)] == [f"assess {n}" for n in range(LANES)]


def test_what_somebody_else_ordered_meanwhile_spoils_no_transaction(install: Install) -> None:
    here = install()
    queue = Queue(here.ctx.store.trust)
    with here.ctx.store.hold("somebody"), here.ctx.store.begin() as tx:
        queue.order(tx, [poll_of("site-0")])
        # As if another had been quicker: the look at what waits finds nothing.
        with pytest.MonkeyPatch.context() as blind:
            blind.setattr(jobs, "waiting", lambda *_: set())
            assert queue.order(tx, [poll_of("site-0"), poll_of("site-1")]) == 0
        assert queue.order(tx, [poll_of("site-1")]) == 1
    assert len(here.rows(WAITING)) == 2


def test_people_are_told_before_anything_else_is_done(install: Install) -> None:
    here = install()
    by_name = {one.name: order_of(one) for one in rounds(here.ctx, lanes=LANES)}
    here.scheduler.order([by_name["retention"], by_name["figures"]])
    here.scheduler.order([poll_of("site-0"), by_name["assess 0"], by_name["send"]])
    assert [here.fetched() for _ in range(5)] == [
        "send",
        "assess 0",
        "figures",
        "poll",
        "retention",
    ]


def test_how_the_queue_stands_is_told(install: Install) -> None:
    here = install()
    here.scheduler.order_polls()
    here.fetched()
    with here.ctx.store.read() as tx:
        standing = jobs.standing(tx, alive_within=timedelta(seconds=20))
    assert standing is not None
    assert (standing.waiting, standing.running, standing.dead, standing.workers) == (1, 1, 0, 0)
    assert timedelta(0) < standing.oldest_waiting < timedelta(minutes=1)


def test_an_older_queue_is_brought_to_the_newest_form(postgresql: Postgresql) -> None:
    store = Store(postgresql.empty_database(), busy_timeout=PATIENCE)
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    older = [(path.name, path.read_text()) for path in files[:-3]]
    with store.begin() as tx:
        jobs.prepare(tx, "".join(statements for _, statements in older), older)
    prepare(store)
    prepare(store)
    with store.begin() as tx:
        assert tx.scalar(
            text("SELECT to_regprocedure('procrastinate_fetch_job_v2(varchar[],int8)')")
        )
        newest = tx.scalar(text("SELECT obj_description('procrastinate_jobs'::regclass)"))
    assert newest == files[-1].name
    store.close()
