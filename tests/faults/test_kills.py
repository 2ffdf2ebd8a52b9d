"""Killed by signal 9 at a numbered step, then started again: nothing lost, nothing doubled."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.surroundings import POSTS, Surroundings

FEEDS = 2
EVERY_POST = sorted(f"urn:post:{feed}:{n}" for feed in (1, 2) for n in range(len(POSTS)))


def trials(surroundings: Surroundings, folder: Path, *, first: int, stride: int, limit: int) -> Any:
    arguments = [str(surroundings.config), str(folder), str(first), str(stride), str(limit)]
    program = "from tests.faults.chain import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=3000,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(runs: list[dict[str, Any]], surroundings: Surroundings) -> None:
    whole = [run for run in runs if "failed" not in run]
    assert whole == runs
    expected = whole[-1]
    assert expected["mentions"] == EVERY_POST
    for run in whole:
        assert run["integrity"] == ["ok"], run["step"]
        assert run["mentions"] == EVERY_POST, run["step"]
        assert "new" not in run["states"], run["step"]
        assert run["deliveries"] == expected["deliveries"], run["step"]
        assert run["delivery_states"] == ["sent"], run["step"]
        assert run["decisions"] == 1, run["step"]
    assert len(surroundings.arrived) == len(expected["deliveries"])


def test_killed_at_a_few_steps_of_the_chain_nothing_is_lost_or_doubled(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    runs = trials(surroundings, tmp_path, first=23, stride=197, limit=60)
    assert len(runs) >= 4
    assert any(run["killed"] for run in runs)
    assert not runs[-1]["killed"]
    check(runs, surroundings)


@pytest.mark.soak
def test_killed_at_every_step_of_the_chain_nothing_is_lost_or_doubled(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    runs = trials(surroundings, tmp_path, first=1, stride=1, limit=5_000)
    assert len(runs) >= 50
    assert not runs[-1]["killed"]
    check(runs, surroundings)
