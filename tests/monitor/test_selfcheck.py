"""Policy 6.15: private, own name only, nothing kept."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from classifiers.pipeline import Classifier, build
from config.loading import load
from config.settings import Source
from connectors.types import Batch, Mention, NotMeasured, Query
from monitor import selfcheck
from monitor.sample.personas import STAFF
from tests.doubles.surroundings import Surroundings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PERSON = selfcheck.Person(
    name="Ottoline Prewett-Bashir", school="Larkmere Hill School", place="Larkmere", role="teacher"
)


def source(name: str) -> Source:
    return Source(id=name, kind="wordpress", name=name, self_check=True)


def mention(text: str) -> Mention:
    return Mention(
        platform="web",
        external_id=text,
        url="https://site.example/1",
        text=text,
        published_at=NOW,
        fetched_at=NOW,
    )


def judge(surroundings: Surroundings) -> Classifier:
    settings = load(surroundings.config, {})
    return build(settings.trust, settings.policy)


def test_only_the_persons_own_name_is_asked_for_and_only_what_names_them_is_shown(
    surroundings: Surroundings,
) -> None:
    asked: list[tuple[str, ...]] = []

    async def ask(one: Source, query: Query) -> Batch:
        asked.append(query.terms)
        if one.name == "down":
            return Batch(health=NotMeasured("Unreachable", "no answer"))
        return Batch(
            mentions=(
                mention("Ottoline Prewett-Bashir, teacher at Larkmere Hill School, won a prize"),
                mention("Ottoline Prewett-Bashir grows dahlias"),
                mention("Somebody else at Larkmere Hill School"),
            )
        )

    checked = selfcheck.check(
        PERSON, [source("search"), source("down")], ask=ask, classifier=judge(surroundings)
    )
    assert set(asked) == {("Ottoline Prewett-Bashir",)}
    assert [found.because for found in checked.found] == [
        ("your school", "your town", "your role"),
        (),
    ]
    assert checked.read == ("search",)
    assert checked.not_measured == (("down", "no answer"),)


def test_a_check_in_the_sample_leaves_nothing_of_it_behind(tmp_path: Path) -> None:
    program = "from monitor.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "selfcheck", "--sample"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert STAFF.name in done.stdout
    assert "Probably you" in done.stdout
    assert "namesake" in done.stdout
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    surname = STAFF.name.split()[-1].encode()
    assert [path.name for path in kept if surname in path.read_bytes()] == []
    assert not any(path.suffix == ".db" for path in kept)
    assert surname.decode() not in done.stderr
