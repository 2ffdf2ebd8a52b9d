"""The doctor says which key a switched-on source still needs, and never shows one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from tests.doubles.surroundings import Surroundings

KEY = "AIza-something-long-of-ours"
SOURCE = """
[[sources]]
id = "videos"
kind = "youtube"
name = "YouTube"
"""


def examined(surroundings: Surroundings, tmp_path: Path) -> str:
    where = ["--config", str(surroundings.config), "--database", f"sqlite:///{tmp_path / 'a.db'}"]
    return CliRunner().invoke(cli, ["doctor", *where]).output


def test_a_missing_key_is_told_with_where_to_put_it(
    surroundings: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "youtube_key" not in examined(surroundings, tmp_path)
    sources = surroundings.config / "sources.toml"
    sources.write_text(sources.read_text("utf-8") + SOURCE, "utf-8")
    said = examined(surroundings, tmp_path)
    assert "MEND key: youtube_key is missing, for YouTube" in said
    assert "TRUST_MONITOR_SECRET_YOUTUBE_KEY" in said
    monkeypatch.setenv("TRUST_MONITOR_SECRET_YOUTUBE_KEY", KEY)
    said = examined(surroundings, tmp_path)
    assert "ok   key: youtube_key is there" in said
    assert KEY not in said
