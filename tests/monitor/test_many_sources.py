"""Sixty sources at once, a third of them misbehaving: none starves another, no limit is exceeded,
nothing is lost or doubled, and memory stays flat. Here until each was asked twice, in the
soak for ten minutes. Then each is asked once more, and every post it has is there once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from statistics import median

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from config.sources import Source
from connectors.types import NotModified, Ok
from monitor import tasks
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.sample.platforms import bluesky, mastodon
from monitor.store import sources
from monitor.wiring import utc_now
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving
from tests.monitor.conftest import Opened

log = logging.getLogger(__name__)
MANY = 60
TWICE = 2
SOAK_SECONDS = 600.0
LONGEST_SECONDS = 150.0
"""Until each was asked so often on the slowest of machines."""
EVERY = timedelta(seconds=1)
NEW_POST_SECONDS = 2.0
RETRY_AFTER = 7
PATIENCE = timedelta(seconds=5)
MINUTE = timedelta(minutes=1)
SLOWEST = 15.0
"""Seconds in which a well-behaved source is asked again in the soak on a busy machine ..."""
FAIR = 3
"""... and no later than so many times what is usual among them, where all are slow."""
MOST_GROWTH_BYTES = 48 * 1024 * 1024
KINDS = ("rss", "wordpress", "jsonfeed", "mastodon", "bluesky")
TROUBLES = ("throttled", "failing", "hanging", "garbage", "silent")


@dataclass
class Place:
    """A site that publishes a post every few seconds, in the form of its kind, or misbehaves."""

    number: int
    kind: str
    trouble: str
    began: float = field(default_factory=time.monotonic)
    asked_at: list[float] = field(default_factory=list)
    told: int = 0
    """The most posts it has answered with; it publishes no more once it is `silent_from`."""
    silent_from: float | None = None
    sky: bluesky.Bluesky = field(default_factory=bluesky.Bluesky)

    def __call__(self, asked: Asked) -> Reply | None:
        self.asked_at.append(asked.at)
        if self.trouble:
            return self._in_trouble()
        posts = list(self._posts())
        reply: Reply = getattr(self, f"_{self.kind}")(asked, posts)
        self.told = max(self.told, len(posts))
        return reply

    def known_as(self, at: int) -> str:
        return {
            "mastodon": f"https://t.example/{self.number}/{at}",
            "bluesky": f"bluesky:at://did:plc:wren/app.bsky.feed.post/{self.number}x{at}",
        }.get(self.kind, f"urn:{self.number}:{at}")

    def _in_trouble(self) -> Reply | None:
        if self.trouble == "hanging":
            time.sleep(PATIENCE.total_seconds() * 2)
        return {
            "throttled": Reply(status=429, headers={"Retry-After": str(RETRY_AFTER)}),
            "failing": Reply(status=500),
            "garbage": Reply(body=b"<!doctype html><title>Sign in</title>" * 99),
        }.get(self.trouble)

    def _posts(self) -> Iterator[tuple[int, str]]:
        until = self.silent_from or time.monotonic()
        for at in range(1 + int((until - self.began) / NEW_POST_SECONDS)):
            yield at, f"Term dates {at} of Larkmere Hill School, notice {self.number}"

    def _rss(self, asked: Asked, posts: list[tuple[int, str]]) -> Reply:
        stamp = format_datetime(datetime.now(UTC) - timedelta(minutes=5))
        items = "".join(
            f"<item><guid>urn:{self.number}:{at}</guid><description>{said}</description>"
            f"<pubDate>{stamp}</pubDate></item>"
            for at, said in reversed(posts)
        )
        feed = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
        return Reply(body=feed.encode(), headers={"Content-Type": "application/rss+xml"})

    _wordpress = _rss

    def _jsonfeed(self, asked: Asked, posts: list[tuple[int, str]]) -> Reply:
        items = [{"id": f"urn:{self.number}:{at}", "content_text": said} for at, said in posts]
        version = "https://jsonfeed.org/version/1.1"
        return as_json({"version": version, "title": "F", "items": items[::-1]})

    def _mastodon(self, asked: Asked, posts: list[tuple[int, str]]) -> Reply:
        now = datetime.now(UTC) - timedelta(minutes=5)
        written = [
            mastodon.status(
                at + 1, now, f"<p>{said}</p>", uri=f"https://t.example/{self.number}/{at}"
            )
            for at, said in posts
        ]
        return mastodon.Mastodon(*written, tag="larkmerehillschool")(asked)

    def _bluesky(self, asked: Asked, posts: list[tuple[int, str]]) -> Reply:
        for at, said in posts[len(self.sky.posts) :]:
            self.sky.posts.insert(0, bluesky.post(f"{self.number}x{at}", datetime.now(UTC), said))
        return self.sky(asked)


def source(place: Place, site: Site) -> Source:
    options = {
        "rss": {"url": f"{site.address}/feed"},
        "wordpress": {"site": site.address, "view": "posts"},
        "jsonfeed": {"url": f"{site.address}/feed.json"},
        "mastodon": {"servers": [site.address]},
        "bluesky": {"handle": bluesky.HANDLE, "address": site.address},
    }[place.kind]
    return Source(
        id=f"place-{place.number}", kind=place.kind, name=f"Place {place.number}", every=EVERY,
        allow=(site.place,), options=options, terms=("Larkmere Hill School",),
    )  # fmt: skip


def with_sources(whole: Context, asked: list[Source]) -> Context:
    """The real service's context with these sources alone, by the real clock."""
    settings = whole.settings
    fetch = settings.fetch.model_copy(update={"deadline": PATIENCE})
    clock = settings.clock.model_copy(
        update={"tick": timedelta(seconds=0.25), "lease": timedelta(seconds=30)}
    )
    changed = settings.model_copy(
        update={
            "sources": tuple(asked), "fetch": fetch, "clock": clock,
            "secrets": {"bluesky_password": SecretStr(bluesky.PASSWORD)},
        }
    )  # fmt: skip
    with whole.store.begin() as tx:
        sources.sync(tx, changed.sources, utc_now())
    fetcher = type(whole.fetcher)(fetch)
    return replace(whole, settings=changed, fetcher=fetcher, clock=utc_now)


@pytest.mark.parametrize("soaks", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_sixty_sources_of_which_a_third_misbehaves(opened: Opened, *, soaks: bool) -> None:
    places = [
        Place(at, KINDS[at % len(KINDS)], TROUBLES[at % len(TROUBLES)] if at % 3 == 0 else "")
        for at in range(MANY)
    ]
    well = [place for place in places if not place.trouble]
    own = psutil.Process()
    with opened() as whole, ExitStack() as stack:
        sites = [stack.enter_context(serving(place)) for place in places]
        ctx = with_sources(whole, [source(*one) for one in zip(places, sites, strict=True)])
        engine = LocalEngine(ctx)
        engine.start()
        try:
            wait_until(lambda: all(place.asked_at for place in well), LONGEST_SECONDS)
            if soaks:
                time.sleep(SOAK_SECONDS / 2)
            begun = own.memory_info().rss
            if soaks:
                time.sleep(SOAK_SECONDS / 2)
            wait_until(lambda: all(len(p.asked_at) >= TWICE for p in well), LONGEST_SECONDS)
            grown = own.memory_info().rss - begun
        finally:
            ended = time.monotonic()
            engine.stop()
        cut_off = unstored(ctx, well)
        for place in well:
            place.silent_from = place.silent_from or ended
            asked_once_more(ctx, place)
        stored = kept(ctx)
    assert {place.number: stored.get(place.number) for place in well} == {
        place.number: sorted(place.known_as(at) for at, _ in place._posts()) for place in well
    }
    log.info("%d posts, %d of them by the last poll", sum(map(len, stored.values())), cut_off)
    assert [place.number for place in places if too_eager(place)] == []
    assert grown < MOST_GROWTH_BYTES
    if soaks:
        waits = {place.number: longest_wait(place, ended) for place in well}
        late = max(SLOWEST, FAIR * median(waits.values()))
        assert {number: wait for number, wait in waits.items() if wait > late} == {}


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last
        time.sleep(0.05)


def unstored(ctx: Context, well: list[Place]) -> int:
    """Posts that were in an answer and are not stored: of polls that were cut off on the way,
    by the end or by a deadline."""
    stored = kept(ctx)
    return sum(place.told - len(stored.get(place.number, ())) for place in well)


def asked_once_more(ctx: Context, place: Place) -> None:
    """With time enough, as the service does after its next start."""
    patient = type(ctx.fetcher)(ctx.settings.fetch.model_copy(update={"deadline": MINUTE}))
    claimed = tasks.claim_source(ctx, f"place-{place.number}")
    assert claimed is not None
    assert isinstance(tasks.poll(replace(ctx, fetcher=patient), claimed).health, Ok | NotModified)


def kept(ctx: Context) -> dict[int, list[str]]:
    """The ids of each place's posts as they are stored; a doubled one would stand twice."""
    found: dict[int, list[str]] = {}
    with ctx.store.read() as tx:
        for name, external_id in tx.execute(text("SELECT source_id, external_id FROM mention")):
            found.setdefault(int(name.removeprefix("place-")), []).append(external_id)
    return {number: sorted(ids) for number, ids in found.items()}


def longest_wait(place: Place, ended: float) -> float:
    """Between two questions to it, from the start to the end."""
    times = [place.began, *place.asked_at, ended]
    return max(after - before for before, after in pairwise(times))


def too_eager(place: Place) -> bool:
    """Asked again before the pause that it asked for was over."""
    if place.trouble != "throttled":
        return False
    return any(after - before < RETRY_AFTER - 0.5 for before, after in pairwise(place.asked_at))
