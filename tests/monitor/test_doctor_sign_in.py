"""The doctor asks the provider as the console does, and says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from tests.doubles.certificates import TLS, serving_tls
from tests.doubles.loopback import Asked, Reply, as_json, serving
from tests.doubles.surroundings import Surroundings

SECRET = "TRUST_MONITOR_SECRET_SIGN_IN_CLIENT_SECRET"
PEOPLE = """\
[sign_in]
issuer = "{address}"
client_id = "x"
allow = ["{place}"]
"""
Change = Callable[[dict[str, Any]], object]


def examined(
    surroundings: Surroundings, tmp_path: Path, change: Change | None = None, keys: str = "a"
) -> str:
    """What the doctor says of the sign-in, beside a provider whose document was changed."""
    document: dict[str, Any] = {}

    def answer(asked: Asked) -> Reply:
        if asked.path == "/keys":
            return as_json({"keys": list(keys)})
        return as_json(document) if document else Reply(body=b"<html>", status=200)

    with serving(answer, tls=serving_tls("good.pem")) as site:
        if change:
            document |= {"issuer": site.address, "jwks_uri": f"{site.address}/keys"}
            document |= dict.fromkeys(("authorization_endpoint", "token_endpoint"), site.address)
            change(document)
        people = PEOPLE.format(address=site.address, place=site.place)
        (surroundings.config / "people.toml").write_text(people, "utf-8")
        return doctor(surroundings, tmp_path)


def doctor(surroundings: Surroundings, tmp_path: Path) -> str:
    where = ["--config", str(surroundings.config), "--database", f"sqlite:///{tmp_path / 'a.db'}"]
    return CliRunner().invoke(cli, ["doctor", *where]).output


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "good.pem"))
    monkeypatch.setenv(SECRET, "s3cret-of-ours")


def test_where_nobody_signs_in_that_is_said(surroundings: Surroundings, tmp_path: Path) -> None:
    assert "ok   sign-in: nobody signs in" in doctor(surroundings, tmp_path)


def test_a_provider_that_is_well_is_said_with_the_way_back(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    said = examined(surroundings, tmp_path, lambda _: None)
    assert "answers, and says what it must" in said
    assert "/sign-in/done" in said
    assert "opt  break-glass administrator: there is none" in said
    assert "MEND sign-in: people.toml names nobody yet" in said
    assert "s3cret-of-ours" not in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(issuer="https://other.example"), "calls itself https://other.example"),
        (lambda d: d.update(issuer=7), "calls itself nothing"),
        (lambda d: d.pop("token_endpoint"), "names no token_endpoint"),
        (lambda d: d.update(response_types_supported=["id_token"]), "does not offer the code flow"),
        (lambda d: d.update(response_types_supported=[{}]), "does not offer the code flow"),
        (
            lambda d: d.update(id_token_signing_alg_values_supported=["HS256"]),
            "does not offer a signature we check",
        ),
        (lambda d: d.update(code_challenge_methods_supported=["plain"]), "knows no PKCE by S256"),
        (lambda d: d.update(jwks_uri=f"{d['issuer']}/nothing-there"), "keys of the provider"),
        (None, "does not tell of itself (what came is no JSON)"),
    ],
)
def test_what_is_wrong_is_said(
    surroundings: Surroundings, tmp_path: Path, change: Change | None, says: str
) -> None:
    said = examined(surroundings, tmp_path, change)
    (line,) = (one for one in said.splitlines() if says in one)
    assert line.startswith("MEND sign-in: ")
    assert "says what it must" not in said


def test_a_provider_without_keys_and_one_that_is_not_there_are_said(
    surroundings: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "there are none" in examined(surroundings, tmp_path, lambda _: None, keys="")
    monkeypatch.delenv(SECRET)
    said = doctor(surroundings, tmp_path)
    assert "MEND sign-in: the provider does not tell of itself (" in said
    assert f"set {SECRET}" in said


def test_an_envelope_is_made_shown_once_and_taken_away(tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        database = f"sqlite:///{tmp_path / 'a.db'}"
        said = CliRunner().invoke(cli, ["break-glass", *words, "--database", database])
        return said.exit_code, said.stdout.strip()

    assert run("show") == (1, "There is none: monitor break-glass set makes one.")
    code, password = run("set", "--role", "it", "--role", "it")
    assert code == 0
    assert [len(one) for one in password.split("-")] == [4] * 6
    assert run("set")[1] != password
    code, said = run("show")
    assert code == 0
    assert said.endswith("never used; roles: executive, it.")
    assert run("remove")[0] == 0
    assert run("remove")[0] == 1
    assert run("set", "--role", "headteacher")[0] == 2
