"""The units, the image and the compose file call commands that are there, as these are called."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from monitor.cli import COMMANDS

DEPLOY = Path(__file__).parents[2] / "config" / "deploy"


def calls() -> Iterator[tuple[str, list[str]]]:
    for unit in sorted(DEPLOY.glob("*.service")):
        line = re.search(r"^ExecStart=\S+/monitor (.+)$", unit.read_text("utf-8"), re.MULTILINE)
        assert line, unit.name
        yield unit.name, line[1].split()
    composed = (DEPLOY / "compose.yaml").read_text("utf-8")
    for found in re.findall(r"^    command: \[(.+)\]$", composed, re.MULTILINE):
        yield "compose.yaml", [part.strip().strip('"') for part in found.split(",")]


CALLS = list(calls())


@pytest.mark.parametrize(("where", "words"), CALLS, ids=[f"{a} {b[0]}" for a, b in CALLS])
def test_each_call_is_one_that_the_command_line_takes(where: str, words: list[str]) -> None:
    module, _, attribute = COMMANDS[words[0]][0].partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    with command.make_context(words[0], words[1:], resilient_parsing=False) as context:
        given = context.params.get("directories") or (context.params["directory"],)
        assert given == (Path("/etc/trust-monitor"),)


def test_every_part_has_its_unit_and_its_service() -> None:
    called = {(where == "compose.yaml", words[0]) for where, words in CALLS}
    assert {
        (one, part) for one in (True, False) for part in ("web", "scheduler", "worker", "stream")
    } < called


def test_the_image_holds_what_the_package_is_made_of() -> None:
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    for room in ("config", "connectors", "classifiers", "alerts", "monitor"):
        assert f"COPY {room} {room}" in image


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_units() -> None:
    units = sorted(map(str, [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]))
    said = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    ).stderr
    ours = [line for line in said.splitlines() if str(DEPLOY) in line or "trust-monitor" in line]
    assert [line for line in ours if "is not executable" not in line] == []
