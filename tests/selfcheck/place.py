"""A console with a real sign-in, an engine of ours to search with, and the people of a trust."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from httpx import Client, Response
from pydantic import SecretStr

from classifiers.pipeline import Classifier
from config.loading import read_people
from config.selfcheck import SearchProvider, SelfCheckSettings
from connectors.fetch.client import Fetcher
from monitor.access.signin import DONE, Provider
from monitor.sample.platforms.websearch import Page, Searxng
from monitor.selfcheck.reminders import SECRET as KEY
from monitor.web.app import create_app
from monitor.web.deps import Console
from monitor.wiring import checks_of
from tests.doubles.consoles import Scene, empty_scene, served
from tests.doubles.loopback import Asked, Reply, serving
from tests.doubles.openid import CLIENT, SECRET, TENANT, OpenId, provider

PEOPLE = """\
[sign_in]
issuer = "{issuer}"
client_id = "{client}"
tenant_claim = "tid"
tenant = "{tenant}"
allow = ["{place}"]

[[people]]
name = "Perdita Quellmalz"
subject = "subject-staff"
roles = ["staff"]
schools = ["edith-pennick"]

[[people]]
name = "Odile Fairhurst-Okoro"
subject = "subject-pr"
roles = ["pr", "executive"]

[[people]]
name = "Ottoline Varga-Penrose"
subject = "subject-head"
roles = ["headteacher"]
schools = ["edith-pennick"]

[[people]]
name = "Barnaby Okonjo-Thrale"
subject = "subject-admin"
roles = ["it", "dpo"]
"""
STAFF = "Perdita Quellmalz"
MARKS = ("quellmalz-zzz", "Vexillology", "perditaq77", "scandalous")
"""Words of this check alone: where one of them stands, something of it has leaked."""
PAGES = (
    Page(
        url="https://chat.example/quellmalz-zzz",
        title="Edith Pennick School, geography",
        said="Perdita Quellmalz is a scandalous bully, she shouted at my son",
    ),
    Page(
        url="https://paper.example/prize",
        title="Averford teacher wins prize",
        said="Perdita Quellmalz of Edith Pennick School spoke on Vexillology",
    ),
    Page(
        url="https://bowls.example/cup",
        title="Bowls cup in Netherwick",
        said="Perdita Quellmalz, 81, retired, of Netherwick took the cup",
    ),
)


class Loosely(Searxng):
    """An engine that looks for the first phrase of what it is asked, as engines do."""

    def __call__(self, asked: Asked) -> Reply:
        first = asked.query["q"].split('" "')[0]
        return super().__call__(replace(asked, query={**asked.query, "q": first}))


@dataclass
class Place:
    scene: Scene
    openid: OpenId
    folder: Path
    engine: Loosely
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    def browser(self) -> Client:
        return Client(base_url=self.address, trust_env=False, timeout=30)

    @contextmanager
    def signed_in(self, subject: str) -> Iterator[Client]:
        self.openid.subject = subject
        with self.browser() as browser:
            leaves = browser.get("/sign-in/begin?to=/selfcheck")
            back = browser.get(leaves.headers["location"])
            assert browser.get(back.headers["location"]).status_code == 303
            yield browser


@contextmanager
def opened(folder: Path, classifier: Classifier) -> Iterator[Place]:
    engine = Loosely(*PAGES)
    asked: list[Asked] = []

    def heard(one: Asked) -> Reply:
        asked.append(one)
        return engine(one)

    with empty_scene(folder) as scene, provider(scene.clock) as openid, serving(heard) as site:
        bound = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        openid.callback = f"{address}{DONE}"
        _configure(scene, folder, openid, site.address, address)
        place = Place(scene, openid, folder, engine, asked, address)
        with served(create_app(_console(place, classifier)), bound):
            yield place


def _configure(scene: Scene, folder: Path, openid: OpenId, engine: str, address: str) -> None:
    text = PEOPLE.format(
        issuer=openid.issuer, client=CLIENT, tenant=TENANT, place=openid.site.place
    )
    (folder / "people.toml").write_text(text, encoding="utf-8")
    settings = scene.settings
    one = SearchProvider(
        id="own",
        kind="searxng",
        name="Our own search",
        accepted_by="P. Lindqvist-Rowe, IT",
        accepted_on=date(2026, 9, 1),
        terms="https://engine.example/terms",
        allow=(engine.removeprefix("http://"),),
        options={"address": engine},
    )
    other = one.model_copy(
        update={"id": "dead", "name": "Another engine", "options": {"address": f"{engine}/gone"}}
    )
    scene.settings = settings.model_copy(
        update={
            "people": read_people(folder, settings.trust),
            "directory": folder,
            "console": settings.console.model_copy(update={"url": address}),
            "secrets": {
                "sign_in_client_secret": SecretStr(SECRET),
                KEY: SecretStr("a-key-of-this-test-and-of-nobody-else"),
            },
            "self_check": SelfCheckSettings(providers=(one, other), searches_a_run=4, runs_a_day=2),
            "fetch": settings.fetch.model_copy(
                update={"host_spacing": timedelta(0), "deadline": timedelta(seconds=20)}
            ),
        }
    )


def _console(place: Place, classifier: Classifier) -> Console:
    settings = place.scene.settings
    assert settings.people.sign_in
    signing = Provider(
        settings.people.sign_in,
        secret=SECRET,
        redirect_uri=place.openid.callback,
        fetcher=Fetcher(settings.fetch),
        clock=place.scene.clock,
    )
    checks = checks_of(settings, place.scene.store, lambda: classifier, place.scene.clock)
    return replace(place.scene.console(provider=signing), checks=checks)


def token_of(page: Response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found, page.text[:300]
    return found[1]
