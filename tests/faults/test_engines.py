"""One suite for both engines: killed at the same points, nothing is lost, nothing is told twice."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.postgresql import Postgresql
from tests.doubles.surroundings import POSTS, Surroundings

EVERY_POST = sorted(f"urn:post:{feed}:{n}" for feed in (1, 2) for n in range(len(POSTS)))
HARMS = {"local": ("kill90", "none"), "distributed": ("kill90", "cut75", "none")}
Trials = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def trials(request: pytest.FixtureRequest, surroundings: Surroundings, tmp_path: Path) -> Trials:
    def run(engine: str, *harms: str) -> list[dict[str, Any]]:
        databases = str(tmp_path)
        if engine == "distributed":
            server: Postgresql = request.getfixturevalue("postgresql")
            databases = server.admin_url
        program = "from tests.faults.engines import main; main()"
        arguments = [engine, str(surroundings.config), databases, ",".join(harms)]
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
            timeout=3000,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def told(run: dict[str, Any]) -> list[str]:
    """Who was told of which post; both feeds have the same posts, and the first to come is told."""
    return sorted(one.removeprefix("urn:post:")[2:] for one in run["told"])


def check(runs: list[dict[str, Any]]) -> None:
    expected = told(runs[-1])
    assert expected
    for run in runs:
        harm = run["harm"]
        assert run["ended"] == 0, harm
        assert run["mentions"] == EVERY_POST, harm
        assert "new" not in run["states"], harm
        assert told(run) == expected, harm
        assert run["delivery_states"] == ["sent"], harm
        assert not run["held"], harm


@pytest.mark.parametrize("engine", HARMS)
def test_killed_or_cut_off_in_the_middle_nothing_is_lost_or_doubled(
    engine: str, trials: Trials
) -> None:
    runs = trials(engine, *HARMS[engine])
    assert [run["killed"] for run in runs] == [harm == "kill90" for harm in HARMS[engine]]
    check(runs)


@pytest.mark.soak
@pytest.mark.parametrize("engine", HARMS)
def test_killed_at_a_hundred_points_nothing_is_lost_or_doubled(engine: str, trials: Trials) -> None:
    runs = trials(engine, *(f"kill{step}" for step in range(5, 605, 6)), "none")
    assert sum(run["killed"] for run in runs) >= 50
    check(runs)


@pytest.mark.soak
def test_cut_off_at_a_hundred_points_nothing_is_lost_or_doubled(trials: Trials) -> None:
    """Also in the middle of a commit, of which nobody knows whether it was made."""
    check(trials("distributed", *(f"cut{step}" for step in range(5, 605, 6)), "none"))
