"""Sixty sources of every kind at once, a third of them misbehaving: none starves another, no limit
is exceeded, nothing is lost or doubled, and memory stays flat. Here until each was asked twice, in
the soak for ten minutes.

Nothing is judged by how fast the machine is: the servers, in a process of their own, count what was
asked too early, too often or too much at once; whether anybody starves is told by the order of the
turns; and what was published must be stored once, after each was asked a last time.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import httpx
import psutil
import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import text

from config.sources import Source
from connectors.types import NotMeasured, Partial
from monitor import logs, tasks
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.sample.networks import KEYS, MASTODON_TOKEN
from monitor.store import database, sources
from monitor.store.views import ClaimedSource
from monitor.wiring import release_leases, utc_now
from tests.doubles.manysites import BELOW, KINDS, SCHOOL, asked_as, trouble_of
from tests.monitor.conftest import Opened

log = logging.getLogger(__name__)
WELL = [at for at in range(len(KINDS)) if not trouble_of(at)]
SOAK_SECONDS = 600.0
LONGEST_SECONDS = 300.0
"""Until each was asked so often on the slowest of machines."""
EVERY = timedelta(seconds=20)
OFTEN = timedelta(seconds=2)
"""Where each has but two turns."""
PATIENCE = timedelta(seconds=8)
MINUTE = timedelta(minutes=1)
LAST_POLLS = 6
"""A search of the web reads a page at a time."""
FAIR_TURNS = 3
"""Nobody has more of them between two of somebody else's with the same interval."""
MOST_GROWTH_BYTES = 24 * 1024 * 1024
"""From the second quarter of the soak to the last ..."""
CACHE_KIB = 1_000
"""... while the database, which grows, has no room to be held in memory: that of the service is
bounded (81 MiB when full), and would hide what is not."""
LOOKED_EVERY_SECONDS = 2.0
MOST_POSTS = 10_000
"""Of X in a month; what is read is paid for, and no more than so much."""
_NOTICE = re.compile(r"notice (\d+-\d+)")


@dataclass(slots=True)
class Turn:
    at: int
    ended_well: bool = False


class Watched(LocalEngine):
    """The service's own engine, which writes down whose turn it was and how it ended."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.turns: list[Turn] = []

    def _poll(self, claimed: ClaimedSource) -> Callable[[], object]:
        poll, turn = super()._poll(claimed), Turn(int(claimed.source_id.removeprefix("place-")))
        self.turns.append(turn)

        def watched() -> object:
            polled: Any = poll()
            turn.ended_well = not isinstance(polled.health, NotMeasured)
            return polled

        return watched


@dataclass(slots=True)
class Outside:
    """The sites, and what they say of themselves."""

    ports: list[int]
    control: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60))

    def wrongs(self) -> dict[int, Counter[str]]:
        """What each has counted that is none of good manners."""
        told = self.client.get(f"{self.control}/counts").json()
        return {at: Counter(one["wrongs"]) for at, one in enumerate(told) if one["wrongs"]}

    def freeze(self) -> tuple[datetime, dict[int, list[str]]]:
        """Let time stand still there; since when, and what each has published until then."""
        told = self.client.get(f"{self.control}/freeze").json()
        published = {
            at: sorted(f"{at}-{turn}" for turn in range(many))
            for at, many in enumerate(told["many"])
        }
        return datetime.fromisoformat(told["since"]), published


@contextmanager
def outside() -> Iterator[Outside]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.doubles.manysites"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            *ports, control = json.loads(process.stdout.readline())
            found = Outside(ports, f"http://127.0.0.1:{control}")
            with found.client:
                yield found
        finally:
            process.terminate()


def source(at: int, port: int, every: timedelta) -> Source:
    """As the sample asks this kind, at the place of this port."""
    kind = KINDS[at]
    model = asked_as()[kind]
    options = json.dumps(dict(model.options)).replace(model.allow[0], f"127.0.0.1:{port}")
    more = {"posts_per_month": MOST_POSTS} if kind == "x" else {}
    return Source(
        id=f"place-{at}", kind=kind, name=f"Place {at}", every=every,
        allow=(f"127.0.0.1:{port}",), options=json.loads(options) | more, terms=(SCHOOL,),
        school="hill" if kind in BELOW else None,
    )  # fmt: skip


def with_sources(whole: Context, ports: list[int], every: timedelta) -> Context:
    """The real service's context with these sources alone, by the real clock."""
    settings = whole.settings
    limits = {"deadline": PATIENCE, "parse_deadline": MINUTE}
    asked = tuple(source(at, port, every) for at, port in enumerate(ports))
    tokens = " ".join(f"127.0.0.1:{port}={MASTODON_TOKEN}" for port in ports)
    alerts = f"http://127.0.0.1:{ports[KINDS.index('google_alerts')]}/alerts/feeds/1/2"
    changed = settings.model_copy(
        update={
            "sources": asked,
            "fetch": settings.fetch.model_copy(update=limits),
            "secrets": {
                **KEYS, "mastodon_tokens": SecretStr(tokens), "google_alerts": SecretStr(alerts)
            },
        }
    )  # fmt: skip
    with whole.store.begin() as tx:
        sources.sync(tx, changed.sources, utc_now())
    fetcher = type(whole.fetcher)(changed.fetch)
    return replace(whole, settings=changed, fetcher=fetcher, clock=utc_now)


@pytest.fixture(autouse=True)
def _logged_as_in_service() -> Iterator[None]:
    """Without it a traceback is drawn with every variable there is, which holds all threads up."""
    logs.configure()
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("soaks", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_sixty_sources_of_which_a_third_misbehaves(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, *, soaks: bool
) -> None:
    memory: list[int] = []
    monkeypatch.setattr(database, "CACHE_KIB", CACHE_KIB)
    with opened() as whole, outside() as sites:
        ctx = with_sources(whole, sites.ports, EVERY if soaks else OFTEN)
        engine = Watched(ctx)
        engine.start()
        try:
            wait_for(engine, turns=1)
            if soaks:
                memory = used_over_time(SOAK_SECONDS)
            wait_for(engine, turns=2)
        finally:
            engine.stop()
        release_leases(ctx.store)  # of a poll that outlasted its engine, as at the next start
        since, published = sites.freeze()
        for at in WELL:
            asked_to_the_end(replace(ctx, clock=lambda: since), at)
        stored = kept(ctx)
        wrongs = sites.wrongs()
    log.info("%d turns, %d notices", len(engine.turns), sum(map(len, stored.values())))
    assert wrongs == {}
    assert {at: stored.get(at, []) for at in WELL} == {at: published[at] for at in WELL}
    if soaks:
        assert starved(engine.turns) == {}
        quarter = len(memory) // 4
        grown = median(memory[-quarter:]) - median(memory[quarter : 2 * quarter])
        log.info("%.1f MiB grown of %.1f", grown / 2**20, memory[-1] / 2**20)
        assert grown < MOST_GROWTH_BYTES


def wait_for(engine: Watched, *, turns: int) -> None:
    """Until everybody who behaves well has been read so often."""
    last = time.monotonic() + LONGEST_SECONDS
    while True:
        done = Counter(turn.at for turn in engine.turns if turn.ended_well)
        missing = [at for at in WELL if done[at] < turns]
        if not missing:
            return
        assert time.monotonic() < last, missing
        time.sleep(0.05)


def used_over_time(seconds: float) -> list[int]:
    """Bytes of this process and its parsers, looked at again and again."""
    own, found = psutil.Process(), []
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        every = [own, *own.children(recursive=True)]
        found.append(sum(resident(one) for one in every if "manysites" not in command_of(one)))
        time.sleep(LOOKED_EVERY_SECONDS)
    return found


def resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def asked_to_the_end(ctx: Context, at: int) -> None:
    """With time enough, as the service does after its next start."""
    patient = type(ctx.fetcher)(ctx.settings.fetch.model_copy(update={"deadline": MINUTE}))
    for _ in range(LAST_POLLS):
        claimed = tasks.claim_source(ctx, f"place-{at}")
        assert claimed is not None
        polled = tasks.poll(replace(ctx, fetcher=patient), claimed)
        assert not isinstance(polled.health, NotMeasured), polled
        if not polled.stored and not isinstance(polled.health, Partial):
            return


def kept(ctx: Context) -> dict[int, list[str]]:
    """The notices of each place as they are stored; a doubled one would stand twice."""
    found: dict[int, list[str]] = {}
    with ctx.store.read() as tx:
        for name, words in tx.execute(text("SELECT source_id, title || text FROM mention")):
            for notice in set(_NOTICE.findall(words)):
                found.setdefault(int(name.removeprefix("place-")), []).append(notice)
    return {at: sorted(notices) for at, notices in found.items()}


def starved(turns: list[Turn]) -> dict[int, Counter[int]]:
    """Places that behave well, and who else had too many turns while they waited for their next.
    Who could not be read waits longer by its own fault."""
    found: dict[int, Counter[int]] = {}
    since: dict[int, Counter[int]] = {}
    for turn in turns:
        for at, others in since.items():
            others[turn.at] += at != turn.at
        waited = since.pop(turn.at, Counter())
        if many := Counter({at: n for at, n in waited.items() if n > FAIR_TURNS}):
            found[turn.at] = many
        if turn.ended_well and not trouble_of(turn.at):
            since[turn.at] = Counter()
    return found
