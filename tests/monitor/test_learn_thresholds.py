"""From verdicts on labels to thresholds that count from the next start, never to worse ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from classifiers.duplicates import fingerprint
from classifiers.learning.thresholds import Said, choose
from classifiers.types import Assessment, LabelScore
from config.loading import load
from connectors.types import Mention
from monitor.cli import cli
from monitor.store import assessments, mentions, verdicts
from monitor.store.database import Store, Tx
from tests.doubles.surroundings import Surroundings

NOW = datetime.now(UTC)


def given(tx: Tx, number: int, probability: float, *, holds: bool) -> None:
    """A post of its own, judged with this probability of a threat, and what was said of it."""
    text = f"post {number} " + " ".join(f"w{number}x{n}" for n in range(12))
    post = Mention(
        platform="web", external_id=text, url="https://posts.example/", text=text,
        published_at=NOW, fetched_at=NOW,
    )  # fmt: skip
    mentions.ingest(tx, "tried", [post], NOW)
    (waiting,) = mentions.pending(tx, 10)
    score = LabelScore(label="threat", probability=probability, threshold=0.3)
    judged = Assessment(scores=(score,), severity="low", model_version="tried")
    assessments.save(tx, waiting.mention_id, judged, fingerprint(text), NOW)
    verdicts.give(tx, waiting.mention_id, {"threat": holds}, by="A", now=NOW)


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Sixty verdicts: below 0.53 every flag was wrong, above every one was right."""
    address = f"sqlite:///{tmp_path / 'verdicts.db'}"
    store = Store(address, busy_timeout=timedelta(seconds=5))
    store.migrate()
    with store.begin() as tx:
        for number in range(30):
            given(tx, number, 0.42 + number / 300, holds=False)
            given(tx, 100 + number, 0.58 + number / 150, holds=True)
    store.close()
    return address


def learn(surroundings: Surroundings, database: str, *more: str) -> Result:
    where = ["--config", str(surroundings.config), "--database", database]
    return CliRunner().invoke(cli, ["learn", *where, *more])


def test_verdicts_move_a_threshold_that_the_next_start_uses(
    surroundings: Surroundings, database: str
) -> None:
    before = load(surroundings.config, {}).policy
    said = learn(surroundings, database)
    assert said.exit_code == 0
    assert "threat: threshold" in said.output
    assert load(surroundings.config, {}).policy == before
    assert "learnt.toml" in learn(surroundings, database, "--write").output
    after = load(surroundings.config, {}).policy
    assert 0.5 <= after.labels["threat"].threshold <= 0.59
    assert after.labels["hate"] == before.labels["hate"]


def test_what_was_learnt_of_links_stays_when_only_thresholds_are_learnt(
    surroundings: Surroundings, database: str
) -> None:
    (surroundings.config / "learnt.toml").write_text('[matching]\n"full name" = 4.5\n', "utf-8")
    learn(surroundings, database, "--write")
    policy = load(surroundings.config, {}).policy
    assert policy.matching == {"full name": 4.5}
    assert policy.labels["threat"].threshold >= 0.5


def test_verdicts_that_speak_for_the_threshold_in_use_leave_it() -> None:
    said = [Said(probability=0.2 + 0.6 * (n % 2), holds=bool(n % 2)) for n in range(60)]
    choice = choose(said, 0.5)
    assert choice is not None
    assert choice.threshold == 0.5
    assert choice.before == choice.after == 1


def test_a_threshold_never_passes_what_the_policy_builds_on_it() -> None:
    said = [Said(probability=0.4 + 0.4 * (n % 2), holds=bool(n % 2)) for n in range(60)]
    choice = choose(said, 0.3, most=0.5)
    assert choice is not None
    assert 0.4 < choice.threshold <= 0.5


def test_verdicts_without_sense_are_not_taken_for_better() -> None:
    said = [Said(probability=(n * 37 % 100) / 100, holds=n * 53 % 7 < 2) for n in range(84)]
    choice = choose(said, 0.3)
    assert choice is not None
    assert choice.after <= choice.before + 0.05


def test_a_few_verdicts_or_verdicts_of_one_kind_teach_nothing() -> None:
    assert choose([Said(probability=0.9, holds=True)] * 39, 0.5) is None
    assert choose([Said(probability=0.9, holds=True)] * 200, 0.5) is None
