"""A bad week, minute by minute: how many mails the Head of PR & Communications gets, how soon
critical matters are told, and whether anything stays untold.

Two thousand posts: everyday ones that are written to be mistaken for harm (those that training
never saw), sixty harmful ones, a story that goes viral, a source that is dead for a day and then
brings everything at once, and a school of which nobody speaks until much is said in an hour. They
go through the real classifiers, store, routing and outbox; time alone is simulated.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.types import Delivery, Message, Sent
from classifiers.bench.labels import OTHER_HANDS
from classifiers.labels.examples import Example, read_examples
from classifiers.pipeline import Classifier, build
from config.settings import Grouping, Settings
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
POSTS, HARMFUL, VIRAL, BACKLOG = 2_000, 60, 400, 120
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


@dataclass
class Outbox:
    """Takes every message and notes when."""

    clock: list[datetime]
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.sent.append((self.clock[0], message.recipient, str(message.mail["Subject"])))
        return Sent()


def run() -> dict[str, Any]:
    """The week as shipped, and the same week with a mail for every story."""
    with tempfile.TemporaryDirectory() as name:
        settings = sample.settings({}, Path(name))
        rota = settings.rota.model_copy(
            update={"quiet": settings.rota.quiet.model_copy(update={"hours": "21:00-07:00"})}
        )
        settings = settings.model_copy(update={"rota": rota})
        classifier = build(settings.trust, settings.policy)
        posts = list(_week(settings))
        return {
            "posts": len(posts),
            "as shipped": _replayed(Path(name) / "a.db", settings, Grouping(), classifier, posts),
            "a mail for every story": _replayed(
                Path(name) / "b.db", settings, Grouping(interval=timedelta()), classifier, posts
            ),
            "mails to the Head of PR allowed": FEW_MAILS,
        }


def _week(settings: Settings) -> Iterator[Post]:
    chance = random.Random(2026)  # noqa: S311  the same week each time
    names = [school.name for school in settings.trust.enabled_schools]
    quiet, *loud = names
    begin = BEGIN + 2 * DAY + timedelta(hours=9)
    for number in range(VIRAL):
        hours = min(chance.expovariate(1 / 6.0), 60.0)
        text = f"{RUMOUR.format(loud[0])} {'!' * (number % 3)}"
        yield Post(begin + timedelta(hours=hours), chance.choice(SOURCES), text)
    for topic in ("lunches", "coats", "the bus", "homework", "phones", "the gate", "toilets"):
        minute = BEGIN + 5 * DAY + timedelta(hours=10, minutes=chance.randrange(60))
        text = f"Parents at {quiet} are furious about {topic}: complaints ignored, what a shambles"
        yield Post(minute, "parents", text)
    for number, text in enumerate(_ordinary(chance)):
        source = "forum" if number < BACKLOG else chance.choice(SOURCES)
        at = BEGIN + timedelta(minutes=chance.randrange(7 * 24 * 60))
        if source == "forum" and BEGIN + 3 * DAY <= at < BEGIN + 4 * DAY:
            at = BEGIN + 4 * DAY + MINUTE
        yield Post(at, source, f"{text} ({chance.choice(loud)})")


def _ordinary(chance: random.Random) -> list[str]:
    unseen = [one for one in read_examples() if one.split == "unseen"]
    others = [*unseen, *read_examples(OTHER_HANDS)]
    harmful = chance.sample([one.text for one in others if one.labels], HARMFUL)
    harmless = [one.text for one in others if not one.labels]
    rest = POSTS - VIRAL - 7 - HARMFUL - len(harmless)
    plain = [one.text for one in _plain() if one.split == "train"]
    return chance.sample(
        [*harmful, *harmless, *chance.sample(plain, max(rest, 0))],
        HARMFUL + len(harmless) + max(rest, 0),
    )


def _plain() -> Sequence[Example]:
    return [one for one in read_examples() if not one.labels]


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
    figures = _figures(ctx, outbox, collected)
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


def _figures(ctx: Context, outbox: Outbox, collected: dict[int, datetime]) -> dict[str, Any]:
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
    return {
        "high or critical stories": len(rows),
        "of them critical": sum(row.severity == "critical" for row in rows),
        "stories untold": sum(one is not None and not one.deliveries for one in details),
        "mails to the Head of PR": sum(recipient == head for _, recipient, _ in outbox.sent),
        "mails to everybody": len(outbox.sent),
        "critical told within a minute": sum(delay <= SOON for delay in delays) / len(delays),
    }


def _all(tx: Any, chosen: QueueFilter) -> Iterator[Any]:
    after = None
    while True:
        found = queue.page(tx, EVERYTHING, chosen, after=after, limit=200)
        yield from found.rows
        after = found.next
        if after is None:
            return
