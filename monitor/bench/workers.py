"""Whether twice the workers do twice the work on sources that answer slowly, and until when.

Every source is a server of its own, which answers after four seconds. Workers are processes as an
operator starts them, on the PostgreSQL named; so many polls are ordered at once, and the time runs
until the last is committed. Work is waiting here, so more workers do more of it until the processor
is full: where that is follows from what a poll takes of it.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import text

from config.settings import Settings
from config.sources import Source
from connectors.parse.child import NURSERY
from monitor import sample
from monitor.bench.beside import beside
from monitor.bench.store import bar
from monitor.context import Context
from monitor.engine.queue import Queue, poll_of, prepare
from monitor.engine.worker import Worker
from monitor.wiring import open_context

WORKERS = (1, 2, 4)
SLOTS, ANSWERS_AFTER_SECONDS, POLLS = 4, 4.0, 48
TWICE_FLOOR = 1.8
PATIENCE_SECONDS = 300.0
FEED = b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>"
Figures = dict[str, Any]


def run(database: str, rows: int = POLLS) -> Figures:
    """`rows` polls of as many sources by one worker, by two and by four. Raises StoreError."""
    with (
        tempfile.TemporaryDirectory() as folder,
        beside(__name__, rows) as ports,
        open_context(_settings(Path(folder), database, ports)) as ctx,
    ):
        prepare(ctx.store)
        done = {number: _worked(ctx, folder, ports, number) for number in WORKERS}
    rates = {number: rows / took for number, (took, _) in done.items()}
    a_poll = sum(spent for _, spent in done.values()) / rows / len(done)
    return {
        "sources": rows,
        "each answers after seconds": ANSWERS_AFTER_SECONDS,
        "polls at once of a worker": SLOTS,
        **{f"polls a second of {number}": rate for number, rate in rates.items()},
        "two do of the work of one": bar(rates[2] / rates[1], floor=TWICE_FLOOR),
        "four do of the work of two": bar(rates[4] / rates[2], floor=TWICE_FLOOR),
        "CPU ms a poll, its job included": a_poll * 1000,
        "workers that fill a core": ANSWERS_AFTER_SECONDS / a_poll / SLOTS,
    }


def _settings(folder: Path, database: str, ports: list[int]) -> Settings:
    settings = sample.settings({}, folder)
    chosen = settings.database.model_copy(update={"url": database})
    patient = settings.fetch.model_copy(update={"deadline": timedelta(minutes=1)})
    sources = tuple(map(_source, ports))
    return settings.model_copy(update={"sources": sources, "database": chosen, "fetch": patient})


def _source(port: int) -> Source:
    place = f"127.0.0.1:{port}"
    return Source.model_validate(
        {"id": f"slow-{port}", "kind": "rss", "name": f"Slow {port}", "allow": (place,)}
        | {"options": {"url": f"http://{place}/feed"}}
    )


def _worked(ctx: Context, folder: str, ports: list[int], number: int) -> tuple[float, float]:
    """Seconds on the wall until all is done by so many workers, and of the processor."""
    spawn = get_context("spawn")
    with ExitStack() as stack:
        lines: list[Connection] = []
        for _ in range(number):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_work, args=(ctx.settings.database.url, folder, ports, theirs), daemon=True
            )
            process.start()
            stack.callback(process.join, 30)
            lines.append(ours)
        for line in lines:
            line.recv()
        with ctx.store.begin() as tx:
            tx.execute(text("UPDATE source SET last_poll_at = NULL, next_due_at = 0"))
            Queue(ctx.store.trust).order(tx, [poll_of(f"slow-{port}") for port in ports])
        began = time.perf_counter()
        while _left(ctx) and time.perf_counter() - began < PATIENCE_SECONDS:
            time.sleep(0.1)
        took = time.perf_counter() - began
        for line in lines:
            line.send("stop")
        return took, sum(line.recv() for line in lines)


def _left(ctx: Context) -> int:
    with ctx.store.read() as tx:
        return int(tx.scalar(text("SELECT count(*) FROM source WHERE last_poll_at IS NULL")) or 0)


def _work(database: str, folder: str, ports: list[int], line: Connection) -> None:
    """A worker in a process of its own, until told to stop; tells what it took of the processor."""
    with open_context(_settings(Path(folder), database, ports)) as ctx:
        worker = Worker(ctx, slots=SLOTS)
        thread = Thread(target=worker.run)
        thread.start()
        spent = time.process_time()
        line.send("ready")
        line.recv()
        spent = time.process_time() - spent
        worker.stop()
        thread.join()
        NURSERY.close()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        line.send(spent + used.ru_utime + used.ru_stime)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(ANSWERS_AFTER_SECONDS)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(FEED)}"
    writer.write(head.encode() + b"\r\nConnection: close\r\n\r\n" + FEED)
    await writer.drain()
    writer.close()


async def _serve(number: int) -> None:
    servers = [await asyncio.start_server(_answer, "127.0.0.1", 0) for _ in range(number)]
    ports = [one.sockets[0].getsockname()[1] for one in servers]
    sys.stdout.write(" ".join(map(str, ports)) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*(one.serve_forever() for one in servers))


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
