"""Every page says for whom it is, and is for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from httpx import Client

from config.people import CONSOLE_ROLES, ConsoleRole
from monitor.sample.personas import PERSONAS
from monitor.web import app as console_app
from monitor.web import menu
from monitor.web.deps import SampleLinks
from monitor.web.pages import help as help_page
from monitor.web.viewer import Viewer, admissions, room
from tests.doubles.consoles import Filled, Scene, served

OPEN = {
    "/what-we-monitor", "/what-we-monitor/document.pdf",
    "/privacy-notice", "/privacy-notice/document.pdf",
    "/report", "/report/{key}", "/report/{key}/received/{reference}", "/seen/{reply}",
    "/healthz", "/readyz", "/health", "/health/work", "/sample/persona",
    "/sign-in", "/sign-in/begin", "/sign-in/done", "/sign-out",
    "/sign-in/break-glass", "/bounces",
}  # fmt: skip
"""What may be reached without being anybody."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, filled: Filled) -> Iterator[str]:
    with filled.copied_to(tmp_path_factory.mktemp("roles")) as scene:
        links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
        with served(console_app.create_app(scene.console(links=links))) as at:
            yield at


def played(address: str, role: ConsoleRole) -> Client:
    return Client(base_url=address, cookies={"persona": role}, trust_env=False, timeout=20)


def routes() -> list[APIRoute]:
    pages = (*console_app.PAGES, *console_app.PUBLIC_PAGES, *console_app.UPLOADS)
    return [one for page in pages for one in page.router.routes if isinstance(one, APIRoute)]


def roles_of(route: APIRoute) -> frozenset[ConsoleRole] | None:
    """None: everybody."""
    named = [one.roles for one in admissions(route.dependant) if one.roles]
    return frozenset.intersection(*named) if named else None


def test_every_route_says_for_whom_it_is() -> None:
    assert len(routes()) > 25
    for route in routes():
        assert admissions(route.dependant), route.path


def test_only_these_are_for_everybody() -> None:
    assert {route.path for route in routes() if roles_of(route) is None} == OPEN


def test_no_route_is_for_nobody() -> None:
    assert [route.path for route in routes() if roles_of(route) == frozenset()] == []


def test_a_console_with_a_page_for_nobody_in_particular_is_not_made(
    empty: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = APIRouter()
    careless.get("/careless")(lambda: "everything")
    monkeypatch.setattr(help_page, "router", careless)
    with pytest.raises(TypeError, match="/careless"):
        empty.app()
    with pytest.raises(TypeError, match="name roles"):
        room()


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_each_role_opens_its_pages_and_no_other(address: str, role: ConsoleRole) -> None:
    looks = [
        (route.path, roles_of(route) or CONSOLE_ROLES)
        for route in routes()
        if "GET" in (route.methods or ()) and "{" not in route.path and route.path != "/queue/new"
    ]
    with played(address, role) as client:
        for path, roles in looks:
            status = client.get(path).status_code
            if role not in roles:
                assert status == (303 if path == "/" else 403), (path, status)
            else:
                assert status in (200, 303, 404), (path, status)


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_what_a_role_sees_in_the_menu_it_may_open(address: str, role: ConsoleRole) -> None:
    viewer = Viewer(name="A", subject="a", roles=frozenset({role}))
    entries = [entry for group in menu.shown(viewer) for entry in group.entries]
    assert entries
    with played(address, role) as client:
        for entry in entries:
            assert client.get(entry.href).status_code == 200, entry.href
        page = client.get("/", follow_redirects=True).text
    assert all(f'href="{entry.href}"' in page for entry in entries)


def test_every_entry_of_the_menu_is_a_page_that_its_roles_may_open() -> None:
    known = {route.path: roles_of(route) for route in routes()}
    for group in menu.MENU:
        for entry in group.entries:
            roles = known[entry.href]
            assert roles is None or set(entry.roles) <= roles, entry.href


def test_changes_of_others_are_refused_before_anything_is_looked_up(address: str) -> None:
    """The same answer for a mention that is there and one that is not."""
    others: tuple[ConsoleRole, ...] = ("it", "dpo", "staff")
    for role in others:
        with played(address, role) as client:
            answers = [client.get(f"/mentions/{number}") for number in (1, 999_999)]
            assert {answer.status_code for answer in answers} == {303 if role == "it" else 403}
            # what is asked of IT by a mail stands on a page of their own
            assert {answer.headers.get("location", "/blocks") for answer in answers} == {"/blocks"}
            assert answers[0].text == answers[1].text


def test_one_begins_the_sample_as_the_pr_officer_and_may_play_others(address: str) -> None:
    with Client(base_url=address, trust_env=False, timeout=20, follow_redirects=True) as client:
        first = client.get("/")
        assert "Review queue" in first.text
        assert PERSONAS[0].viewer.name in first.text
        token = first.text.split('name="token" value="')[1].split('"')[0]
        played = client.post("/sample/persona", data={"token": token, "persona": "it"})
        assert played.url.path == "/sources"
        assert client.get("/audit").status_code == 403
        nobody = client.post("/sample/persona", data={"token": token, "persona": "chair"})
        assert nobody.status_code == 404


def test_nobody_is_played_outside_the_sample(empty: Scene, tmp_path: Path) -> None:
    with served(empty.app(is_sample=False)) as at, played(at, "it") as client:
        page = client.get("/audit")
        assert page.status_code == 200
        assert "Play somebody else" not in page.text
        token = client.get("/try").text.split('name="token" value="')[1].split('"')[0]
        form = {"token": token, "persona": "pr"}
        assert client.post("/sample/persona", data=form).status_code == 404
