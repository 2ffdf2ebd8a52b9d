"""Signing in at a real provider of ours over HTTP, and what is tried to get in without."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.access.signin import DONE
from monitor.web.pages.signin import own_address
from tests.doubles.openid import CLIENT, TENANT, Slips
from tests.web.signin_place import Place, is_in, token_of
from tests.web.test_roles import OPEN, routes


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
        assert left.headers["location"] == "/sign-in?out=1"
        assert not is_in(browser)
        browser.cookies.set("session", key)
        assert not is_in(browser)
    assert place.sessions() == []
    name = "Odile Fairhurst-Okoro"
    assert place.record() == [(name, "session.ended"), (name, "session.begun")]


@pytest.mark.parametrize(
    ("leaving", "is_shown"),
    [(None, True), ("", False), ("javascript:alert(1)//", False), ("https://evil.example/", False)],
    ids=["its own place", "none", "a script", "elsewhere"],
)
def test_who_signs_out_may_do_so_at_the_provider_too(
    place: Place, leaving: str | None, is_shown: bool
) -> None:
    place.openid.leaving = leaving
    with place.browser() as browser:
        place.sign_in(browser)
        left = browser.post("/sign-out", data={"token": token_of(browser.get("/"))})
        page = browser.get(left.headers["location"]).text
        way = f"{place.openid.issuer}/end?client_id={CLIENT}&amp;post_logout_redirect_uri="
        assert (f'href="{way}http%3A%2F%2F127.0.0.1%3A8000%2Fsign-in"' in page) is is_shown
        assert ("sign out of your account" in page) is is_shown
        assert "sign out of your account" not in browser.get("/sign-in").text


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
