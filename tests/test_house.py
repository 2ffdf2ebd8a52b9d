"""The house rules that a linter does not know."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from monitor.cli import COMMANDS

ROOT = Path(__file__).parents[1]
ROOMS = ("config", "connectors", "classifiers", "alerts", "monitor")
LONGEST_FUNCTION = 50
LONGEST_FILE = 500


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


def functions() -> Iterator[tuple[str, int]]:
    for path in python_files(*ROOMS):
        if "versions" in path.parts:  # a migration is a list of tables, not logic
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = len((ast.get_docstring(node) or "").splitlines())
                lines = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring
                yield f"{path.relative_to(ROOT)}:{node.name}", lines


def test_no_function_is_longer_than_a_screen() -> None:
    assert [name for name, lines in functions() if lines > LONGEST_FUNCTION] == []


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted(lines for _, lines in functions())
    assert lengths[int(len(lengths) * 0.9)] <= 27


def test_no_file_has_grown_past_its_subject() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in python_files(*ROOMS)
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
    assert long == []


def test_blind_excepts_stay_at_the_three_agreed_places() -> None:
    blind = [
        str(path.relative_to(ROOT))
        for path in python_files(*ROOMS)
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*except (Base)?Exception\b", line)
    ]
    assert len(blind) <= 3, blind


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_named_in_the_help_is_there(command: str) -> None:
    module, _, attribute = COMMANDS[command][0].partition(":")
    assert getattr(import_module(module), attribute).name == command


@pytest.mark.parametrize("command", list(COMMANDS))
def test_the_readme_or_handbook_explains_each_command(command: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "monitor" / "handbook").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert f"monitor {command}" in text


def test_what_is_committed_names_no_registry_and_no_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [
        name for name in listed.stdout.split("\0") if name.endswith((".lock", ".toml", "file"))
    ]
    marks = re.compile(r"--(extra-)?index-url|pypi\.org|pythonhosted|/home/|file://")
    found = [name for name in names if marks.search((ROOT / name).read_text(encoding="utf-8"))]
    assert found == []
