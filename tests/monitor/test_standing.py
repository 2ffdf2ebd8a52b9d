"""The watch over the service itself: figures, the ping that stops, the alarm on what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry, generate_latest, start_http_server

from config.watching import WatchingSettings
from monitor import tasks
from monitor.context import Context
from monitor.health import metrics, standing, watch
from monitor.health.metrics import Figures
from tests.doubles.loopback import Asked, Reply, serving
from tests.doubles.surroundings import POSTS, Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import collect
from tests.monitor.test_watch import mails_to_it, send_all

LONG = timedelta(hours=1)


@pytest.fixture
def ctx(opened: Opened) -> Iterator[Context]:
    with opened() as ctx:
        yield ctx


def watching(ctx: Context, **change: object) -> Context:
    settings = ctx.settings.watching.model_copy(update=change)
    return replace(ctx, settings=ctx.settings.model_copy(update={"watching": settings}))


def figures(ctx: Context) -> str:
    registry = CollectorRegistry()
    registry.register(Figures(ctx))
    return generate_latest(registry).decode()


def test_each_kind_of_work_is_counted_with_its_oldest(ctx: Context, clock: Clock) -> None:
    clock.forward(timedelta(minutes=2))
    collect(ctx)
    clock.forward(timedelta(seconds=90))
    text = figures(ctx)
    assert f'trust_monitor_waiting{{what="posts"}} {2 * len(POSTS)}.0' in text
    assert 'trust_monitor_oldest_wait_seconds{what="posts"} 90.0' in text
    assert 'trust_monitor_sources{state="ok"} 2.0' in text
    assert "trust_monitor_up 1.0" in text
    while tasks.assess(ctx):
        pass
    text = figures(ctx)
    assert 'trust_monitor_waiting{what="posts"} 0.0' in text
    assert 'trust_monitor_waiting{what="messages"} 0.0' not in text


def test_no_word_of_a_post_no_name_and_no_address_is_a_figure(ctx: Context, clock: Clock) -> None:
    clock.forward(timedelta(minutes=2))
    collect(ctx)
    text = figures(ctx)
    assert [word for word in ("Larkmere", "Jasmin", "knife", "@", "feed-1") if word in text] == []


def test_a_database_that_cannot_be_read_is_a_figure_too(ctx: Context) -> None:
    ctx.store.close()
    broken = replace(ctx, store=type(ctx.store)("sqlite:////dev/null/x", busy_timeout=LONG))
    assert "trust_monitor_up 0.0" in figures(broken)


def test_prometheus_is_answered_where_the_settings_say(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    real = start_http_server

    def keep(_: int, host: str, registry: CollectorRegistry) -> None:
        server, thread = real(0, host, registry)
        started.append((server, thread))

    metrics.serve(ctx)
    assert started == []
    monkeypatch.setattr(metrics, "start_http_server", keep)
    metrics.serve(watching(ctx, metrics_port=9464))
    ((server, thread),) = started
    with urlopen(f"http://127.0.0.1:{server.server_port}/metrics", timeout=20) as answer:
        assert b"trust_monitor_up 1.0" in answer.read()
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_is_told_once_a_day_of_what_is_overdue(
    ctx: Context, clock: Clock, surroundings: Surroundings
) -> None:
    clock.forward(timedelta(minutes=2))
    collect(ctx)
    assert watch.tell_overdue(ctx) == 0
    clock.forward(LONG)
    assert watch.tell_overdue(ctx) == 2  # posts, and the sources that are due again
    assert watch.tell_overdue(ctx) == 0
    send_all(ctx)
    mails = mails_to_it(surroundings)
    assert {mail["Subject"] for mail in mails} == {"Trust Monitor does not keep up"}
    bodies = " ".join(str(mail.get_body(("plain",))) for mail in mails)
    assert "16 are due" in bodies
    clock.forward(timedelta(days=1))
    assert watch.tell_overdue(ctx) == 2


def test_before_the_decision_nothing_is_overdue(opened: Opened, clock: Clock) -> None:
    with opened(decided=False) as ctx:
        clock.forward(timedelta(days=9))
        assert standing.look(ctx.store, ctx.settings, ctx.clock()).overdue == ()


def test_the_ping_goes_on_while_work_does_and_stops_with_it(ctx: Context, clock: Clock) -> None:
    asked: list[str] = []

    def answer(one: Asked) -> Reply:
        asked.append(one.path)
        return Reply(body=b"OK")

    with serving(answer) as site:
        there = ctx.fetcher.reaching([site.place])
        pinging = replace(watching(ctx, ping_url=f"{site.address}/beat"), fetcher=there)
        assert watch.ping(ctx) == 0
        assert watch.ping(pinging) == 1
        clock.forward(LONG)
        assert watch.ping(pinging) == 0
    assert asked == ["/beat"]
    clock.forward(-LONG)
    assert watch.ping(pinging) == 0  # nobody answers: logged, and tried again


def test_the_shipped_settings_watch_and_tell_nobody_outside(ctx: Context) -> None:
    assert ctx.settings.watching == WatchingSettings(
        overdue_after=timedelta(minutes=15), ping_url="", metrics_host="127.0.0.1", metrics_port=0
    )
