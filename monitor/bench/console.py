"""How quick the console is over HTTP with a million mentions: the queue, searching, every page.

The time of the processor is held against the bars, the client's own included, so that what else
runs on the machine does not count; the time on the wall stands beside it. `--folder` keeps the
database, so that a second run need not make it again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI

from config.settings import Settings
from monitor import sample
from monitor.bench import filling
from monitor.figures import daily
from monitor.store import queue, sources
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from monitor.web.app import create_app
from monitor.web.deps import Console, SampleLinks
from monitor.web.serving import collect_seldom, free_port
from monitor.wiring import checks_of, classifier_of

TURNS = 40
HEAVIEST = 150_000
"""Bytes of a page."""
QUEUE_MS, SEARCH_MS, PAGE_MS = 15, 20, 100
QUEUE = ("/", "/?severity=high", "/?state=quiet")
SEARCHES = (
    "bus", "the", '"bus uniform"', "sport* AND gate NOT morning", "777777",
    "the*", "head NEAR/3 parents", "title AND (gate OR uniform) NOT bus",
)  # fmt: skip
OTHERS = (
    "/?school=oakenhall", "/?label=hate", "/?platform=bluesky", "/?from=2026-03-01&to=2026-03-02",
    "/?size=2", "/?size=5", "/?state=all", "/mentions/999", "/cases", "/take-downs", "/rules",
    "/welfare", "/share", "/sources", "/coverage", "/deliveries", "/digests",
    "/digests?kind=daily&to=head@brackenfordprimary.example", "/silences",
    "/setup", "/notices", "/judgement", "/try", "/help",
)  # fmt: skip


def run(rows: int = 1_000_000, folder: Path | None = None) -> dict[str, Any]:
    """Fill a store with `rows` mentions, a thousand at least, unless `folder` holds one, and ask
    for every page."""
    with tempfile.TemporaryDirectory() as made:
        where = folder or Path(made)
        where.mkdir(parents=True, exist_ok=True)
        settings = sample.settings({}, where)
        store = Store(f"sqlite:///{where / 'console.db'}", busy_timeout=timedelta(seconds=30))
        try:
            store.migrate()
            app = _console(store, settings, rows)
            with _served(app) as port:
                return {"rows": rows, **_figures(port)}
        finally:
            store.close()


def pages() -> Iterator[tuple[str, int]]:
    """Every page that is measured, with its bar in milliseconds."""
    yield from ((path, QUEUE_MS) for path in QUEUE)
    yield from ((f"/?state=all&q={quote(written)}", SEARCH_MS) for written in SEARCHES)
    yield from ((path, PAGE_MS) for path in OTHERS)


def _console(store: Store, settings: Settings, rows: int) -> FastAPI:
    now = filling.START + filling.SPAN
    with store.read() as tx:
        is_empty = queue.settled(tx, EVERYTHING) == 0
    if is_empty:
        schools = tuple(school.id for school in settings.trust.schools)
        kinds = tuple(source.id for source in settings.sources)
        with store.begin() as tx:
            sources.sync(tx, settings.sources, filling.START)
        filling.fill(store, rows, schools=schools, sources=kinds)
        while daily.close_days(store, settings, now):
            pass
    console = Console(
        store=store,
        trust=settings.trust,
        policy=settings.policy,
        rota=settings.rota,
        settings=settings.console,
        classifier=classifier_of(settings),
        clock=lambda: now,
        mail_alarm_after=settings.mail.alarm_after,
        whole=settings,
        checks=checks_of(settings, store, classifier_of(settings), lambda: now),
        sample=SampleLinks(mailbox_url="http://127.0.0.1/"),
    )
    return create_app(console)


@contextmanager
def _served(app: FastAPI) -> Iterator[int]:
    """The app on a free port of loopback; the port."""
    bound = free_port()
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    collect_seldom()
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()


def _figures(port: int) -> dict[str, Any]:
    client = HTTPConnection("127.0.0.1", port, timeout=120)
    measured = {path: _measured(client, path, bar) for path, bar in pages()}
    client.close()
    missed = sum(1 for one in measured.values() if "MISSED" in one)
    return {"pages": measured, "bars missed": missed}


def _measured(client: HTTPConnection, path: str, bar: int) -> str:
    """Of TURNS requests over one connection; the first, which reads from disk, is left out."""
    _get(client, path)
    spent = [_timed(client, path) for _ in range(TURNS)]
    walls = sorted(wall for _, wall, _ in spent)
    cpu = sorted(used for used, _, _ in spent)
    size = max(length for _, _, length in spent)
    at = int(TURNS * 0.95)
    held = cpu[at] * 1000 <= bar and size <= HEAVIEST
    return (
        f"p95 {cpu[at] * 1000:.1f} ms, median {cpu[TURNS // 2] * 1000:.1f}, on the wall "
        f"{walls[at] * 1000:.1f}, {size / 1000:.0f} kB (at most {bar}: "
        f"{'holds' if held else 'MISSED'})"
    )


def _timed(client: HTTPConnection, path: str) -> tuple[float, float, int]:
    """Seconds of the processor, seconds on the wall, bytes."""
    used, wall = time.process_time(), time.perf_counter()
    length = _get(client, path)
    return time.process_time() - used, time.perf_counter() - wall, length


def _get(client: HTTPConnection, path: str) -> int:
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return len(body)
