"""Where `monitor run` may be reached from, before anything is opened."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli

SIGN_IN = """\
[sign_in]
issuer = "https://login.harrowmere.example"
client_id = "trust-monitor"
"""
TRUST = """\
[trust]
id = "penrowan"
name = "Penrowan Learning Trust"

[[schools]]
id = "edith-pennick"
name = "Edith Pennick School"
town = "Wexcombe"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust.toml").write_text(TRUST, encoding="utf-8")
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    (tmp_path / "people.toml").write_text(SIGN_IN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "monitor.harrowmere.example"])
def test_where_nobody_signs_in_it_is_for_this_machine_alone(folder: Path, host: str) -> None:
    (folder / "people.toml").unlink()
    for where in (["--config", str(folder)], ["--sample"]):
        said = CliRunner().invoke(cli, ["run", *where, "--host", host])
        assert said.exit_code == 2
        assert "nobody has to sign in here" in said.stderr


def test_the_sample_is_for_this_machine_alone_whatever_people_toml_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    said = CliRunner().invoke(cli, ["run", "--sample", "--host", "0.0.0.0"])
    assert said.exit_code == 2
    assert "nobody has to sign in here" in said.stderr


def test_a_sign_in_without_its_secret_is_refused(folder: Path) -> None:
    said = CliRunner().invoke(cli, ["run", "--config", str(folder), "--host", "0.0.0.0"])
    assert said.exit_code == 2
    assert "sign_in_client_secret" in said.stderr


def test_with_a_sign_in_it_may_be_reached_by_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on to look whether the port is free, which it is not here."""
    monkeypatch.setenv("TRUST_MONITOR_SECRET_SIGN_IN_CLIENT_SECRET", "a-secret-of-ours")
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        more = ["--host", "0.0.0.0", "--port", port]
        said = CliRunner().invoke(cli, ["run", "--config", str(folder), *more])
    assert said.exit_code == 2
    assert f"Port {port} cannot be used" in said.stderr


@pytest.fixture
def two(folder: Path) -> Path:
    """Two trusts with a sign-in and its secret each, and addresses of one name."""
    for trust in ("penrowan", "harrowmere"):
        (folder / trust).mkdir()
        for name in ("trust.toml", "sources.toml", "people.toml"):
            text = (folder / name).read_text(encoding="utf-8").replace("penrowan", trust)
            (folder / trust / name).write_text(text, encoding="utf-8")
        address(folder / trust, "https://monitor.schools.example")
    for name in ("trust.toml", "sources.toml", "people.toml"):
        (folder / name).unlink()
    return folder


def address(folder: Path, url: str) -> None:
    (folder / "settings.toml").write_text(f'[console]\nurl = "{url}"\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda at: None, "monitor.schools.example is that of harrowmere"),
        (lambda at: address(at, "https://localhost"), "localhost is this machine's own"),
        (lambda at: (at / "people.toml").unlink(), "penrowan: several consoles need a sign-in"),
    ],
    ids=["one name twice", "no name", "no sign-in"],
)
def test_of_several_consoles_each_has_a_name_and_a_sign_in(
    two: Path, harm: Callable[[Path], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUST_MONITOR_SECRET_SIGN_IN_CLIENT_SECRET", "Quite-unlikely-7")
    harm(two / "penrowan")
    run = CliRunner().invoke(cli, ["web", "--config", str(two)])
    assert (run.exit_code, said in run.stderr) == (2, True), run.stderr
