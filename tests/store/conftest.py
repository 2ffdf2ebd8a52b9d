"""A store of its own, in a file and on PostgreSQL, and what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as text_clause

from classifiers.duplicates import fingerprint
from classifiers.types import Assessment, LabelScore, SchoolLink, Severity
from connectors.types import Mention
from monitor.store import assessments, mentions
from monitor.store.assessments import Saved
from monitor.store.database import Store, Tx
from tests.doubles.postgresql import Postgresql

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url, busy_timeout=timedelta(seconds=10))
    opened.migrate()
    yield opened
    opened.close()


FILES_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is asked of the database's files."""


def by_hand(store: Store, *statements: str) -> None:
    """What somebody does who has the database, behind our back."""
    with store.begin() as tx:
        for statement in statements:
            assert tx.execute(text_clause(statement)).rowcount >= 1


def post(name: str, text: str = "", *, at: datetime = NOW, platform: str = "web") -> Mention:
    return Mention(
        platform=platform,
        external_id=name,
        url=f"https://posts.example/{name}",
        text=text or f"Post {name}",
        title="",
        published_at=at,
        fetched_at=NOW,
    )


def judged(severity: Severity = "medium") -> Assessment:
    """Flagged unless it is of no severity at all."""
    score = LabelScore(label="reputation", probability=0.9, threshold=0.5)
    return Assessment(
        schools=(SchoolLink(school_id="hill", certainty="certain", score=0.99),),
        scores=() if severity == "none" else (score,),
        severity=severity,
        model_version="tried",
    )


def taken_in(tx: Tx, *posts: Mention) -> list[int]:
    """The posts stored; the ids of all that wait for assessment."""
    mentions.ingest(tx, "tried", posts, NOW)
    return [one.mention_id for one in mentions.pending(tx, 10_000)]


def queued(
    tx: Tx,
    one: Mention,
    assessment: Assessment | None = None,
    *,
    now: datetime = NOW,
    is_alarming: bool = False,
) -> tuple[int, Saved]:
    """One post stored and assessed."""
    (mention_id,) = taken_in(tx, one)
    made, words = assessment or judged(), fingerprint(one.text)
    saved = assessments.save(tx, mention_id, made, words, now, is_alarming=is_alarming)
    assert saved is not None
    return mention_id, saved
