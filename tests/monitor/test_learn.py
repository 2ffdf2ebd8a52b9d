"""From decisions in the console to weights that count from the next start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from classifiers.duplicates import fingerprint
from classifiers.matching.weights import load as shipped
from classifiers.types import Assessment, Reason, SchoolLink
from config.loading import load
from connectors.types import Mention
from monitor import learning
from monitor.cli import cli
from monitor.commands.options import settings_of
from monitor.store import assessments, decisions, mentions
from monitor.store.database import Store, Tx
from monitor.store.judged import JudgedMention
from monitor.store.views import Outcome
from tests.doubles.surroundings import Surroundings

NOW = datetime.now(UTC)
PARK = ("name like a place's", "school word in the text", "its place")
GATES = ("name like a place's", "school word beside it", "its place")


def link(school_id: str, *terms: str) -> SchoolLink:
    reasons = tuple(Reason(name=term, weight=shipped().terms[term]) for term in terms)
    return SchoolLink(school_id=school_id, certainty="certain", score=0.9, reasons=reasons)


def decided(tx: Tx, number: int, terms: tuple[str, ...], outcome: Outcome) -> None:
    """A post of its own story, judged to be about the school for these reasons, decided on."""
    text = f"{outcome} {number} " + " ".join(f"w{number}x{n}" for n in range(12))
    said = Mention(
        platform="web", external_id=text, url="https://posts.example/", text=text,
        published_at=NOW, fetched_at=NOW,
    )  # fmt: skip
    mentions.ingest(tx, "tried", [said], NOW)
    (waiting,) = mentions.pending(tx, 10)
    judged = Assessment(schools=(link("hill", *terms),), severity="low", model_version="tried")
    assessments.save(tx, waiting.mention_id, judged, fingerprint(text), NOW)
    decisions.record(tx, waiting.mention_id, outcome, "", seen="open", by="A", now=NOW)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'learnt.db'}"


def fill(database: str, count: int) -> None:
    store = Store(database, busy_timeout=timedelta(seconds=5))
    store.migrate()
    with store.begin() as tx:
        for number in range(count):
            decided(tx, number, PARK, "not_about_us")
            decided(tx, number, GATES, "no_action")
    store.close()


def learn(surroundings: Surroundings, database: str, *more: str) -> Result:
    where = ["--config", str(surroundings.config), "--database", database]
    return CliRunner().invoke(cli, ["learn", *where, *more])


def test_decisions_become_weights_that_the_next_start_uses(
    surroundings: Surroundings, database: str
) -> None:
    fill(database, 40)
    said = learn(surroundings, database)
    assert said.exit_code == 0
    assert "school word in the text" in said.output
    assert "80 links" in said.output
    assert load(surroundings.config, {}).policy.matching == {}
    said = learn(surroundings, database, "--write")
    assert "learnt.toml" in said.output
    learnt = settings_of(surroundings.config, is_sample=False, database=None).policy.matching
    assert learnt["school word in the text"] < shipped().terms["school word in the text"]
    assert learnt["school word beside it"] > shipped().terms["school word beside it"]
    assert sum(learnt[term] for term in PARK) < 0 < sum(learnt[term] for term in GATES)


def test_too_few_decisions_teach_nothing_and_the_command_says_how_many_it_wants(
    surroundings: Surroundings, database: str
) -> None:
    fill(database, 2)
    said = learn(surroundings, database, "--write")
    assert said.exit_code == 0
    assert "at least 40" in said.output
    assert not (surroundings.config / "learnt.toml").exists()


def test_the_samples_own_settings_are_never_written_to() -> None:
    said = CliRunner().invoke(cli, ["learn", "--sample", "--write"])
    assert said.exit_code == 2


def test_a_learnt_weight_that_was_turned_round_stops_the_service_with_its_line(
    surroundings: Surroundings,
) -> None:
    path = surroundings.config / "learnt.toml"
    path.write_text('[matching]\n"another faith" = 2.0\n', "utf-8")
    said = CliRunner().invoke(cli, ["sources", "--config", str(surroundings.config)])
    assert "learnt.toml:2: matching.another faith" in str(said.exception)


def test_only_what_a_decision_says_of_a_link_counts() -> None:
    one = JudgedMention(
        assessment=Assessment(schools=(link("hill", "full name"),)), outcome="open_case"
    )
    two = replace(one, assessment=Assessment(schools=(*one.assessment.schools, link("dale"))))
    told = learning.verdicts([one, two, replace(one, outcome=None)])
    assert [verdict.is_meant for verdict in told] == [True]
    told = learning.verdicts([replace(two, outcome="not_about_us")])
    assert [verdict.is_meant for verdict in told] == [False, False]
