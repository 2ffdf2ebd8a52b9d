"""The command line as a person at a terminal meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import COMMANDS, cli
from monitor.commands.options import DATA_DIRECTORY

PROGRAM = "from monitor.cli import main; main()"


def monitor(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_command_with_what_it_is_for(tmp_path: Path) -> None:
    said = monitor(tmp_path, "--help")
    assert said.returncode == 0
    for name, (_, summary) in COMMANDS.items():
        assert f"  {name} " in said.stdout
        assert summary in " ".join(said.stdout.split())


def test_help_answers_without_a_language_model_or_a_web_server(tmp_path: Path) -> None:
    heavy = "import sys\nfrom monitor import cli\nprint({'spacy', 'fastapi'} & set(sys.modules))"
    said = subprocess.check_output([sys.executable, "-c", heavy], cwd=tmp_path, text=True)
    assert said.strip() == "set()"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    said = CliRunner().invoke(cli, [name, "--help"])
    assert (said.exit_code, said.stderr) == (0, "")
    assert f" {name} " in said.stdout.partition("\n")[0]


def test_a_damaged_database_is_said_in_words(tmp_path: Path) -> None:
    assert monitor(tmp_path, "sources", "--sample").returncode == 0
    with (tmp_path / DATA_DIRECTORY / "sample.db").open("r+b") as file:
        file.write(b"not what it was" * 1_000)
    said = monitor(tmp_path, "sources", "--sample")
    assert said.returncode == 1
    assert said.stderr.strip() == (
        "The database file is damaged: put the last good copy in its place."
    )


def test_a_wrong_key_is_shown_with_its_line_and_nothing_is_started(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[mail]\nhots = 'mail.example'\n", encoding="utf-8")
    said = monitor(tmp_path, "run", "--config", str(tmp_path))
    assert said.returncode == 2
    assert "settings.toml:2: mail.hots" in said.stderr
    assert not (tmp_path / "var").exists()
