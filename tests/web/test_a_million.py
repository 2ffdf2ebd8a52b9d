"""The console over HTTP with a million mentions: the queue, searching, and every other page.

Run it alone: `pytest -m soak tests/web/test_a_million.py -s` prints the figures. The number of
mentions is 1,000,000 unless TRUST_MONITOR_BENCH_ROWS says otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from monitor.bench import store as bench
from tests.doubles.consoles import Scene, empty_scene, served
from tests.web.conftest import client

pytestmark = pytest.mark.soak
ROWS = int(os.environ.get("TRUST_MONITOR_BENCH_ROWS", "1000000"))
TURNS = 40
QUEUE_MS, SEARCH_MS, PAGE_MS = 15, 20, 100
HEAVIEST = 150_000
QUEUE = ("/", "/?severity=high", "/?state=quiet")
SEARCHES = (
    "bus",
    '"bus uniform"',
    "sport* AND gate NOT morning",
    "777777",
    "head NEAR/3 parents",
    "title AND (gate OR uniform) NOT bus",
)
OTHERS = (
    "/?school=oakenhall", "/?label=hate", "/?platform=x", "/?from=2026-03-01&to=2026-03-02",
    "/?size=2", "/?state=all", "/mentions/9999", "/rules", "/sources", "/deliveries",
    "/silences", "/audit", "/help", "/try",
)  # fmt: skip


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with empty_scene(tmp_path_factory.mktemp("million")) as scene:
        bench.fill(scene.store, ROWS)
        yield scene


def p95_ms(console: httpx.Client, path: str) -> float:
    """Of TURNS requests over one connection, the first, which reads from disk, left out. In time
    of the processor, of the client too, so that what else runs on the machine does not count."""
    console.get(path)
    times = []
    for _ in range(TURNS):
        began = time.process_time()
        answer = console.get(path)
        times.append(time.process_time() - began)
        assert answer.status_code in (200, 303)
        assert len(answer.content) < HEAVIEST
    return sorted(times)[int(len(times) * 0.95)] * 1000


def test_every_page_is_quick_at_full_size(million: Scene) -> None:
    figures: dict[str, tuple[float, int]] = {}
    with served(million.app()) as address, client(address) as console:
        for path in QUEUE:
            figures[path] = (p95_ms(console, path), QUEUE_MS)
        for written in SEARCHES:
            path = f"/?state=all&q={quote(written)}"
            figures[path] = (p95_ms(console, path), SEARCH_MS)
        for path in OTHERS:
            figures[path] = (p95_ms(console, path), PAGE_MS)
    for path, (measured, bar) in figures.items():
        sys.stdout.write(f"{measured:8.1f} ms (bar {bar}) {path}\n")
    assert [path for path, (measured, bar) in figures.items() if measured > bar] == []
