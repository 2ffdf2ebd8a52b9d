"""The scheduler: one leads, jobs of the dead go to others, poison is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

from monitor.engine.queue import poll_of
from monitor.engine.scheduler import LEADER, TRIES, Scheduler
from monitor.store.database import Store
from tests.doubles.postgresql import PATIENCE
from tests.doubles.waiting import until
from tests.engine.conftest import NOON, Install, Installation

AT_ONCE = timedelta(0)


def test_the_job_of_a_dead_worker_is_done_by_another(install: Install) -> None:
    here = install()
    here.scheduler.order([poll_of("site-0")])
    here.fetched()
    here.work_off()
    assert here.health()[0].last_ok_at is None
    assert here.scheduler.sweep(AT_ONCE) == 1
    here.work_off()
    assert here.health()[0].last_ok_at is not None
    assert here.rows("SELECT status FROM procrastinate_jobs") == []


def test_what_the_dead_worker_held_is_free_at_once(install: Install) -> None:
    here = install()
    here.scheduler.order([poll_of("site-0")])
    here.fetched()
    here.execute("UPDATE source SET lease_token = 'dead', leased_until = 9999999999999999")
    here.scheduler.sweep(AT_ONCE)
    here.work_off()
    assert here.health()[0].last_ok_at is not None


def test_a_source_that_ends_every_worker_is_set_aside_and_shown(install: Install) -> None:
    here = install()
    here.scheduler.order([poll_of("site-0")])
    for _ in range(TRIES):
        assert here.fetched() == "poll"
        assert here.scheduler.sweep(AT_ONCE) == 1
    assert here.rows("SELECT status::text, attempts FROM procrastinate_jobs") == [("failed", TRIES)]
    (poisoned, other) = here.health()
    assert (poisoned.state, poisoned.error_kind) == ("not_measured", "Poison")
    assert poisoned.next_due_at is not None
    assert poisoned.next_due_at > NOON + timedelta(minutes=2)
    assert other.state == "never"
    assert here.scheduler.order_polls() == 1


def test_a_dead_job_whose_like_waits_already_is_dropped(install: Install) -> None:
    here = install()
    here.scheduler.order([poll_of("site-0")])
    here.fetched()
    here.scheduler.order([poll_of("site-0")])
    here.scheduler.sweep(AT_ONCE)
    assert here.rows("SELECT status::text FROM procrastinate_jobs") == ["todo"]


def test_what_was_set_aside_is_purged_after_a_week(install: Install) -> None:
    here = install()
    here.scheduler.order([poll_of("site-0"), poll_of("site-1")])
    here.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    here.execute(
        "UPDATE procrastinate_events SET at = now() - interval '8 days' WHERE job_id = "
        "(SELECT min(id) FROM procrastinate_jobs)"
    )
    here.scheduler.purge()
    assert here.rows("SELECT args->>'source_id' FROM procrastinate_jobs") == ["site-1"]


@contextmanager
def running(scheduler: Scheduler) -> Iterator[Scheduler]:
    thread = Thread(target=scheduler.run)
    thread.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
        thread.join(30)


def ordered(here: Installation) -> list[str]:
    return here.rows("SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'poll'")


def test_of_two_schedulers_one_leads_and_the_other_takes_over(install: Install) -> None:
    here = install()
    with running(Scheduler(here.ctx)) as first:
        until(first.is_leading)
        with running(Scheduler(here.ctx)) as second:
            until(lambda: len(ordered(here)) == 2)
            assert not second.is_leading()
            first.stop()
            until(second.is_leading)
            assert sorted(ordered(here)) == ["larkmere: poll site-0", "larkmere: poll site-1"]


def test_who_loses_the_connection_leads_no_more(install: Install) -> None:
    here = install()
    with here.ctx.store.hold(LEADER) as is_held:
        assert is_held is not None
        assert is_held()
        other = Store(here.url, busy_timeout=PATIENCE)
        with other.hold(LEADER) as theirs:
            assert theirs is None
        here.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
        assert not is_held()
        with other.hold(LEADER) as theirs:
            assert theirs is not None
        other.close()
