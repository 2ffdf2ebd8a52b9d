"""A small invented configuration, in files that a test may spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import ConfigError, Problem
from config.loading import load

TRUST = """\
[trust]
id = "penrowan"
name = "Penrowan Learning Trust"
aliases = ["Penrowan Trust"]
places = ["Wexcombe", "Upper Thorle"]

[trust.contacts]
head_of_pr = "pr@penrowan.example"

[[schools]]
id = "edith-pennick"
name = "Edith Pennick School"
town = "Wexcombe"
aliases = ["Edith Pennick", "the Pennick"]
hashtags = ["#EdithPennick"]

[schools.contacts]
headteacher = "head@edith-pennick.example"

[[schools]]
id = "thorle-green"
name = "Thorle Green Primary School"
town = "Upper Thorle"
aliases = ["Thorle Green"]
"""

SOURCES = """\
[[sources]]
id = "wexcombe-post"
kind = "rss"
name = "Wexcombe Post"
options = { url = "https://news.wexcombe.example/feed" }
"""

SETTINGS = """\
[mail]
host = "mail.penrowan.example"
sender = "monitor@penrowan.example"

[fetch]
contact = "it@penrowan.example"
"""

DECISION = """\
[decision]
purpose = "To know what is said of the Trust."
lawful_basis = "Public task"
dpia_reference = "DPIA-7"
notice = "https://penrowan.example/privacy"
retention = "As in [retention]"
approver = "The board"
approved_on = 2026-09-01
"""

FILES = {
    "trust.toml": TRUST,
    "sources.toml": SOURCES,
    "settings.toml": SETTINGS,
    "decision.toml": DECISION,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a configuration that loads and is ready to collect."""
    home = tmp_path / "conf"
    home.mkdir()
    for name, text in FILES.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def change(folder: Path) -> Callable[[str, str, str], None]:
    """Replace a piece of one file, which must be there, by another."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def problems(folder: Path) -> Callable[..., tuple[Problem, ...]]:
    """Load the folder, which must be refused; what was said."""

    def refused(**environ: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as caught:
            load(folder, environ)
        return caught.value.problems

    return refused
