"""Sessions of people who have signed in: whose, how long, and good for nothing else."""

import sqlite3
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from httpx import Client

from monitor.access.signin import DONE
from tests.doubles.consoles import Scene, served
from tests.web.signin_place import Place, console_of, is_in, token_of


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
