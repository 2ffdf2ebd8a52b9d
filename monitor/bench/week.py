"""Weeks, minute by minute: how many mails the Head of PR & Communications gets, how soon critical
matters are told, and whether anything stays untold.

The bad one has two thousand posts: everyday ones, a hundred that are written to be mistaken for
harm, eight harmful ones, a story that goes viral, a source that is dead for a day and then brings
everything at once, and a school of which nobody speaks until much is said in an hour. The ordinary
ones have three hundred, a tenth of them written to be mistaken and four harmful. The hard week is
as the bad one, but sixty are harmful and all the others as hard as they come. What is harmful or
hard is none that training saw; of everyday talk, most of it with a frightening word in passing, it
saw a part. All go through the real classifiers, store, routing and outbox; time alone is simulated.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.types import Delivery, Message, Sent
from classifiers.bench.labels import OTHER_HANDS
from classifiers.labels.examples import read_examples
from classifiers.pipeline import Classifier, build
from config.loading import load
from config.policy import Grouping
from config.settings import Settings
from connectors.fetch.client import Fetcher
from connectors.types import Mention
from monitor import alarms, sample, tasks
from monitor.context import Context
from monitor.store import mentions, queue
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
VIRAL, BACKLOG = 400, 120
EVERYDAY = (
    "everyday_talk", "harmless_local", "harmless_questions", "plain_words", "in_passing",
    "teens_short", "many_voices", "dry_voices", "pictures_and_care", "press_reviews_forums",
    "long_harmless", "long_voices", "longer_posts",
)  # fmt: skip
SOURCES = ("gazette", "natter", "parents", "reviews", "video", "forum")
RUMOUR = (
    "The head of {} lied to parents about the mould in the hall and three children are ill. It is"
    " a disgrace and nobody answers the phone. Share this so that every parent knows."
)
FEW_MAILS = 12
SOON = timedelta(seconds=60)


@dataclass
class Post:
    at: datetime
    source: str
    text: str
    is_harmful: bool


@dataclass
class Outbox:
    """Takes every message and notes when."""

    clock: list[datetime]
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.sent.append((self.clock[0], message.recipient, str(message.mail["Subject"])))
        return Sent()


@dataclass(frozen=True)
class Kind:
    """What a week is made of beside what happens in a bad one."""

    posts: int
    harmful: int
    hard: int
    seed: int = 2026
    is_bad: bool = True


BAD = Kind(posts=2_000, harmful=8, hard=100)
HARD = Kind(posts=2_000, harmful=60, hard=2_000)
ORDINARY = [Kind(posts=300, harmful=4, hard=30, seed=seed, is_bad=False) for seed in (1, 2, 3, 4)]


def run() -> dict[str, Any]:
    """The bad week as shipped and with a mail for every story, the hard one, and ordinary ones."""
    with tempfile.TemporaryDirectory() as name:
        settings = sample.settings({}, Path(name))
        rota = settings.rota.model_copy(update={"quiet": load().rota.quiet})
        settings = settings.model_copy(update={"rota": rota})
        classifier = build(settings.trust, settings.policy)
        week = Week(settings, classifier, Path(name))
        alone = Grouping(interval=timedelta())
        bad = week.replayed(BAD, Grouping())
        ordinary = [week.replayed(kind, Grouping()) for kind in ORDINARY]
        return {
            "posts": BAD.posts,
            "as shipped": bad,
            "a mail for every story": week.replayed(BAD, alone),
            "mails to the Head of PR allowed": FEW_MAILS,
            "a hard week": week.replayed(HARD, Grouping()),
            "ordinary weeks": {
                f"{name}, a week": sum(one[name] for one in ordinary) / len(ordinary)
                for name in (
                    "high or critical stories",
                    "of them harmless",
                    MAILS,
                    AT_ONCE,
                    GATHERED,
                )
            },
        }


MAILS = "mails to the Head of PR"
AT_ONCE = "of them at once"
GATHERED = "of them what is high, gathered"


@dataclass
class Week:
    settings: Settings
    classifier: Classifier
    folder: Path
    number: int = 0

    def replayed(self, kind: Kind, grouping: Grouping) -> dict[str, Any]:
        self.number += 1
        database = self.folder / f"{self.number}.db"
        posts = list(_week(self.settings, kind))
        return _replayed(database, self.settings, grouping, self.classifier, posts)


def _week(settings: Settings, kind: Kind) -> Iterator[Post]:
    chance = random.Random(kind.seed)  # noqa: S311  the same week each time
    names = [school.name for school in settings.trust.enabled_schools]
    quiet, *loud = names
    happens = list(_events(chance, quiet, loud[0])) if kind.is_bad else []
    yield from happens
    for number, (text, is_harmful) in enumerate(_others(chance, kind, len(happens))):
        source = "forum" if number < BACKLOG else chance.choice(SOURCES)
        at = BEGIN + timedelta(minutes=chance.randrange(7 * 24 * 60))
        if kind.is_bad and source == "forum" and BEGIN + 3 * DAY <= at < BEGIN + 4 * DAY:
            at = BEGIN + 4 * DAY + MINUTE
        yield Post(at, source, f"{text} ({chance.choice(loud)})", is_harmful)


def _events(chance: random.Random, quiet: str, loud: str) -> Iterator[Post]:
    """The story that goes viral, and the school that is spoken of at last."""
    begin = BEGIN + 2 * DAY + timedelta(hours=9)
    for number in range(VIRAL):
        hours = min(chance.expovariate(1 / 6.0), 60.0)
        text = f"{RUMOUR.format(loud)} {'!' * (number % 3)}"
        yield Post(begin + timedelta(hours=hours), chance.choice(SOURCES), text, True)
    for topic in ("lunches", "coats", "the bus", "homework", "phones", "the gate", "toilets"):
        minute = BEGIN + 5 * DAY + timedelta(hours=10, minutes=chance.randrange(60))
        text = f"Parents at {quiet} are furious about {topic}: complaints ignored, what a shambles"
        yield Post(minute, "parents", text, True)


def _others(chance: random.Random, kind: Kind, taken: int) -> list[tuple[str, bool]]:
    """Harmful, hard and everyday posts in any order; whether each is harmful."""
    ours, others = read_examples(), read_examples(OTHER_HANDS)
    unseen = [*(one for one in ours if one.split == "unseen"), *others]
    harmful = chance.sample([one.text for one in unseen if one.labels], kind.harmful)
    harmless = [one for one in unseen if not one.labels and one.topic not in EVERYDAY]
    hard = chance.sample(harmless, min(kind.hard, len(harmless)))
    everyday = [one for one in (*ours, *others) if not one.labels and one.topic in EVERYDAY]
    rest = kind.posts - taken - len(harmful) - len(hard)
    plain = chance.sample(everyday, rest)
    posts = [(text, True) for text in harmful] + [(one.text, False) for one in (*hard, *plain)]
    chance.shuffle(posts)
    return posts


def _replayed(
    path: Path, settings: Settings, grouping: Grouping, classifier: Classifier, posts: list[Post]
) -> dict[str, Any]:
    policy = settings.policy.model_copy(update={"grouping": grouping})
    settings = settings.model_copy(update={"policy": policy})
    clock = [BEGIN]
    outbox = Outbox(clock)
    store = Store(f"sqlite:///{path}", busy_timeout=timedelta(seconds=30))
    store.migrate()
    ctx = Context(
        settings=settings,
        store=store,
        classifier=lambda: classifier,
        fetcher=Fetcher(settings.fetch),
        channels={"smtp": outbox},
        other_channels={},
        clock=lambda: clock[0],
    )
    coming = sorted(posts, key=lambda post: post.at)
    collected: dict[int, datetime] = {}
    while clock[0] < BEGIN + 8 * DAY:
        due = [post for post in coming if post.at <= clock[0]]
        coming = coming[len(due) :]
        _minute(ctx, due, collected)
        clock[0] += MINUTE
    figures = _figures(ctx, outbox, collected, {one.text for one in posts if one.is_harmful})
    store.close()
    return figures


def _minute(ctx: Context, due: list[Post], collected: dict[int, datetime]) -> None:
    now = ctx.clock()
    if due:
        with ctx.store.begin() as tx:
            for number, post in enumerate(due):
                mentions.ingest(tx, post.source, [_mention(post, number, now)], now)
            for pending in mentions.pending(tx, 1_000):
                collected[pending.mention_id] = now
        while tasks.assess(ctx):
            pass
    alarms.escalate(ctx)
    alarms.follow(ctx)
    while tasks.send(ctx):
        pass


def _mention(post: Post, number: int, now: datetime) -> Mention:
    name = f"{now.isoformat()}-{number}"
    return Mention(
        platform=post.source, external_id=name, url=f"https://{post.source}.example/{name}",
        text=post.text, published_at=post.at, fetched_at=now,
    )  # fmt: skip


def _figures(
    ctx: Context, outbox: Outbox, collected: dict[int, datetime], harmful: set[str]
) -> dict[str, Any]:
    with ctx.store.read() as tx:
        rows = [
            row
            for state in ("open", "watch")
            for row in _all(tx, QueueFilter(state=state, min_severity="high"))
        ]
        details = [mentions.detail(tx, EVERYTHING, row.mention_id) for row in rows]
        critical = [
            one
            for one in details
            if one and mentions.judged_severity(tx, one.mention_id) == "critical"
        ]
    head = ctx.settings.trust.contacts.head_of_pr
    delays = [
        min((each.sent_at for each in one.deliveries if each.sent_at), default=ctx.clock())
        - collected[one.mention_id]
        for one in critical
    ]
    mails = sum(recipient == head for _, recipient, _ in outbox.sent)
    gathered = sum(
        recipient == head and subject.startswith("High") for _, recipient, subject in outbox.sent
    )
    return {
        "high or critical stories": len(rows),
        "of them critical": sum(row.severity == "critical" for row in rows),
        "of them harmless": sum(
            one is not None and one.mention.text not in harmful for one in details
        ),
        "stories untold": sum(one is not None and not one.deliveries for one in details),
        MAILS: mails,
        AT_ONCE: mails - gathered,
        GATHERED: gathered,
        "mails to everybody": len(outbox.sent),
        "critical told within a minute": sum(delay <= SOON for delay in delays)
        / max(len(delays), 1),
    }


def _all(tx: Any, chosen: QueueFilter) -> Iterator[Any]:
    after = None
    while True:
        found = queue.page(tx, EVERYTHING, chosen, after=after, limit=200)
        yield from found.rows
        after = found.next
        if after is None:
            return
