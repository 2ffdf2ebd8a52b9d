"""A capture that is killed by signal 9 is made once all the same, sealed whole, and received."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.consoles import empty_scene
from tests.doubles.loopback import serving
from tests.evidence.conftest import Studio, as_page, context
from tests.evidence.test_case_evidence import opened

AFTER = ["shown"]


def trials(tmp_path: Path, *, first: int, stride: int, limit: int) -> list[dict[str, Any]]:
    with empty_scene(tmp_path) as scene, serving(lambda asked: as_page()) as site:
        studio = Studio(scene=scene, ctx=context(scene, (site.place,)), site=site, pages={})
        opened(studio, studio.mention())
        scene.store.close()
        work = tmp_path / "trials"
        work.mkdir()
        numbers = [str(number) for number in (first, stride, limit)]
        database = str(tmp_path / "monitor.db")
        program = "from tests.faults.capturing import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program, database, site.place, str(work), *numbers],
            cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
            timeout=3000,
        )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def check(runs: list[dict[str, Any]]) -> None:
    assert any(run["killed"] for run in runs)
    for run in runs:
        assert "failed" not in run, run
        assert (run["fault"], run["broken_case"]) == ("", ""), run
        assert run["pages"] == AFTER, run
        assert run["orders"] == ["done"], run
        assert run["receipts"] == [1], run


def test_killed_at_a_few_steps_a_capture_is_made_once_and_whole(tmp_path: Path) -> None:
    check(trials(tmp_path, first=9, stride=74, limit=2))


@pytest.mark.soak
def test_killed_at_every_step_a_capture_is_made_once_and_whole(tmp_path: Path) -> None:
    runs = trials(tmp_path, first=1, stride=1, limit=5_000)
    check(runs)
    assert not runs[-1]["killed"]
