"""Sessions seen and ended, groups of the provider, the sealed envelope, who asked to come in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Client, Response
from starlette.requests import Request

from monitor.access import break_glass
from monitor.messages import message
from monitor.store import audit, delivered, sending
from monitor.web.doors import whose_browser
from tests.doubles.consoles import Scene
from tests.web.conftest import Working
from tests.web.signin_place import PEOPLE, Place, is_in, opened, token_of

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"
GROUPED = (
    PEOPLE.replace("[sign_in]", '[sign_in]\ngroups_claim = "groups"')
    + """
[[people]]
name = "Perpetua Lindqvist-Rowe"
subject = "subject-it"
roles = ["it"]

[[groups]]
group = "heads-of-pennick"
roles = ["headteacher"]
schools = ["edith-pennick"]

[[groups]]
group = "leads-of-oakenhall"
roles = ["safeguarding"]
schools = ["oakenhall"]

[[groups]]
group = "leads-of-pennick"
roles = ["safeguarding"]
schools = ["edith-pennick"]
"""
)


@pytest.fixture
def place(empty: Scene, tmp_path: Path) -> Iterator[Place]:
    with opened(empty, tmp_path, GROUPED) as made:
        yield made


@pytest.fixture
def sealed(place: Place) -> str:
    scene = place.scene
    return break_glass.set_up(scene.store, break_glass.ROLES, by="IT", now=scene.now)


@contextmanager
def come(place: Place, subject: str, **claims: object) -> Iterator[Client]:
    place.openid.subject = subject
    place.openid.slips.claims = dict(claims)
    with place.browser() as browser:
        browser.headers["user-agent"] = AGENT
        place.sign_in(browser)
        yield browser


def numbers(page: Response) -> list[str]:
    return re.findall(r'name="number" value="(\w+)"', page.text)


def ended(browser: Client, number: str) -> int:
    token = token_of(browser.get("/sessions"))
    return browser.post("/sessions/end", data={"token": token, "number": number}).status_code


def edit(place: Place, old: str, new: str) -> None:
    text = place.people.read_text("utf-8")
    place.people.write_text(text.replace(old, new), encoding="utf-8")


def test_one_sees_and_ends_ones_own_and_not_anothers(place: Place) -> None:
    with (
        come(place, "subject-pr") as desk,
        come(place, "subject-pr") as phone,
        come(place, "subject-head") as head,
    ):
        page = desk.get("/sessions")
        assert "Firefox on Windows" in page.text
        (of_phone,) = numbers(page)
        assert "Ottoline" not in page.text
        assert "Asked to come in" not in page.text
        assert ended(head, of_phone) == 404
        assert is_in(phone)
        assert ended(desk, of_phone) == 303
        assert [is_in(phone), is_in(desk), is_in(head)] == [False, True, True]
    assert ("Odile Fairhurst-Okoro", "session.revoked") in place.record()


def test_all_others_of_ones_own_are_ended_at_once(place: Place) -> None:
    with (
        come(place, "subject-pr") as one,
        come(place, "subject-pr") as two,
        come(place, "subject-head") as head,
    ):
        token = token_of(one.get("/sessions"))
        done = one.post("/sessions/end-others", data={"token": token})
        assert done.headers["location"] == "/sessions?ended=1"
        assert [is_in(one), is_in(two), is_in(head)] == [True, False, True]


def test_it_sees_everybodys_and_ends_them(place: Place) -> None:
    with come(place, "subject-pr") as officer, come(place, "subject-it") as it:
        page = it.get("/sessions")
        assert "Odile Fairhurst-Okoro" in page.text
        (number,) = numbers(page)
        assert ended(it, number) == 303
        assert not is_in(officer)
        assert ended(it, number) == 404


def test_who_is_no_longer_among_the_people_is_not_listed(place: Place) -> None:
    with come(place, "subject-head"), come(place, "subject-it") as it:
        assert "Ottoline" in it.get("/sessions").text
        edit(place, "subject-head", "subject-other")
        assert "Ottoline" not in it.get("/sessions").text


def test_a_group_of_the_provider_gives_the_role_that_people_toml_says(place: Place) -> None:
    groups = ["heads-of-pennick", "everybody", 7, None]
    with come(place, "a-new-head", groups=groups, name="Rosalind  Achterberg") as head:
        assert "Rosalind Achterberg" in head.get("/").text
        assert head.get("/audit").status_code == 403
        edit(place, "heads-of-pennick", "others")
        assert not is_in(head)
    assert place.record()[0] == ("Rosalind Achterberg", "session.begun")


@pytest.mark.parametrize(
    ("claims", "is_admitted"),
    [
        ({"groups": ["heads-of-pennick", "leads-of-pennick"]}, True),
        ({"groups": ["heads-of-pennick", "leads-of-oakenhall"]}, False),
        ({"groups": ["HEADS-OF-PENNICK"]}, False),
        ({"groups": "heads-of-pennick"}, False),
        ({"groups": {"heads-of-pennick": True}}, False),
        ({"groups": [["heads-of-pennick"]]}, False),
        ({"groups": []}, False),
        ({"roles": ["heads-of-pennick"]}, False),
        ({"_claim_names": {"groups": "src1"}}, False),
        ({"_claim_names": 7, "groups": None}, False),
    ],
)
def test_groups_never_give_more_than_is_clear(
    place: Place, claims: dict[str, object], is_admitted: bool
) -> None:
    with come(place, "somebody", **claims) as browser:
        assert is_in(browser) is is_admitted


def test_ones_own_entry_counts_before_any_group(place: Place) -> None:
    with come(place, "subject-it", groups=["heads-of-pennick"], name="Somebody else") as it:
        assert "Perpetua" in it.get("/sessions").text
        assert it.get("/").headers["location"] == "/sources"


@pytest.mark.parametrize("name", ["Odile Fairhurst-Okoro", "ODILE  FAIRHURST-OKORO", "", "a\nb", 7])
def test_nobody_known_by_a_group_is_called_as_another_is(place: Place, name: object) -> None:
    with come(place, "a-new-head", groups=["heads-of-pennick"], name=name) as head:
        assert is_in(head)
    actor, _ = place.record()[0]
    assert actor.casefold() != "odile fairhurst-okoro"
    assert re.search(r" \([0-9a-f]{6}\)$", actor)


def test_two_of_one_name_are_told_apart(place: Place) -> None:
    claims: dict[str, object] = {"groups": ["heads-of-pennick"], "name": "Ann Achterberg"}
    with come(place, "one", **claims), come(place, "two", **claims):
        pass
    assert len({actor for actor, _ in place.record()}) == 2


def test_who_asked_to_come_in_is_shown_to_it_with_what_to_write(place: Place) -> None:
    name = 'Ro"sa <script>alert(1)</script>'
    with come(place, "a-new-head", name=name) as stranger:
        assert not is_in(stranger)
    with come(place, "subject-it") as it, come(place, "subject-pr") as officer:
        page = it.get("/sessions")
        assert "<script>alert" not in page.text
        assert "subject = &#34;a-new-head&#34;" in page.text
        assert r"name = &#34;Ro\&#34;sa" in page.text
        form = {"token": token_of(officer.get("/")), "subject": "a-new-head"}
        assert officer.post("/sessions/asked/forget", data=form).status_code == 403
        form = {"token": token_of(page), "subject": "a-new-head"}
        assert it.post("/sessions/asked/forget", data=form).status_code == 303
        assert "a-new-head" not in it.get("/sessions").text


def envelope(browser: Client, password: str) -> Response:
    page = browser.get("/sign-in/break-glass")
    form = {"token": token_of(page), "password": password}
    return browser.post("/sign-in/break-glass", data=form)


def test_the_envelope_opens_for_an_hour_is_on_record_and_told(
    place: Place, sealed: str, working: Working
) -> None:
    place.openid.slips.down = True
    with place.browser() as browser:
        assert "sealed envelope" in browser.get("/sign-in").text
        written = sealed.upper().replace("-", " ")
        assert envelope(browser, written).headers["location"] == "/"
        assert break_glass.NAME in browser.get("/").text
        assert browser.get("/audit").status_code == 403
        assert "from the sealed envelope" in browser.get("/sessions").text
        place.scene.now += timedelta(minutes=59)
        assert browser.get("/sources").status_code == 200
        place.scene.now += timedelta(minutes=1)
        assert not is_in(browser)
    assert (break_glass.NAME, "break_glass.used") in place.record()
    with place.scene.store.begin() as tx:
        due = sending.claim_due(tx, now=place.scene.now, lease=timedelta(minutes=1), limit=9)
    told = {one.item.recipient for one in due}
    assert told == {"it@harrowmere.example", "dpo@harrowmere.example"}
    mail = message(working(place.scene), due[0])
    assert mail
    assert "sealed envelope" in mail.mail.as_string()
    assert sealed not in mail.mail.as_string()


def test_wrong_passwords_are_few_on_record_and_told(place: Place, sealed: str) -> None:
    with place.browser() as browser:
        for _ in range(break_glass.MOST_TRIES):
            assert envelope(browser, "wrong").status_code == 403
        late = envelope(browser, sealed)
        assert late.status_code == 429
        assert "Wait ten minutes" in late.text
        assert not is_in(browser)
        with place.scene.store.read() as tx:
            assert len(delivered.listing(tx, 50)) == 2
        place.scene.now += break_glass.WITHIN
        assert envelope(browser, sealed).status_code == 303
    refused = [one for one in place.record() if one[1] == "break_glass.refused"]
    assert len(refused) == break_glass.MOST_TRIES


def test_without_an_envelope_there_is_no_such_page(place: Place) -> None:
    with place.browser() as browser:
        assert "envelope" not in browser.get("/sign-in").text
        assert browser.get("/sign-in/break-glass").status_code == 404


def test_a_new_password_ends_what_was_opened_with_the_old(place: Place, sealed: str) -> None:
    store, now = place.scene.store, place.scene.now
    with place.browser() as browser:
        envelope(browser, sealed)
        assert browser.get("/sources").status_code == 200
        new = break_glass.set_up(store, ("it",), by="IT", now=now)
        assert browser.get("/sources").status_code == 303
        assert envelope(browser, sealed).status_code == 403
        assert envelope(browser, new).status_code == 303
        assert break_glass.remove(store, by="IT", now=now)
        assert browser.get("/sources").status_code == 303
    assert not break_glass.remove(store, by="IT", now=now)


def test_the_password_stands_nowhere(place: Place, sealed: str) -> None:
    with place.browser() as browser:
        envelope(browser, sealed)
    place.scene.store.settle()
    kept = (place.folder / "monitor.db").read_bytes()
    assert sealed.encode() not in kept
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in kept
    with place.scene.store.read() as tx:
        assert all(sealed not in f"{one.action} {one.subject}" for one in audit.listing(tx, 50))


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (AGENT, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64 1) Chrome/140.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_told_in_a_few_words_of_ours(agent: str, shown: str) -> None:
    headers = [(b"user-agent", agent.encode())]
    assert whose_browser(Request({"type": "http", "headers": headers})) == shown
