"""How the stream tier does for a whole country: every school of the register, in 2,500 trusts.

A server of invented frames sends over a real WebSocket. Replayed as fast as they are taken, frames
are received, glimpsed at and matched; sustained, they go the whole way into the rows of an empty
PostgreSQL. The processor's time is our process's with its parsing children; the server of frames
and the database have theirs.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import text

from classifiers.matching.crowd import Crowd
from classifiers.pipeline import screen
from config.national import RegisterSchool, register
from config.settings import Settings
from config.sources import Source
from config.trust import School
from connectors import firehose
from connectors.fetch.client import Fetcher
from connectors.firehose import Firehose
from connectors.parse.child import NURSERY
from monitor import sample
from monitor.bench.beside import beside
from monitor.bench.store import bar
from monitor.context import Context
from monitor.engine.queue import prepare
from monitor.engine.stream import CHUNK, Stream
from monitor.wiring import open_contexts

FRAMES = "monitor.bench.invented_stream"
DAY = 2_200_000
"""Posts on Bluesky in one day."""
DAY_SECONDS, SUSTAINED, IDLE = 60.0, 500, 0.2
TRUSTS = 2_500
SECONDS = 60
Figures = dict[str, Any]


def run(database: str, rows: int = DAY) -> Figures:
    """Replay `rows` frames, then follow for a minute. Raises StoreError."""
    with tempfile.TemporaryDirectory() as folder:
        trusts = list(country(sample.settings({}, Path(folder)), database))
        crowd = Crowd({one.trust.id: screen(one.trust, one.policy).own_forms for one in trusts})
        figures: Figures = {
            "trusts": len(trusts),
            "schools": sum(len(one.trust.schools) for one in trusts),
            "names and aliases": crowd.forms,
            "a replay, before anything is judged": _replay(crowd, trusts[0], rows),
        }
        with beside(FRAMES, SUSTAINED * SECONDS, SUSTAINED) as (port,):
            figures["a minute, the whole way"] = _sustained(trusts, port)
    return figures


def country(settings: Settings, database: str) -> Iterator[Settings]:
    """Trusts of neighbours, ten schools or so each, with nothing but the stream to ask."""
    schools = sorted(register(), key=lambda one: (one.la, one.town, one.urn))
    size = -(-len(schools) // TRUSTS)
    for at in range(0, len(schools), size):
        name = f"trust-{at // size}"
        ours = tuple(map(_school, schools[at : at + size]))
        trust = settings.trust.model_copy(
            update={"id": name, "name": f"The {at // size} Learning Trust", "schools": ours}
            | dict.fromkeys(("aliases", "hashtags", "handles", "places", "decoys"), ())
            | {"shared_aliases": (), "domains": ()}
        )
        chosen = settings.database.model_copy(update={"url": database})
        yield settings.model_copy(update={"trust": trust, "sources": (), "database": chosen})


def _school(one: RegisterSchool) -> School:
    return School(
        id=one.urn, urn=one.urn, name=one.name, town=one.town, locality=one.locality, la=one.la,
        postcode=one.postcode, website=one.website, former_names=one.former_names,
    )  # fmt: skip


def source(port: int) -> Source:
    place = f"127.0.0.1:{port}"
    return Source.model_validate(
        {"id": "everybody", "kind": firehose.KIND, "name": "Everybody", "allow": (place,)}
        | {"options": {"address": f"http://{place}", "appview": f"http://{place}"}}
    )


def _replay(crowd: Crowd, settings: Settings, rows: int) -> Figures:
    with beside(FRAMES, rows, 0) as (port,):
        hose = Firehose(source(port), Fetcher(settings.fetch))
        spent, took, matched = asyncio.run(_matched(hose, crowd, rows))
    return {
        "frames": rows,
        "matched": f"{matched / rows:.2%}",
        "frames a second of the processor": rows / spent,
        "frames a second on the wall": rows / took,
        "seconds of one core for a day": bar(spent / rows * DAY, ceiling=DAY_SECONDS),
    }


async def _matched(hose: Firehose, crowd: Crowd, rows: int) -> tuple[float, float, int]:
    """Seconds of the processor and on the wall, and how many named somebody."""
    came = matched = 0
    async with hose.following(0) as line:
        began, spent = time.perf_counter(), time.process_time()
        while came < rows and line.is_open:
            frames = await line.several(CHUNK, within=10)
            came += len(frames)
            for frame in frames:
                seen = hose.glimpse(frame)
                matched += bool(seen.said and crowd.whose(seen.said))
        return time.process_time() - spent, time.perf_counter() - began, matched


def _sustained(trusts: list[Settings], port: int) -> Figures:
    followed = [one.model_copy(update={"sources": (source(port),)}) for one in trusts]
    began = time.process_time()
    with open_contexts(followed, classifier=screen) as contexts:
        prepare(contexts[0].store)
        opened = time.process_time() - began
        following = Stream(contexts)
        thread = Thread(target=following.run, daemon=True)
        begun = time.time()
        thread.start()
        while following.position < begun * 1_000_000:  # the first look goes some minutes back
            time.sleep(0.05)
        spent, wall, first = time.process_time(), time.perf_counter(), following.position
        while following.position < first + (SECONDS - 1) * 1_000_000:
            time.sleep(0.05)
        took = time.perf_counter() - wall
        used = time.process_time() - spent
        following.stop()
        thread.join()
        ended = _ended()
        NURSERY.close()
        used += _ended() - ended  # by the children of the whole run
        lags = sorted(lag for ctx in contexts for lag in _lags(ctx))
    return {
        "seconds of the processor to begin": opened,
        "posts a second": SUSTAINED * (SECONDS - 1) / took,
        "kept": len(lags),
        "share of a core": bar(used / took, ceiling=1 - IDLE),
        "seconds from post to row, median": lags[len(lags) // 2],
        "seconds from post to row, p95": lags[int(len(lags) * 0.95)],
    }


def _ended() -> float:
    """Seconds of the processor of those children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _lags(ctx: Context) -> list[float]:
    """Seconds from each post to its row."""
    with ctx.store.read() as tx:
        rows = tx.execute(text("SELECT published_at, fetched_at FROM mention")).all()
    return [(fetched - published) / 1_000_000 for published, fetched in rows]
