"""How long 24,000 headteachers' digests take on one core, from the store to the sealed mail.

Every digest is made whole: its counts, entries, praise, trend and clocks are read from a database
of a week's posts, composed, and turned into the bytes that the mail server would get. Rendering
alone is measured beside it. `--rows` makes fewer digests and scales the time.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from alerts import digest
from alerts.duty import Duty
from classifiers.labels.examples import read_examples
from classifiers.pipeline import build
from config.settings import Settings
from connectors.types import Mention
from monitor import digest_material, messages, pipeline, sample
from monitor.digests import DAILY
from monitor.figures import daily
from monitor.store import mentions, sources
from monitor.store.database import Store
from monitor.store.views import DigestOrder

DIGESTS = 24_000
ALLOWED = 300.0
"""Seconds of one core."""
POSTS = 2_000
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
BATCH = 64


def run(rows: int = DIGESTS) -> dict[str, Any]:
    """Make `rows` digests of the sample's schools, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        settings = sample.settings({}, Path(name))
        store = Store(f"sqlite:///{name}/monitor.db", busy_timeout=timedelta(seconds=30))
        store.migrate()
        _fill(store, settings)
        daily.close_days(store, settings, NOW)
        orders = _orders(settings)
        begun = process_time()
        size = 0
        for at in range(rows):
            size += _made(store, settings, orders[at % len(orders)])
        whole = process_time() - begun
        rendering = _rendering(store, settings, orders, rows)
        store.close()
    scale = DIGESTS / rows
    return {
        "digests made": rows,
        "posts in the store": POSTS,
        "schools": len(orders),
        "bytes of a digest": size // rows,
        "seconds of one core for 24,000, from the store to the bytes": whole * scale,
        "of them rendering": rendering * scale,
        "seconds allowed": ALLOWED,
    }


def _fill(store: Store, settings: Settings) -> None:
    """A week's posts, judged by the real classifiers, spread over the schools."""
    classifier = build(settings.trust, settings.policy)
    schools = settings.trust.enabled_schools
    texts = [one.text for one in read_examples()][:POSTS]
    with store.begin() as tx:
        sources.sync(tx, settings.sources, NOW)
        for at, text in enumerate(texts):
            when = NOW - timedelta(minutes=5 * (len(texts) - at))
            post = Mention(
                platform="web", external_id=str(at), url=f"https://posts.example/{at}",
                text=f"{text} ({schools[at % len(schools)].name})",
                published_at=when, fetched_at=when,
            )  # fmt: skip
            mentions.ingest(tx, settings.sources[0].id, [post], when)
    duty = Duty(rota=settings.rota, now=NOW)
    while True:
        with store.begin() as tx:
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


def _made(store: Store, settings: Settings, order: DigestOrder) -> int:
    message = messages.digest_of(
        store, settings, order, message_id="<bench@harrowmere.example>", now=NOW
    )
    return len(message.mail.as_bytes())


def _rendering(store: Store, settings: Settings, orders: list[DigestOrder], rows: int) -> float:
    materials = [digest_material.of_head(store, settings, order, NOW) for order in orders]
    begun = process_time()
    for at in range(rows):
        digest.compose(
            materials[at % len(orders)],
            trust=settings.trust,
            console_url=settings.console.url,
            sender="Trust Monitor <monitor@harrowmere.example>",
            recipient="head@harrowmere.example",
            reply_to="pr@harrowmere.example",
            message_id="<bench@harrowmere.example>",
            now=NOW,
        )
    return process_time() - begun
