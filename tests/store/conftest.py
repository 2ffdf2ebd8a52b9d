"""A store in a file of its own, and what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifiers.duplicates import fingerprint
from classifiers.types import Assessment, LabelScore, SchoolLink, Severity
from connectors.types import Mention
from monitor.store import assessments, mentions
from monitor.store.assessments import Saved
from monitor.store.database import Store, Tx

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'monitor.db'}", busy_timeout=timedelta(seconds=10))
    opened.migrate()
    yield opened
    opened.close()


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
    tx: Tx, one: Mention, assessment: Assessment | None = None, *, now: datetime = NOW
) -> tuple[int, Saved]:
    """One post stored and assessed."""
    (mention_id,) = taken_in(tx, one)
    saved = assessments.save(tx, mention_id, assessment or judged(), fingerprint(one.text), now)
    assert saved is not None
    return mention_id, saved
