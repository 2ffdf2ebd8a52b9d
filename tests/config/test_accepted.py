"""Kinds that somebody must answer for stay off until the configuration says who does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config.errors import ConfigError, Problem
from config.loading import load
from monitor.commands.options import settings_of

SOURCE = """
[[sources]]
id = "search"
kind = "searxng"
name = "Our search"
allow = ["127.0.0.1:8888"]
options = { address = "http://127.0.0.1:8888" }
"""
SIGNED = """
[[accepted]]
kind = "searxng"
by = "Odile Fairhurst, Director of IT"
on = 2026-11-02
reason = "A small instance for us alone."
"""


@pytest.fixture
def with_search(folder: Path) -> Path:
    path = folder / "sources.toml"
    path.write_text(path.read_text("utf-8") + SOURCE, "utf-8")
    return folder


def refused(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        settings_of(folder, is_sample=False, database=None)
    return caught.value.problems


def test_an_unsigned_kind_is_refused_with_its_terms_and_what_to_write(with_search: Path) -> None:
    (problem,) = refused(with_search)
    assert problem.file.endswith("sources.toml")
    assert (problem.key, problem.line) == ("sources[search].kind", 9)
    assert "which most of them forbid" in problem.message
    assert "accepted.toml" in problem.mend
    assert 'kind = "searxng"' in problem.mend


def test_switched_off_it_may_stand_there(with_search: Path) -> None:
    path = with_search / "sources.toml"
    path.write_text(path.read_text("utf-8") + "enabled = false\n", "utf-8")
    assert settings_of(with_search, is_sample=False, database=None).accepted == ()


def test_signed_it_is_known_who_and_when(with_search: Path) -> None:
    (with_search / "accepted.toml").write_text(SIGNED, "utf-8")
    (one,) = settings_of(with_search, is_sample=False, database=None).accepted
    assert (one.kind, one.by, one.on) == (
        "searxng",
        "Odile Fairhurst, Director of IT",
        date(2026, 11, 2),
    )


@pytest.mark.parametrize("kind", ["searxgn", "rss"])
def test_what_needs_no_signature_is_told(folder: Path, kind: str) -> None:
    (folder / "accepted.toml").write_text(SIGNED.replace("searxng", kind), "utf-8")
    (problem,) = refused(folder)
    assert problem.file.endswith("accepted.toml")
    assert problem.key == "accepted #1.kind"
    assert "searxng" in problem.mend


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("Odile Fairhurst, Director of IT", "TBC", "by"),
        ("A small instance for us alone.", " ", "reason"),
        ("2026-11-02", '"soon"', "on"),
        ("2026-11-02", "2026-11-02\nuntil = 2027-01-01", "until"),
    ],
)
def test_a_form_that_nobody_filled_in_is_no_signature(
    folder: Path, problems: Callable[..., tuple[Problem, ...]], old: str, new: str, key: str
) -> None:
    (folder / "accepted.toml").write_text(SIGNED.replace(old, new), "utf-8")
    assert [one.key.rpartition(".")[2] for one in problems()] == [key]


def test_one_kind_is_signed_once(folder: Path) -> None:
    (folder / "accepted.toml").write_text(SIGNED * 2, "utf-8")
    with pytest.raises(ConfigError, match="accepted twice"):
        load(folder, {})
