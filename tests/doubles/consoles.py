"""A console over a real store filled with invented posts, and a real server to serve it."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Self

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from alerts.duty import Duty
from alerts.types import Dead, Delivery, Retry, Sent
from classifiers.duplicates import fingerprint
from classifiers.text import assessed_text
from config.settings import Settings
from connectors.types import Cursor, Health, NotMeasured, Ok, Partial
from monitor import alarms, sample, searching
from monitor.access import conflict
from monitor.access.signin import Provider
from monitor.outside import Outside
from monitor.store import assessments, conflicts, mentions, sending, sources
from monitor.store.database import Store
from monitor.web.app import create_app
from monitor.web.deps import Console, SampleLinks
from monitor.web.serving import free_port
from monitor.wiring import checks_of, classifier_of
from tests.doubles.written_posts import POSTS, Written

NOW = datetime(2026, 11, 23, 16, 20, tzinfo=UTC)
REVIEWER = "Odile Fairhurst-Okoro"
UNWELL: dict[str, Health] = {
    "coastal-mums": NotMeasured("Malformed", "A web page came where a feed should be."),
    "old-pennickians": NotMeasured("Throttled", "The site asked us to wait for ten minutes."),
    "harbour-radio": Partial("12 of 40 items could not be read."),
}


@dataclass
class Scene:
    """An invented trust's store, with a clock that stands until it is moved."""

    store: Store
    settings: Settings
    now: datetime = NOW
    numbers: dict[str, int] = field(default_factory=dict)
    """Mention number by the beginning of its text."""
    written: int = 0
    """Posts so far; each is another post to its platform."""

    def clock(self) -> datetime:
        return self.now

    def console(
        self,
        *,
        links: SampleLinks | None = None,
        provider: Provider | None = None,
        outside: Outside | None = None,
    ) -> Console:
        return Console(
            store=self.store,
            trust=self.settings.trust,
            policy=self.settings.policy,
            rota=self.settings.rota,
            settings=self.settings.console,
            classifier=classifier_of(self.settings),
            clock=self.clock,
            whole=self.settings,
            people=lambda: self.settings.people,
            mail_alarm_after=self.settings.mail.alarm_after,
            provider=provider,
            outside=outside,
            checks=checks_of(self.settings, self.store, classifier_of(self.settings), self.clock),
            sample=links,
        )

    def app(self, *, is_sample: bool = True) -> FastAPI:
        links = SampleLinks(mailbox_url="http://127.0.0.1:8640/") if is_sample else None
        return create_app(self.console(links=links))

    def add(self, post: Written) -> int:
        """Collect one post, assess it, and enqueue who must be told; its number."""
        self.written += 1
        mention = post.mention(self.written, self.now)
        assessment = post.assessment(self.settings.policy)
        with self.store.begin() as tx:
            mentions.ingest(tx, post.source, [mention], self.now)
            number = mentions.pending(tx, 10)[-1].mention_id
            text = assessed_text(mention)
            saved = assessments.save(tx, number, assessment, fingerprint(text), self.now)
            assert saved is not None
            conflicts.put(tx, number, conflict.named(self.settings.people, text))
            searching.index(tx, number, mention, assessment)
            alarms.sound(
                tx,
                number,
                saved.story_id,
                mention,
                assessment,
                trust=self.settings.trust,
                policy=self.settings.policy,
                duty=Duty(
                    rota=self.settings.rota,
                    now=mention.fetched_at,
                    people=self.settings.people,
                ),
            )
        self.numbers.setdefault(text[:20], number)
        return number

    def add_pending(self, post: Written) -> int:
        """Collect one post that nobody has assessed yet; its number."""
        self.written += 1
        with self.store.begin() as tx:
            mentions.ingest(tx, post.source, [post.mention(self.written, self.now)], self.now)
            return mentions.pending(tx, 10)[-1].mention_id

    def number_of(self, beginning: str) -> int:
        return next(number for text, number in self.numbers.items() if text.startswith(beginning))

    def read_sources(self, unwell: dict[str, Health]) -> None:
        """One poll of every source, ending as told; all others well."""
        with self.store.begin() as tx:
            for at, source in enumerate(self.settings.sources):
                claimed = sources.claim(tx, source.id, now=self.now, lease=timedelta(minutes=1))
                assert claimed is not None
                sources.finish(
                    tx,
                    claimed,
                    unwell.get(source.id, Ok()),
                    Cursor(),
                    possible_gap=source.id == "averford-natter",
                    seen=0 if source.id == "council-papers" else 12 + at,
                    kept=at % 4,
                    next_due_at=self.now + timedelta(seconds=20 + 13 * at),
                    now=self.now - timedelta(minutes=3 + at),
                )

    def switch_off(self, source_id: str) -> None:
        """Leave one source out of the configuration."""
        rest = [source for source in self.settings.sources if source.id != source_id]
        with self.store.begin() as tx:
            sources.sync(tx, rest, self.now)

    def deliver(self, outcomes: Sequence[Delivery]) -> None:
        """Try due messages, one outcome each, in the order in which people are told."""
        with self.store.begin() as tx:
            lease = timedelta(minutes=1)
            due = sending.claim_due(tx, now=self.now, lease=lease, limit=len(outcomes))
            for claimed, outcome in zip(due, outcomes, strict=False):
                sending.finish(
                    tx,
                    claimed,
                    outcome,
                    now=self.now,
                    next_attempt_at=self.now + timedelta(minutes=4),
                    max_attempts=5,
                )


def _each_by_itself(settings: Settings) -> Settings:
    """Every message its own, so that outcomes can be told one by one."""
    grouping = settings.policy.grouping.model_copy(update={"interval": (timedelta(),)})
    policy = settings.policy.model_copy(update={"grouping": grouping})
    return settings.model_copy(update={"policy": policy})


@contextmanager
def empty_scene(folder: Path, *, url: str = "", trust: str = "trust") -> Iterator[Scene]:
    settings = _each_by_itself(sample.settings({}, folder))
    url = url or f"sqlite:///{folder / 'monitor.db'}"
    store = Store(url, busy_timeout=timedelta(seconds=1), trust=trust)
    try:
        store.migrate()
        with store.begin() as tx:
            sources.sync(tx, settings.sources, NOW - timedelta(hours=1))
        yield Scene(store=store, settings=settings)
    finally:
        store.close()


@contextmanager
def full_scene(folder: Path) -> Iterator[Scene]:
    """All posts, sources that were read or not, and messages in every state."""
    with empty_scene(folder) as scene:
        for post in POSTS:
            scene.add(post)
        scene.read_sources(UNWELL)
        outcomes: list[Delivery] = [Sent()] * 20
        outcomes[4] = Retry("The server asked to wait (421).")
        outcomes[7] = Dead("The server does not know this address (550).")
        scene.deliver(outcomes)
        yield scene


@dataclass(frozen=True)
class Filled:
    """A database with all posts, made once; tests work on copies."""

    database: Path
    numbers: dict[str, int]

    @classmethod
    def made_in(cls, folder: Path) -> Self:
        with full_scene(folder) as scene:
            numbers = dict(scene.numbers)
        return cls(folder / "monitor.db", numbers)

    @contextmanager
    def copied_to(self, folder: Path) -> Iterator[Scene]:
        shutil.copy(self.database, folder / "monitor.db")
        with empty_scene(folder) as scene:
            scene.numbers.update(self.numbers)
            scene.written = 1000
            yield scene


@contextmanager
def served(app: ASGIApp, bound: socket.socket | None = None) -> Iterator[str]:
    """The app on a free port of loopback, or on one that is bound already; its address."""
    bound = bound or free_port()
    port = bound.getsockname()[1]
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()
