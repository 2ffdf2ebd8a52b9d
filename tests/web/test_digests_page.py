"""Digests are shown as they would be sent, to those whose they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx import Client

from config.people import ConsoleRole
from monitor.sample.personas import PERSONAS
from monitor.web.app import create_app
from monitor.web.deps import Persona, SampleLinks
from monitor.web.viewer import Viewer
from tests.doubles.consoles import Filled, Scene, served

PENNICK = {"kind": "daily", "to": "head@edithpennick.example"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, filled: Filled) -> Iterator[tuple[Scene, str]]:
    with filled.copied_to(tmp_path_factory.mktemp("digests")) as scene:
        links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
        with served(create_app(scene.console(links=links))) as address:
            yield scene, address


def played(address: str, role: ConsoleRole) -> Client:
    return Client(base_url=address, cookies={"persona": role}, trust_env=False, timeout=20)


def test_pr_sees_the_brief_and_every_head_s_in_both_widths_and_as_text(
    at: tuple[Scene, str],
) -> None:
    scene, address = at
    with played(address, "pr") as client:
        page = client.get("/digests")
        assert page.status_code == 200
        assert "Morning brief," in page.text
        assert page.text.count("<iframe") == 2
        for one in scene.settings.trust.enabled_schools:
            assert one.contacts.headteacher in page.text
        head = client.get("/digests", params=PENNICK)
        assert "wait for a decision." in head.text


def test_the_frame_holds_the_mail_alone_and_runs_nothing(at: tuple[Scene, str]) -> None:
    _, address = at
    with played(address, "pr") as client:
        mail = client.get("/digests/mail", params=PENNICK)
        assert "sandbox" in mail.headers["Content-Security-Policy"]
        assert "script-src" not in mail.headers["Content-Security-Policy"]
        assert mail.text.startswith("<!DOCTYPE html>") or mail.text.startswith("<!doctype html>")
        assert "token" not in mail.text
        assert client.get("/digests", params={"kind": "daily", "day": ""}).status_code == 200


def test_a_head_whose_school_nobody_wrote_down_sees_none(
    empty: Scene,
) -> None:
    nowhere = Viewer(name="A head", subject="a", roles=frozenset({"headteacher"}))
    persona = Persona(id="headteacher", seat="Headteacher", viewer=nowhere)
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=(persona,))
    with (
        served(create_app(empty.console(links=links))) as address,
        Client(base_url=address, trust_env=False) as client,
    ):
        page = client.get("/digests")
        assert page.status_code == 200
        assert "<iframe" not in page.text
        assert "head@" not in page.text
        assert client.get("/digests/mail", params=PENNICK).status_code == 404


def test_a_head_sees_their_own_and_no_other(at: tuple[Scene, str]) -> None:
    scene, address = at
    head = next(one.viewer for one in PERSONAS if one.viewer.roles == {"headteacher"})
    assert head.schools is not None
    with played(address, "headteacher") as client:
        page = client.get("/digests").text
        for one in scene.settings.trust.enabled_schools:
            assert (one.contacts.headteacher in page) == (one.id in head.schools)
        assert "Morning brief" not in page
        other = next(
            one for one in scene.settings.trust.enabled_schools if one.id not in head.schools
        )
        foreign = {"kind": "daily", "to": other.contacts.headteacher}
        assert client.get("/digests/mail", params=foreign).status_code == 404
        assert client.get("/digests/mail", params={"kind": "brief"}).status_code == 404


@pytest.mark.parametrize("role", ["it", "dpo", "staff", "safeguarding"])
def test_it_is_no_page_of_others(role: ConsoleRole, at: tuple[Scene, str]) -> None:
    with played(at[1], role) as client:
        assert client.get("/digests").status_code == 403
