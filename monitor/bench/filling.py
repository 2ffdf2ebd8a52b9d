"""A store as it is after years: posts in a natural vocabulary, judged, most quiet, many waiting,
some decided, some in stories of several posts. The same on SQLite and PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import text

from classifiers.types import LABELS, Assessment, LabelScore, SchoolLink
from connectors.types import Mention
from monitor.store import mentions, records
from monitor.store.database import Store, Tx

START = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=326)
BATCH = 10_000
COMMON = (
    "school", "the", "parents", "head", "gate", "morning", "bus", "uniform", "sports", "open",
    "sporty", "trip", "lunch", "report", "teacher", "fair", "music", "year", "winner", "road",
)  # fmt: skip
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "han", "jel", "kim", "lor", "mun", "pe", "ra", "sti")
WORDS = 4_000
WORDS_A_POST = 38
SIGNATURE = 512
"""Bytes."""
PLATFORMS = ("web", "web", "web", "bluesky", "mastodon", "reddit")


def fill(store: Store, rows: int, *, schools: tuple[str, ...], sources: tuple[str, ...]) -> None:
    """Put `rows` judged mentions, a batch at least, into an empty store, and index their words."""
    vocabulary = _vocabulary()
    for first in range(0, rows, BATCH):
        chance = random.Random(first)  # noqa: S311  (benchmark data, not a secret)
        batch = range(first, min(first + BATCH, rows))
        with store.begin() as tx:
            posts = _posts(batch, rows, chance, vocabulary)
            mentions.ingest(tx, chance.choice(sources), posts, START)
            _judge(tx, first, chance.choice(schools))


def _vocabulary() -> tuple[list[str], list[float]]:
    """Words, and how often each comes, added up: as in any language, few often and most seldom."""
    chance = random.Random(1)  # noqa: S311
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(WORDS)}
    words = [*COMMON, *sorted(made)]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def _posts(
    batch: range, rows: int, chance: random.Random, vocabulary: tuple[list[str], list[float]]
) -> Iterator[Mention]:
    """In the order in which they were found; what they say was posted up to two days before."""
    words, often = vocabulary
    for n in batch:
        said = " ".join(chance.choices(words, cum_weights=often, k=WORDS_A_POST))
        found = START + SPAN * n / rows
        yield Mention(
            platform=chance.choice(PLATFORMS),
            external_id=f"https://site.example/{chance.getrandbits(64):x}/{n}",
            url=f"https://site.example/{n}",
            title=f"Title {n}",
            text=f"Post {n} {said}",
            published_at=found - timedelta(seconds=chance.randrange(2 * 86_400)),
            fetched_at=found,
            kind="article",
        )


def _judge(tx: Tx, first: int, school: str) -> None:
    """A third is flagged, a tenth of them decided, one of fifty is a copy of the one before."""
    new = {
        "first": first,
        "school": school,
        "payload": _payload(school),
        "signature": bytes(SIGNATURE),
    }
    for statement in (
        "INSERT INTO story (id, exact, signature, size, lead_id, started_at) "
        "SELECT id, identity, :signature, CASE WHEN id % 50 = 0 THEN 2 ELSE 1 END, id, "
        "fetched_at FROM mention WHERE id > :first AND (id % 50 <> 1 OR id = 1)",
        "UPDATE mention SET severity = CASE WHEN id % 3 = 0 THEN id / 3 % 4 + 1 ELSE 0 END, "
        "flags = CASE WHEN id % 3 = 0 THEN ' reputation ' ELSE '' END, "
        "story_id = CASE WHEN id % 50 = 1 AND id > 1 THEN id - 1 ELSE id END, "
        "state = CASE WHEN id % 50 = 1 AND id > 1 THEN 'folded' WHEN id % 30 = 0 THEN 'decided' "
        "WHEN id % 3 = 0 THEN 'open' ELSE 'quiet' END WHERE id > :first",
        "INSERT INTO assessment (mention_id, payload, model_version, assessed_at) "
        "SELECT id, :payload, 'bench', fetched_at FROM mention WHERE id > :first",
        "INSERT INTO mention_school (school_id, mention_id, certainty) "
        "SELECT :school, id, 'certain' FROM mention WHERE id > :first",
        "INSERT INTO decision (mention_id, outcome, note, decided_by, decided_at, previous_state) "
        "SELECT id, CASE WHEN id % 60 = 0 THEN 'no_action' ELSE 'watch' END, '', 'Bench', "
        "fetched_at + id % 100 * 600000000, 'open' FROM mention "
        "WHERE id > :first AND id % 30 = 0 AND state = 'decided'",
        'INSERT INTO verdict (mention_id, label, holds, "by", at) '
        "SELECT mention_id, 'reputation', mention_id % 600 > 0, 'Bench', decided_at FROM decision "
        "WHERE mention_id > :first AND mention_id % 300 = 0",
        "INSERT INTO mention_words (rowid, words) SELECT id, lower(title || ' ' || text) "
        "FROM mention WHERE id > :first",
    ):
        names = [name for name in new if f":{name}" in statement]
        tx.execute(text(statement), {name: new[name] for name in names})


def _payload(school: str) -> str:
    scores = tuple(LabelScore(label=one, probability=0.5, threshold=0.6) for one in LABELS)
    flagged = (LabelScore(label="reputation", probability=0.7, threshold=0.5), *scores[1:])
    link = SchoolLink(school_id=school, certainty="certain", score=0.9)
    judged = Assessment(schools=(link,), scores=flagged, severity="high", model_version="bench")
    payload: dict[str, Any] = records.dump_assessment(judged)
    return records.dump_json(payload)
