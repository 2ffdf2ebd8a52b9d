"""Signing in at a real provider (oidc-provider) with a real browser, as people do it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pydantic import SecretStr

from config.loading import read_people
from connectors.fetch.client import Fetcher
from monitor.access import devicecode, signin_check
from monitor.access.signin import DONE, SECRET, Provider
from monitor.web.app import create_app
from monitor.wiring import provider_door, utc_now
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.doubles.consoles import Scene, empty_scene, served
from tests.doubles.openid import CLIENT, TENANT
from tests.peers.openid import NotThere, oidc_provider
from tests.web.test_sessions_page import GROUPED

pytestmark = pytest.mark.browser
SAID = "s3cret-of-ours-that-is-long-enough"
PEOPLE = {"a-new-head": {"name": "Rosalind Achterberg", "groups": ["heads-of-pennick"]}}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Scene]]:
    """A console that signs people in there; its address."""
    folder = tmp_path_factory.mktemp("openid")
    with ExitStack() as stack:
        bound = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        told = {"client": CLIENT, "secret": SAID, "tenant": TENANT}
        try:
            issuer = stack.enter_context(
                oidc_provider(**told, redirect=f"{address}{DONE}", people=PEOPLE)
            )
        except NotThere as error:
            pytest.skip(f"NOT TESTED: {error}, so no real OpenID Connect provider")
        scene = stack.enter_context(empty_scene(folder))
        _people(scene, folder, issuer, address)
        sign_in = scene.settings.people.sign_in
        assert sign_in
        made = Provider(
            sign_in, secret=SAID, redirect_uri=f"{address}{DONE}", clock=utc_now,
            fetcher=_door(scene),
        )  # fmt: skip
        app = create_app(replace(scene.console(provider=made), clock=utc_now))
        yield stack.enter_context(served(app, bound)), scene


def _people(scene: Scene, folder: Path, issuer: str, address: str) -> None:
    place = issuer.removeprefix("http://")
    written = GROUPED.format(issuer=issuer, client=CLIENT, tenant=TENANT, place=place)
    (folder / "people.toml").write_text(written, encoding="utf-8")
    settings = scene.settings
    scene.settings = settings.model_copy(
        update={
            "people": read_people(folder, settings.trust),
            "directory": folder,
            "secrets": {SECRET: SecretStr(SAID)},
            "console": settings.console.model_copy(update={"url": address}),
        }
    )


def _door(scene: Scene) -> Fetcher:
    return provider_door(scene.settings)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def at_the_provider(chromium: Browser, address: str, login: str) -> Iterator[Page]:
    """Signed in there and back, in a browser of one's own that reaches loopback alone."""
    context = chromium.new_context(base_url=address)
    context.set_default_timeout(30_000)
    context.route(lambda url: not url.startswith("http://127.0.0.1:"), lambda route: route.abort())
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Go to the sign-in").click()
    page.get_by_placeholder("login").fill(login)
    page.get_by_placeholder("password").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{address}/**")
    yield page
    context.close()


def test_one_signs_in_there_and_out_here(place: tuple[str, Scene], chromium: Browser) -> None:
    address, _ = place
    with at_the_provider(chromium, address, "subject-pr") as page:
        expect(page.get_by_role("heading", name="Review queue")).to_be_visible()
        page.get_by_role("link", name="Odile Fairhurst-Okoro").click()
        expect(page.get_by_role("row", name="Chrome on Linux")).to_have_count(1)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="sign out of your account").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        page.wait_for_url(f"{address}/sign-in*")
        page.get_by_role("link", name="Go to the sign-in").click()
        expect(page.get_by_placeholder("login")).to_be_visible()
        page.goto("/sign-in")
        page.goto("/sources")
        expect(page.get_by_role("link", name="Go to the sign-in")).to_be_visible()


def test_a_group_there_is_a_role_here(place: tuple[str, Scene], chromium: Browser) -> None:
    address, _ = place
    with at_the_provider(chromium, address, "a-new-head") as page:
        expect(page.get_by_role("link", name="Rosalind Achterberg")).to_be_visible()
        assert page.goto("/audit").status == 403  # type: ignore[union-attr]


def test_a_stranger_is_told_how_to_get_in(place: tuple[str, Scene], chromium: Browser) -> None:
    address, _ = place
    with at_the_provider(chromium, address, "a-stranger") as page:
        expect(page.get_by_role("alert")).to_contain_text("not among the people")
        expect(page.get_by_text("a-stranger")).to_be_visible()


def test_a_code_shown_at_a_terminal_is_confirmed_in_a_browser(
    place: tuple[str, Scene], chromium: Browser
) -> None:
    _, scene = place
    sign_in = scene.settings.people.sign_in
    assert sign_in
    terminal = Provider(sign_in, secret=SAID, redirect_uri="", clock=utc_now, fetcher=_door(scene))
    with ThreadPoolExecutor() as apart:
        code = apart.submit(devicecode.begin, terminal).result()
        arrival = apart.submit(devicecode.wait, terminal, code, lambda _: time.sleep(0.2))
        with chromium.new_context() as context:
            page = context.new_page()
            page.goto(code.address)
            page.locator("input[name=user_code]").fill(code.shown)
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_text(code.shown)).to_be_visible()
            page.get_by_role("button", name="Continue").click()
            page.get_by_placeholder("login").fill("subject-pr")
            page.get_by_placeholder("password").fill("anything")
            page.get_by_role("button", name="Sign-in").click()
            page.get_by_role("button", name="Continue").click()
            assert arrival.result(60).subject == "subject-pr"


def test_the_doctor_finds_it_well(place: tuple[str, Scene]) -> None:
    _, scene = place
    with ThreadPoolExecutor() as apart:  # the browser's event loop holds this thread
        check = signin_check.check
        said = apart.submit(lambda: list(check(scene.settings, _door(scene)))).result()
    assert [one for one in said if one.mend] == []
    assert any("says what it must" in one.state for one in said)
