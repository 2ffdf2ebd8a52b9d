"""Signing in at a real provider of ours over HTTP, and what is tried to get in without."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx import Client, Response
from pydantic import SecretStr

from config.loading import read_people
from config.settings import Settings
from connectors.fetch.client import Fetcher
from monitor.access.signin import DONE, Provider
from monitor.store import audit
from monitor.web.app import create_app
from monitor.web.pages.signin import own_address
from tests.doubles.consoles import Scene, empty_scene, served
from tests.doubles.openid import CALLBACK, CLIENT, SECRET, TENANT, OpenId, Slips, provider
from tests.web.test_roles import OPEN, routes

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


@pytest.fixture
def place(empty: Scene, tmp_path: Path) -> Iterator[Place]:
    with opened(empty, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place for all the tests in which nobody comes in."""
    folder = tmp_path_factory.mktemp("besieged")
    with empty_scene(folder) as scene, opened(scene, folder) as made:
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


def test_one_signs_in_looks_and_signs_out_and_it_is_on_record(place: Place) -> None:
    with place.browser() as browser:
        asked = browser.get("/")
        assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")
        page = browser.get("/sign-in")
        assert page.status_code == 200
        assert "Review queue" not in page.text
        assert 'name="token"' not in page.text
        done = place.sign_in(browser)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        queue = browser.get("/")
        assert "Odile Fairhurst-Okoro" in queue.text
        assert browser.get("/sign-in").status_code == 303
        key = browser.cookies["session"]
        left = browser.post("/sign-out", data={"token": token_of(queue)})
        assert left.headers["location"] == "/sign-in"
        assert not is_in(browser)
        browser.cookies.set("session", key)
        assert not is_in(browser)
    assert place.sessions() == []
    name = "Odile Fairhurst-Okoro"
    assert place.record() == [(name, "session.ended"), (name, "session.begun")]


def test_what_goes_to_the_provider_and_back(place: Place) -> None:
    with place.browser() as browser:
        begun = browser.get("/sign-in/begin")
        asked = {name: found[0] for name, found in parse_qs(begun.headers["location"]).items()}
        cookie = begun.headers["set-cookie"]
        key = browser.cookies["attempt"]
        assert asked["scope"] == "openid"
        assert asked["code_challenge_method"] == "S256"
        assert len({asked["state"], asked["nonce"], asked["code_challenge"], key}) == 4
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        place.sign_in(browser)
        assert place.sessions() == [hashlib.sha256(browser.cookies["session"].encode()).digest()]
        assert "attempt" not in browser.cookies


def test_each_sees_what_is_theirs(place: Place) -> None:
    place.openid.subject = "subject-head"
    with place.browser() as browser:
        place.sign_in(browser)
        assert "Ottoline Varga-Penrose" in browser.get("/").text
        assert browser.get("/audit").status_code == 403


def test_every_page_but_the_public_ones_needs_a_session(place: Place) -> None:
    with place.browser() as browser:
        for route in routes():
            if route.path in OPEN:
                continue
            address = re.sub(r"\{\w+(:\w+)?\}", "1", route.path)
            for method in route.methods or ():
                answer = browser.request(method, address)
                if method == "GET":
                    assert answer.status_code == 303, route.path
                    assert answer.headers["location"].startswith("/sign-in")
                else:
                    assert answer.status_code == 401, (method, route.path)
        script = browser.get("/queue/new?after=0", headers={"Accept": "application/json"})
        assert script.status_code == 401


def test_a_stranger_is_told_what_to_give_it_and_is_not_in(place: Place) -> None:
    place.openid.subject = "subject-of-nobody"
    with place.browser() as browser:
        answer = place.sign_in(browser)
        assert answer.status_code == 403
        assert "subject-of-nobody" in answer.text
        assert not is_in(browser)
    assert place.record() == []


def test_nobody_is_known_by_a_mail_address(place: Place) -> None:
    place.openid.subject = "somebody"
    place.openid.slips.claims = {"email": "subject-pr", "preferred_username": "subject-pr"}
    with place.browser() as browser:
        assert place.sign_in(browser).status_code == 403


WRONG = {
    "another nonce": Slips(claims={"nonce": "another"}),
    "no nonce": Slips(claims={"nonce": None}),
    "another audience": Slips(claims={"aud": "another-client"}),
    "others too": Slips(claims={"aud": [CLIENT, "another-client"]}),
    "no audience": Slips(claims={"aud": None}),
    "given to another": Slips(claims={"azp": "another-client"}),
    "another issuer": Slips(claims={"iss": "https://evil.example"}),
    "no issuer": Slips(claims={"iss": None}),
    "a foreign tenant": Slips(claims={"tid": "another-tenant"}),
    "no tenant": Slips(claims={"tid": None}),
    "the tenant of another provider": Slips(claims={"tid": None, "hd": TENANT}),
    "expired": Slips(claims={"exp": 1_000_000_000}),
    "no expiry": Slips(claims={"exp": None}),
    "an expiry in words": Slips(claims={"exp": "never"}),
    "issued tomorrow": Slips(claims={"iat": 4_000_000_000}),
    "not yet": Slips(claims={"nbf": 4_000_000_000}),
    "no subject": Slips(claims={"sub": None}),
    "a subject that is no text": Slips(claims={"sub": ["subject-pr"]}),
    "an endless subject": Slips(claims={"sub": "s" * 300}),
    "alg none": Slips(header={"alg": "none"}),
    "signed with the client's secret": Slips(header={"alg": "HS256"}),
    "signed by another": Slips(key="evil"),
    "another key's name": Slips(key="evil", header={"kid": "evil"}),
    "a key of its own": Slips(key="evil", header={"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
    "what must be understood": Slips(header={"crit": ["evil"], "evil": True}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_not_as_it_must_be_lets_nobody_in(besieged: Place, wrong: str) -> None:
    besieged.openid.slips = WRONG[wrong]
    with besieged.browser() as browser:
        answer = besieged.sign_in(browser)
        assert answer.status_code == 403
        assert "Begin the sign-in again" in answer.text
        assert "session" not in browser.cookies
        assert not is_in(browser)
    assert besieged.sessions() == []


def test_the_document_of_another_issuer_is_not_followed(place: Place) -> None:
    place.openid.slips.issuer = "https://evil.example"
    with place.browser() as browser:
        assert browser.get("/sign-in/begin").status_code == 503


def test_a_way_back_is_good_once(place: Place) -> None:
    with place.browser() as browser:
        back = place.at_provider(browser)
        attempt = browser.cookies["attempt"]
        assert browser.get(back).status_code == 303
        browser.cookies.clear()
        assert browser.get(back).status_code == 403
        browser.cookies.set("attempt", attempt)
        asked = len(place.openid.site.asked)
        assert browser.get(back).status_code == 403
        assert len(place.openid.site.asked) == asked


def test_a_way_back_is_good_for_ten_minutes(place: Place) -> None:
    with place.browser() as browser:
        back = place.at_provider(browser)
        place.scene.now += timedelta(minutes=11)
        assert browser.get(back).status_code == 403


def test_a_way_back_of_another_browser_signs_in_nobody(place: Place) -> None:
    """Else one could be made to work in the attacker's name (RFC 6749 10.12)."""
    with place.browser() as attacker, place.browser() as browser:
        back = place.at_provider(attacker)
        assert browser.get(back).status_code == 403
        place.at_provider(browser)
        assert browser.get(back).status_code == 403
        assert not is_in(browser)


@pytest.mark.parametrize("change", ["state", "code", "iss"])
def test_a_way_back_that_was_changed_signs_in_nobody(besieged: Place, change: str) -> None:
    with besieged.browser() as browser:
        back = re.sub(
            rf"\b{change}=[^&]+",
            f"{change}=https%3A%2F%2Fevil.example",
            besieged.at_provider(browser),
        )
        assert browser.get(back).status_code == 403
        assert browser.get(f"{DONE}?error=access_denied").status_code == 403


@pytest.mark.parametrize("evil", ["", "x", "é", "9" * 5000, "1.2.3", "-1.a.Lw", "1.a.%ff"])
def test_an_attempt_that_is_made_up_is_refused(besieged: Place, evil: str) -> None:
    with besieged.browser() as browser:
        headers = {b"Cookie": f"attempt={evil}".encode()}
        answer = browser.get(f"{DONE}?code=x&state=x", headers=headers)
        assert answer.status_code == 403


def test_a_session_that_was_put_into_the_browser_before_is_not_taken(place: Place) -> None:
    with place.browser() as browser:
        browser.cookies.set("session", "fixed-by-an-attacker")
        place.sign_in(browser)
        assert is_in(browser)
    with place.browser() as attacker:
        attacker.cookies.set("session", "fixed-by-an-attacker")
        assert not is_in(attacker)


def test_signing_in_anew_ends_the_session_before(place: Place) -> None:
    with place.browser() as browser, place.browser() as old:
        place.sign_in(browser)
        old.cookies.set("session", browser.cookies["session"])
        assert is_in(old)
        place.sign_in(browser)
        assert is_in(browser)
        assert not is_in(old)


def test_a_session_ends_without_use_and_after_its_longest_time(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        place.scene.now += timedelta(minutes=61)
        assert not is_in(browser)
        place.sign_in(browser)
        for _ in range(14):
            place.scene.now += timedelta(minutes=50)
            assert browser.get("/sign-in").status_code == 303
        place.scene.now += timedelta(minutes=50)
        assert not is_in(browser)


def test_an_open_queue_on_a_desk_that_was_left_keeps_no_session(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        for _ in range(5):
            place.scene.now += timedelta(minutes=11)
            assert browser.get("/queue/new?after=0").status_code == 200
        place.scene.now += timedelta(minutes=6)
        assert browser.get("/queue/new?after=0").status_code == 303
        assert not is_in(browser)


def test_who_is_taken_out_of_people_toml_is_out_at_once(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        assert is_in(browser)
        text = place.people.read_text("utf-8")
        place.people.write_text(text.replace("subject-pr", "subject-other"), encoding="utf-8")
        assert not is_in(browser)
        assert place.sign_in(browser).status_code == 403


def test_a_role_that_is_taken_away_is_away_at_once(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        assert browser.get("/audit").status_code == 200
        text = place.people.read_text("utf-8")
        place.people.write_text(text.replace(', "dpo"', ""), encoding="utf-8")
        assert browser.get("/audit").status_code == 403
        assert is_in(browser)


@pytest.mark.parametrize("broken", ["[[people", '[[people]]\nname = "A"\n', None])
def test_a_broken_people_toml_lets_in_nobody_until_it_is_mended(
    place: Place, broken: str | None
) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        text = place.people.read_text("utf-8")
        if broken is None:
            place.people.unlink()
        else:
            place.people.write_text(broken, encoding="utf-8")
        assert not is_in(browser)
        place.people.write_text(text, encoding="utf-8")
        assert is_in(browser)


ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "evil.example", "",
    "/" + "x" * 600, "/é", "/sign-in/begin",
)  # fmt: skip


@pytest.mark.parametrize("evil", ELSEWHERE)
def test_what_leads_elsewhere_becomes_the_beginning(evil: str) -> None:
    assert own_address(evil) == "/"


def test_one_is_never_led_elsewhere_after_the_sign_in(place: Place) -> None:
    for evil in ELSEWHERE:
        with place.browser() as browser:
            page = browser.get("/sign-in", params={"to": evil})
            assert "evil" not in page.text
            assert "alert" not in page.text
            leaves = browser.get("/sign-in/begin", params={"to": evil}).headers["location"]
            back = urlsplit(browser.get(leaves).headers["location"])
            done = browser.get(f"{DONE}?{back.query}")
            assert (done.status_code, done.headers["location"]) == (303, "/")


def test_one_comes_to_where_one_wanted_to_go(place: Place) -> None:
    with place.browser() as browser:
        asked = browser.get("/mentions/12?from=state%3Dopen").headers["location"]
        link = re.search(r'href="(/sign-in/begin[^"]+)"', browser.get(asked).text)
        assert link
        done = place.sign_in(browser, link[1])
        assert done.headers["location"] == "/mentions/12?from=state%3Dopen"


def test_a_place_to_go_that_was_changed_in_the_cookie_is_refused(place: Place) -> None:
    with place.browser() as browser:
        back = place.at_provider(browser)
        begun = browser.cookies["attempt"].rpartition(".")[0]
        browser.cookies.clear()
        browser.cookies.set("attempt", f"{begun}.Ly9ldmlsLmV4YW1wbGU")
        assert browser.get(back).status_code == 403


def test_a_form_is_good_in_its_own_session_alone(place: Place) -> None:
    with place.browser() as one, place.browser() as other:
        place.sign_in(one)
        place.sign_in(other)
        foreign = token_of(one.get("/"))
        answer = other.post("/sign-out", data={"token": foreign})
        assert answer.status_code == 403
        assert is_in(other)
        assert other.post("/sign-out", data={"token": token_of(other.get("/"))}).status_code == 303
        late = other.post("/sign-out", data={"token": foreign})
        assert late.status_code == 401
        assert "You are not signed in" in late.text


def test_what_comes_through_a_proxy_is_answered_and_still_needs_a_session(place: Place) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    with place.browser() as browser:
        assert browser.get("/", headers=forwarded).headers["location"] == "/sign-in"
        place.sign_in(browser)
        assert browser.get("/", headers=forwarded).status_code == 200


def test_over_https_the_cookies_are_for_this_very_name(place: Place) -> None:
    place.url = "https://monitor.harrowmere.example"
    with console_of(place) as address, Client(base_url=address, trust_env=False) as browser:
        begun = browser.get("/sign-in/begin")
        parts = begun.headers["set-cookie"].split("; ")
        assert parts[0].startswith("__Host-attempt=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(parts)
        assert not [part for part in parts if part.lower().startswith("domain")]
        back = urlsplit(browser.get(begun.headers["location"]).headers["location"])
        done = browser.get(f"{DONE}?{back.query}", headers={"Cookie": parts[0]})
        session = done.headers.get_list("set-cookie")[0].split("; ")
        assert session[0].startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(session)
        plain = session[0].removeprefix("__Host-")
        assert browser.get("/", headers={"Cookie": session[0]}).status_code == 200
        assert browser.get("/", headers={"Cookie": plain}).status_code == 303


def test_a_provider_that_is_down_is_said(place: Place) -> None:
    place.openid.slips.down = True
    with place.browser() as browser:
        answer = browser.get("/sign-in/begin")
        assert answer.status_code == 503
        assert "does not answer" in answer.text


def test_the_provider_is_not_asked_anew_for_every_one_who_begins(place: Place) -> None:
    with place.browser() as browser:
        for _ in range(20):
            assert browser.get("/sign-in/begin").status_code == 303
    assert len(place.openid.site.asked) == 1


def test_looking_goes_on_while_another_writes(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        place.scene.now += timedelta(minutes=5)
        other = sqlite3.connect(place.folder / "monitor.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            assert is_in(browser)
        finally:
            other.execute("ROLLBACK")
            other.close()


def test_a_broken_database_is_a_clear_page_and_lets_in_nobody(place: Place) -> None:
    with place.browser() as browser:
        place.sign_in(browser)
        with sqlite3.connect(place.folder / "monitor.db", isolation_level=None) as other:
            other.execute("DROP TABLE session")
        other.close()
        answer = browser.get("/")
        assert answer.status_code == 500
        assert "Something went wrong" in answer.text
        assert "Content-Security-Policy" in answer.headers


def test_without_a_provider_there_is_no_sign_in(empty: Scene) -> None:
    with served(empty.app(is_sample=False)) as address, Client(base_url=address) as browser:
        for path in ("/sign-in", "/sign-in/begin", DONE):
            assert browser.get(path).status_code == 404
        assert "Sign out" not in browser.get("/").text
