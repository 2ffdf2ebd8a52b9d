"""Real Chromium on a real console."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from monitor import review
from tests.doubles.consoles import REVIEWER, Filled, Scene, served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
IN_A_CASE = "gates 3.15"
PATIENCE = 30_000  # milliseconds: others may be at work on the machine

expect.set_options(timeout=PATIENCE)

Visit = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with its module: while Playwright is open, its event loop occupies the thread, and
    no test of another module could run one of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled.made_in(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of; a test that provokes something clears it."""
    return []


@pytest.fixture
def visit(chromium: Browser, complaints: list[str]) -> Visit:
    """A page in a browser of its own; at the end nothing may have been refused, have failed or
    been fetched from elsewhere."""

    @contextmanager
    def visited(address: str, **more: Any) -> Iterator[Page]:
        usual = {"viewport": {"width": 1280, "height": 900}, "base_url": address}
        context = chromium.new_context(**{**usual, **more})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend(_errors(said)))
        page.on("request", lambda sent: complaints.extend(_elsewhere(sent, address)))
        yield page
        context.close()
        assert complaints == []

    return visited


def _errors(said: ConsoleMessage) -> list[str]:
    return [said.text] if said.type == "error" else []


def _elsewhere(sent: Request, address: str) -> list[str]:
    return [] if sent.url.startswith(address) else [sent.url]


@pytest.fixture
def scene(tmp_path: Path, filled: Filled) -> Iterator[Scene]:
    with filled.copied_to(tmp_path) as made:
        yield made


@pytest.fixture
def page(scene: Scene, visit: Visit) -> Iterator[Page]:
    """The queue of a console of one's own, to be worked on."""
    with served(scene.app()) as address, visit(address) as opened:
        opened.goto("/")
        yield opened


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory, filled: Filled) -> Iterator[str]:
    """The address of one console for every test that only looks."""
    folder = tmp_path_factory.mktemp("shown")
    with filled.copied_to(folder) as scene, served(scene.app()) as address:
        _open_case(scene, scene.number_of(IN_A_CASE))
        yield address


def _open_case(scene: Scene, number: int) -> None:
    review.decide(scene.store, number, "open_case", "", seen="open", by=REVIEWER, now=scene.now)


@pytest.fixture
def look(shown: str, visit: Visit) -> Iterator[Page]:
    """A page of a console that nobody changes, still empty."""
    with visit(shown) as opened:
        yield opened
