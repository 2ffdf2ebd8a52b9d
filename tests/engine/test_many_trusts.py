"""One scheduler and one worker for two trusts of a PostgreSQL: each gets its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.commands.server import trusts_of
from monitor.context import Context
from monitor.engine.queue import poll_of, prepare
from monitor.engine.scheduler import Scheduler, together
from monitor.engine.worker import Worker
from monitor.wiring import open_contexts
from tests.doubles import surroundings
from tests.doubles.loopback import Asked, Reply, serving
from tests.doubles.postgresql import Postgresql
from tests.engine.conftest import NOON, write_config

HILL, MEAD = "larkmere", "meadside"
HELD = "UPDATE source SET lease_token = 'dead', leased_until = 9999999999999999"
BOTH = ("Larkmere Hill School is shut today", "Tansy Mead School plays at home tonight")


def told(_: Asked) -> Reply:
    items = "".join(
        f"<item><guid>{at}</guid><description>{said}</description></item>"
        for at, said in enumerate(BOTH)
    )
    body = f"<rss version='2.0'><channel><title>Town</title>{items}</channel></rss>".encode()
    return Reply(body=body, headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def two(postgresql: Postgresql, tmp_path: Path) -> Iterator[tuple[Context, ...]]:
    with ExitStack() as stack:
        for trust in (HILL, MEAD):
            site = stack.enter_context(serving(told))
            write_config(tmp_path / trust, [site.place])
        theirs = surroundings.TRUST.replace("larkmere", MEAD).replace("Larkmere Hill", "Tansy Mead")
        (tmp_path / MEAD / "trust.toml").write_text(theirs, encoding="utf-8")
        trusts = trusts_of([tmp_path], postgresql.new_database())
        ticks = iter([NOON, NOON])
        later = NOON + timedelta(minutes=2)
        contexts = open_contexts(trusts, clock=lambda: next(ticks, later))
        yield stack.enter_context(contexts)


def rows(ctx: Context, query: str) -> list[object]:
    with ctx.store.read() as tx:
        return list(tx.scalars(text(query)))


def test_both_are_polled_and_assessed_each_by_its_own_names(two: tuple[Context, ...]) -> None:
    prepare(two[0].store)
    scheduler = Scheduler(*two)
    assert [scheduler.order_polls(ctx.store.trust) for ctx in two] == [1, 1]
    for _ in ("polls", "what they found"):
        Worker(*two, slots=4).work_off()
    for ctx, said in zip(two, BOTH, strict=True):
        assert rows(ctx, "SELECT text FROM mention") == [said]
        assert rows(ctx, "SELECT state FROM mention") != ["new"]
        assert rows(ctx, "SELECT school_id FROM mention_school") == ["hill"]


def test_jobs_of_a_dead_worker_go_back_to_whose_they_are(two: tuple[Context, ...]) -> None:
    prepare(two[0].store)
    scheduler = Scheduler(*two)
    for ctx in two:
        scheduler.order([poll_of("site-0")], ctx.store.trust)
        with ctx.store.begin() as tx:
            tx.execute(text("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)"))
            tx.execute(
                text("UPDATE source SET lease_token = 'dead', leased_until = 9999999999999999")
            )
    assert Scheduler(two[0]).sweep(timedelta(0)) == 1
    assert rows(two[0], "SELECT lease_token FROM source") == [None]
    assert rows(two[1], "SELECT lease_token FROM source") == ["dead"]
    assert scheduler.sweep(timedelta(0)) == 1
    Worker(*two, slots=2).work_off()
    assert all(rows(ctx, "SELECT last_ok_at FROM source") != [None] for ctx in two)


def test_the_same_trusts_have_one_leader_in_whatever_order_they_are_named() -> None:
    assert together(["a", "b"]) == together(["b", "a"]) != together(["a", "b", "c"])
    assert together(["a"]) == "a"
