"""A console with a sign-in, and a provider of ours behind it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from httpx import Client, Response
from pydantic import SecretStr

from config.loading import read_people
from config.settings import Settings
from connectors.fetch.client import Fetcher
from monitor.access.signin import DONE, Provider
from monitor.store import audit
from monitor.web.app import create_app
from tests.doubles.consoles import Scene, served
from tests.doubles.openid import CALLBACK, CLIENT, SECRET, TENANT, OpenId, provider

PEOPLE = """\
[sign_in]
issuer = "{issuer}"
client_id = "{client}"
tenant_claim = "tid"
tenant = "{tenant}"
allow = ["{place}"]

[[people]]
name = "Odile Fairhurst-Okoro"
subject = "subject-pr"
roles = ["pr", "dpo"]

[[people]]
name = "Ottoline Varga-Penrose"
subject = "subject-head"
roles = ["headteacher"]
schools = ["edith-pennick"]
"""


@dataclass
class Place:
    """A console with a sign-in, and its provider; `url` is how people reach the console."""

    scene: Scene
    openid: OpenId
    folder: Path
    url: str = "http://127.0.0.1:8000"
    address: str = field(default="", init=False)

    @property
    def people(self) -> Path:
        return self.folder / "people.toml"

    def settings(self) -> Settings:
        """As read from the folder."""
        settings = self.scene.settings
        console = settings.console.model_copy(update={"url": self.url})
        changed = {
            "people": read_people(self.folder, settings.trust),
            "directory": self.folder,
            "console": console,
            "secrets": {"sign_in_client_secret": SecretStr(SECRET)},
        }
        return settings.model_copy(update=changed)

    def browser(self) -> Client:
        return Client(base_url=self.address, trust_env=False, timeout=20)

    def at_provider(self, browser: Client, begin: str = "/sign-in/begin") -> str:
        """To the provider and to the door back, which is not opened yet: its address."""
        leaves = browser.get(begin)
        assert leaves.status_code == 303
        back = browser.get(leaves.headers["location"])
        assert back.status_code == 302
        assert back.headers["location"].startswith(f"{CALLBACK}?")
        parts = urlsplit(back.headers["location"])
        return f"{DONE}?{parts.query}"

    def sign_in(self, browser: Client, begin: str = "/sign-in/begin") -> Response:
        return browser.get(self.at_provider(browser, begin))

    def record(self) -> list[tuple[str, str]]:
        with self.scene.store.read() as tx:
            return [(one.actor, one.action) for one in audit.listing(tx, 20)]

    def sessions(self) -> list[bytes]:
        with sqlite3.connect(self.folder / "monitor.db") as other:
            rows = [row[0] for row in other.execute("SELECT digest FROM session")]
        other.close()
        return rows


@contextmanager
def opened(scene: Scene, folder: Path, people: str = PEOPLE) -> Iterator[Place]:
    with provider(scene.clock) as openid:
        made = Place(scene, openid, folder)
        text = people.format(
            issuer=openid.issuer, client=CLIENT, tenant=TENANT, place=openid.site.place
        )
        made.people.write_text(text, encoding="utf-8")
        with console_of(made) as made.address:
            yield made


def console_of(place: Place) -> AbstractContextManager[str]:
    settings = place.settings()
    assert settings.people.sign_in
    place.scene.settings = settings
    unpaced = settings.fetch.model_copy(update={"host_spacing": timedelta(0)})
    made = Provider(
        settings.people.sign_in,
        secret=SECRET,
        redirect_uri=CALLBACK,
        fetcher=Fetcher(unpaced),
        clock=place.scene.clock,
    )
    return served(create_app(place.scene.console(provider=made)))


def token_of(page: Response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def is_in(browser: Client) -> bool:
    status = browser.get("/").status_code
    assert status in (200, 303)
    return status == 200
