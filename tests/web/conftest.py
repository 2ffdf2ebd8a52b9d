"""A console over a real store with invented posts, on a real server, and a client for it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from classifiers.pipeline import Classifier, build
from connectors.fetch.client import Fetcher
from monitor import sample
from monitor.context import Context
from tests.doubles.consoles import Filled, Scene, empty_scene, served
from tests.web.signin_place import Place, opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scene]:
    with empty_scene(tmp_path) as scene:
        yield scene


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled.made_in(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def full(tmp_path: Path, filled: Filled) -> Iterator[Scene]:
    with filled.copied_to(tmp_path) as scene:
        yield scene


@pytest.fixture
def place(empty: Scene, tmp_path: Path) -> Iterator[Place]:
    """A console with a sign-in."""
    with opened(empty, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all the tests in which nobody comes in."""
    folder = tmp_path_factory.mktemp("besieged")
    with empty_scene(folder) as scene, opened(scene, folder) as made:
        yield made


def client(address: str) -> httpx.Client:
    """What a browser is to the console: no proxy, and redirects are looked at."""
    return httpx.Client(base_url=address, trust_env=False, timeout=20, follow_redirects=False)


@pytest.fixture
def browsing() -> Iterator[Callable[..., httpx.Client]]:
    """Opens a scene's console and a client for it."""
    with ExitStack() as stack:

        def opened(scene: Scene, *, is_sample: bool = True) -> httpx.Client:
            address = stack.enter_context(served(scene.app(is_sample=is_sample)))
            return stack.enter_context(client(address))

        yield opened


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory, filled: Filled) -> Iterator[httpx.Client]:
    """One console with all posts for every test that only looks."""
    with (
        filled.copied_to(tmp_path_factory.mktemp("console")) as scene,
        served(scene.app()) as address,
        client(address) as opened,
    ):
        yield opened


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """The real one, for the sample's trust; loaded once."""
    settings = sample.settings({}, tmp_path_factory.mktemp("classifier"))
    return build(settings.trust, settings.policy)


Working = Callable[[Scene], Context]


@pytest.fixture
def working(classifier: Classifier) -> Working:
    """What the tasks need to work on a scene."""

    def made(scene: Scene) -> Context:
        return Context(
            settings=scene.settings,
            store=scene.store,
            classifier=lambda: classifier,
            fetcher=Fetcher(scene.settings.fetch),
            channels={},
            other_channels={},
            clock=scene.clock,
        )

    return made


@pytest.fixture(scope="session")
def token() -> Callable[[httpx.Client], str]:
    """The token that the console's own pages carry."""

    def read(client: httpx.Client) -> str:
        found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
        assert found
        return found[1]

    return read


@pytest.fixture
def decide(token: Callable[[httpx.Client], str]) -> Callable[..., httpx.Response]:
    """Send a decision as the queue's own form does."""

    def send(
        client: httpx.Client, number: int, outcome: str = "no_action", **more: str
    ) -> httpx.Response:
        form = {"token": token(client), "outcome": outcome, "state": "open", **more}
        return client.post(f"/mentions/{number}/decision", data=form)

    return send
