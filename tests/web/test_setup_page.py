"""The set-up as a page writes the same files, and is closed once the decision is complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx import Client, Response

from config.loading import load
from config.national import register
from monitor.setup import proposals
from tests.doubles.consoles import Scene
from tests.monitor.test_national import DOWNLOAD

Browsing = Callable[..., Client]
Token = Callable[[Client], str]


def test_schools_are_found_chosen_and_written(
    empty: Scene, browsing: Browsing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    client = browsing(empty)
    page = client.get("/setup", params={"find": "primary exeter"}).text
    token = page.split('name="token" value="')[1].split('"')[0]
    urn = proposals.search(register(), "primary exeter")[0].urn
    assert f'value="{urn}"' in page
    form = {"token": token, "trust": "Invented <b>Trust</b>", "schools": urn}
    saved = client.post("/setup", data={**form, "find": "leeds"})
    assert saved.status_code == 200
    assert "Invented &lt;b&gt;Trust" in saved.text
    assert "15 answers still to be given" in saved.text
    assert f'value="{urn}" checked' in saved.text
    assert not (tmp_path / "trust-config" / "trust.toml").exists()
    done = client.post("/setup", data={**form, "finish": "1"})
    assert done.status_code == 303
    shown = client.get(done.headers["location"]).text
    assert "Still to be recorded" in shown
    assert "1 school of Invented &lt;b&gt;Trust" in shown
    assert "monitor run --config trust-config" in shown
    assert load(tmp_path / "trust-config", {}).trust.schools[0].urn == urn
    again = client.post("/setup", data={**form, "finish": "1"})
    assert again.status_code == 422
    assert "would be replaced" in again.text
    for one in ({"it": "not an address"}, {"other_names": "Harriet Blackwood"}):
        assert client.post("/setup", data={**form, **one}).status_code == 422


def test_a_complete_set_up_is_shown_and_no_more_changed_here(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty, is_sample=False)
    assert "The decision to process" in client.get("/setup").text
    assert client.post("/setup", data={"token": token(client)}).status_code == 404


def test_the_departments_download_gives_a_whole_trust_at_once(
    empty: Scene, browsing: Browsing, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    client = browsing(empty)
    form = {"token": token(client)}
    assert "Find your trust" not in client.get("/setup").text

    def brought(content: bytes, given: dict[str, str] = form) -> Response:
        file = {"download": ("edubasealldata.csv", content, "text/csv")}
        return client.post("/setup/register", data=given, files=file)

    wrong = brought(b"PK\x03\x04")
    assert (wrong.status_code, "Unpack it" in wrong.text) == (422, True)
    assert brought(DOWNLOAD.encode("cp1252"), {"token": "another"}).status_code == 403
    assert brought(DOWNLOAD.encode("cp1252")).status_code == 303
    found = client.post("/setup", data={**form, "find_trust": "penrowan"}).text
    assert "Take its 2 schools" in found
    taken = client.post("/setup", data={**form, "all_of": "16999"}).text
    for urn in ("300001", "300002"):
        assert f'value="{urn}" checked' in taken
    listed = client.post("/setup", data={**form, "listed": "300004\nNowhere School"}).text
    assert 'value="300004" checked' in listed
    assert "Nowhere School: no school of the register" in listed
    many = client.post("/setup", data={**form, "take_all": "wendshire hill"}).text
    assert 'value="300005" checked' in many
