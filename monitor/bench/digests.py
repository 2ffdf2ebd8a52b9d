"""How long a morning's 24,000 headteachers' digests take on one core.

The whole way is that of the service: ordered, claimed in the outbox, read from a database of a
week's posts, composed, handed to a real mail server in a process of its own, and noted as sent.
What reading and composing alone take is measured beside it on a part of them. `--rows` makes fewer
digests and scales the time. What is logged goes to standard error, as with the service.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.policy import SMTP
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from alerts import digest, envelope
from alerts.channels import MAIL
from classifiers.labels.examples import read_examples
from config.settings import Settings
from connectors.types import Mention
from monitor import digest_material, digests, messages, pipeline, sample, tasks
from monitor.bench.beside import beside
from monitor.context import Context
from monitor.digests import DAILY
from monitor.figures import daily
from monitor.store import delivered, deliveries, mentions, sources
from monitor.store.views import DigestOrder
from monitor.wiring import open_context

DIGESTS = 24_000
PART = 12
"""One of so many is made once more, to see what making alone takes."""
ALLOWED = 300.0
"""Seconds of one core."""
POSTS = 2_000
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
BATCH = 64
UNLIMITED = 1_000_000
"""Mails a minute: what a provider allows is another matter."""


def run(rows: int = DIGESTS) -> dict[str, Any]:
    """Make and hand over `rows` digests of the sample's schools, one after the other."""
    with _place() as ctx:
        _fill(ctx)
        daily.close_days(ctx.store, ctx.settings, NOW)
        while tasks.send(ctx):
            pass
        orders = _orders(ctx.settings)
        begun = process_time()
        sent = _handed_over(ctx, orders, rows)
        whole = process_time() - begun
        part = max(rows // PART, 1)
        making, size = _making(ctx, orders, part)
        rendering = _rendering(ctx, orders, part)
        with ctx.store.read() as tx:
            unsent = delivered.mail_health(tx, ctx.clock()).due
    return {
        "digests sent": sent,
        "left unsent": unsent,
        "posts in the store": POSTS,
        "schools": len(orders),
        "bytes of a digest": size // part,
        "seconds of one core for 24,000, the whole way": whole * DIGESTS / rows,
        "of them from the store to the bytes": making * DIGESTS / part,
        "of them composing": rendering * DIGESTS / part,
        "seconds allowed": ALLOWED,
    }


@contextmanager
def _place() -> Iterator[Context]:
    """The sample's trust with an empty store, before a mail server that takes everything."""
    began = monotonic()
    with tempfile.TemporaryDirectory() as name, beside("monitor.bench.mailserver") as (port,):
        settings = sample.settings({}, Path(name))
        mail = {"host": "127.0.0.1", "port": port, "security": "none", "username": ""}
        settings = settings.model_copy(
            update={
                "database": settings.database.model_copy(
                    update={"url": f"sqlite:///{name}/monitor.db"}
                ),
                "mail": settings.mail.model_copy(update={**mail, "max_per_minute": UNLIMITED}),
                "channels": (),
            }
        )
        clock = lambda: NOW + timedelta(seconds=monotonic() - began)  # noqa: E731
        with open_context(settings, clock=clock) as ctx:
            yield ctx


def _handed_over(ctx: Context, orders: list[DigestOrder], rows: int) -> int:
    """How many left."""
    with ctx.store.begin() as tx:
        for at in range(rows):
            order = orders[at % len(orders)]
            to = replace(order, recipient=f"head{at}@harrowmere.example")
            deliveries.enqueue(tx, digests.outbox_item(to), now=ctx.clock())
    return sum(tasks.send(ctx, MAIL) for _ in range(rows))


def _fill(ctx: Context) -> None:
    """A week's posts, judged by the real classifiers, spread over the schools."""
    settings, classifier = ctx.settings, ctx.classifier()
    schools = settings.trust.enabled_schools
    texts = [one.text for one in read_examples()][:POSTS]
    with ctx.store.begin() as tx:
        sources.sync(tx, settings.sources, NOW)
        for at, text in enumerate(texts):
            when = NOW - timedelta(minutes=5 * (len(texts) - at))
            post = Mention(
                platform="web", external_id=str(at), url=f"https://posts.example/{at}",
                text=f"{text} ({schools[at % len(schools)].name})",
                published_at=when, fetched_at=when,
            )  # fmt: skip
            mentions.ingest(tx, settings.sources[0].id, [post], when)
    duty = replace(ctx.duty(), now=NOW)
    while True:
        with ctx.store.begin() as tx:
            judged = pipeline.judge(classifier, mentions.pending(tx, BATCH))
            for item, assessment in judged:
                pipeline.record(
                    tx, item, assessment, classifier=classifier,
                    trust=settings.trust, policy=settings.policy, duty=duty,
                )  # fmt: skip
        if not judged:
            return


def _orders(settings: Settings) -> list[DigestOrder]:
    return [
        DigestOrder(
            recipient=school.contacts.headteacher or "head@harrowmere.example",
            kind=DAILY,
            school_ids=(school.id,),
            local_date=date(2026, 11, 22),
        )
        for school in settings.trust.enabled_schools
    ]


def _making(ctx: Context, orders: list[DigestOrder], number: int) -> tuple[float, int]:
    """Seconds from the store to the bytes, and how many bytes."""
    begun, size = process_time(), 0
    for at in range(number):
        message = messages.digest_of(
            ctx.store, ctx.settings, orders[at % len(orders)], message_id=f"<{at}@x>", now=NOW
        )
        size += len(envelope.written(message.mail, SMTP))
    return process_time() - begun, size


def _rendering(ctx: Context, orders: list[DigestOrder], number: int) -> float:
    materials = [digest_material.of_head(ctx.store, ctx.settings, one, NOW) for one in orders]
    begun = process_time()
    for at in range(number):
        digest.compose(
            materials[at % len(orders)],
            trust=ctx.settings.trust,
            console_url=ctx.settings.console.url,
            sender="Trust Monitor <monitor@harrowmere.example>",
            recipient="head@harrowmere.example",
            reply_to="pr@harrowmere.example",
            message_id=f"<{at}@x>",
            now=NOW,
        )
    return process_time() - begun
