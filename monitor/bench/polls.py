"""What polling costs: feeds of a local server, of which four of five have not changed.

    python -m monitor.bench.polls     # the server, in a process of its own; prints its port

Each poll is the whole one of the service: claimed, asked through the one door, read in the killable
child, matched, committed with its cursor. From the processor's time of one follows what all 24,000
schools take with a feed each, asked every 15 minutes.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.sources import Source
from connectors.parse.child import NURSERY
from monitor import sample, tasks
from monitor.bench.store import bar
from monitor.context import Context
from monitor.wiring import open_context

SCHOOLS, EVERY_SECONDS = 24_000, 900
HALF_A_CORE = 0.5
POLLS = 1_000
CHANGED_EVERY = 5
ITEMS = 30
TEXT = "The hall was full and everybody sang; thank you to all who came and to who baked. " * 3
Figures = dict[str, Any]


def run(rows: int = POLLS) -> Figures:
    """Poll `rows` times, of as many feeds a fifth."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE) as server,  # noqa: S603
    ):
        try:
            port = int(server.stdout.readline() if server.stdout else 0)
            return _figures(Path(folder), port, rows)
        finally:
            server.kill()


def _figures(folder: Path, port: int, rows: int) -> Figures:
    feeds = max(rows // CHANGED_EVERY, 1)
    settings = sample.settings({}, folder)
    unpaced = settings.fetch.model_copy(update={"host_spacing": timedelta(0)})
    settings = settings.model_copy(
        update={
            "sources": tuple(_source(at, port) for at in range(feeds)),
            "database": settings.database.model_copy(update={"url": f"sqlite:///{folder}/p.db"}),
            "fetch": unpaced,
        }
    )
    with open_context(settings) as ctx:
        ctx.classifier()
        _poll(ctx, range(feeds))  # each is new once
        ended, spent, began = _ended(), time.process_time(), time.perf_counter()
        modified = sum(_poll(ctx, range(feeds)) for _ in range(rows // feeds))
        spent, took = time.process_time() - spent, time.perf_counter() - began
        NURSERY.close()
        spent += (_ended() - ended) * rows / (rows + feeds)  # of the children, without the first
    share = spent / rows * SCHOOLS / EVERY_SECONDS
    return {
        "polls": rows,
        "answered as not modified": f"{1 - modified / rows:.0%}",
        "CPU ms a poll": spent / rows * 1000,
        "polls a second, one after the other": rows / took,
        "share of a core for 24,000 schools": bar(share, ceiling=HALF_A_CORE),
    }


def _source(at: int, port: int) -> Source:
    return Source.model_validate(
        {"id": f"feed-{at}", "kind": "rss", "name": f"Feed {at}", "allow": (f"127.0.0.1:{port}",)}
        | {"options": {"url": f"http://127.0.0.1:{port}/{at}"}}
    )


def _poll(ctx: Context, feeds: range) -> int:
    """One poll of each; how many had changed."""
    changed = 0
    for at in feeds:
        claimed = tasks.claim_source(ctx, f"feed-{at}")
        polled = tasks.poll(ctx, claimed) if claimed else None
        changed += bool(polled and polled.seen)
    return changed


def _ended() -> float:
    """Seconds of the processor of those children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Feeds:
    """Each feed has something new at every fifth question."""

    def __init__(self) -> None:
        self.asked = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        is_new = b"if-none-match" not in head.lower() or self.asked % CHANGED_EVERY == 0
        body = self.feed(self.asked) if is_new else b""
        status = "200 OK" if is_new else "304 Not Modified"
        said = f'HTTP/1.1 {status}\r\nETag: "{self.asked}"\r\nContent-Type: application/rss+xml\r\n'
        said += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(said.encode() + body)
        await writer.drain()
        writer.close()

    def feed(self, newest: int) -> bytes:
        items = "".join(
            f"<item><guid>{newest - at}</guid><title>Evening {newest - at}</title>"
            f"<description>{TEXT}</description></item>"
            for at in range(ITEMS)
        )
        return f"<rss version='2.0'><channel><title>Town</title>{items}</channel></rss>".encode()


async def serve() -> None:
    server = await asyncio.start_server(Feeds().answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
