"""An attack on somebody else's check: as administrator, head and PR officer, by row, log, export,
backup and count, nothing of it can be learnt (policy 6.15)."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from httpx import Client

from classifiers.pipeline import Classifier
from monitor import backups
from monitor.selfcheck import keeping
from monitor.store import audit, self_check, subject
from tests.selfcheck.place import MARKS, PAGES, STAFF, Place, opened, token_of

OTHERS = ("subject-admin", "subject-head", "subject-pr")
SHOWN = (
    "/", "/audit", "/sessions", "/sources", "/deliveries", "/coverage", "/retention", "/requests",
    "/setup", "/selfcheck", "/export.csv", "/judgement", "/cases", "/health", "/monitored",
    "/seen", "/?q=Quellmalz",
)  # fmt: skip
DETAILS = {
    "role": "teacher",
    "subject": "geography",
    "also": "Perdita Vexillology",
    "handles": "perditaq77",
    "ask": ["own", "dead"],
}


@pytest.fixture
def place(tmp_path: Path, classifier: Classifier) -> Iterator[Place]:
    with opened(tmp_path, classifier) as made:
        yield made


def run(browser: Client, **more: Any) -> str:
    """A whole check; the address of its page."""
    token = token_of(browser.get("/selfcheck"))
    form = {"token": token, "mine": ["Perdita Vexillology", "perditaq77"], **DETAILS, **more}
    begun = browser.post("/selfcheck/run", data=form)
    assert begun.status_code == 303, begun.text
    page = str(begun.headers["location"])
    until = monotonic() + 120
    while not browser.get(f"{page}/progress").json()["is_over"]:
        assert monotonic() < until
        sleep(0.05)
    return page


def rows(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but of the sign-ins and their record."""
    with sqlite3.connect(place.folder / "monitor.db") as other:
        names = [
            row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        found = {name: other.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}
    other.close()
    return {name: found[name] for name in found if name != "session"}


def actions(place: Place) -> list[str]:
    with place.scene.store.read() as tx:
        return [one.action for one in audit.listing(tx, 50)]


def leaks(content: bytes) -> list[str]:
    return [mark for mark in MARKS if mark.lower().encode() in content.lower()]


def test_a_check_leaves_no_row_no_log_line_and_no_file(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    with place.signed_in("subject-staff") as browser:
        before = rows(place)
        page = run(browser)
        seen = browser.get(page)
        assert "scandalous" in seen.text
        assert "Another engine" in seen.text
        assert 'href="https://www.instagram.com/perditaq77"' in seen.text
        token = token_of(seen)
        answer = {"token": token, "url": PAGES[0].url, "is_me": "yes"}
        assert browser.post(f"{page}/answer", data=answer).status_code == 303
        assert rows(place) == before
        assert browser.post(f"{page}/forget", data={"token": token}).status_code == 303
        assert browser.get(page).status_code == 404
        assert rows(place) == before
    assert set(actions(place)) == {"session.begun"}
    said = capfd.readouterr()
    assert leaks((said.out + said.err).encode()) == []
    place.scene.store.settle()
    kept = [path for path in place.folder.rglob("*") if path.is_file()]
    assert [path.name for path in kept if leaks(path.read_bytes())] == []
    assert len(place.asked) >= 4


def test_a_sign_in_to_check_looks_like_any_other(place: Place) -> None:
    with place.signed_in("subject-staff") as browser:
        run(browser)
    with place.signed_in("subject-pr"):
        pass
    with place.scene.store.read() as tx:
        entries = audit.listing(tx, 20)
    staff, other = (
        {(one.action, one.subject) for one in entries if (one.actor == STAFF) is is_staff}
        for is_staff in (True, False)
    )
    assert staff == other


def test_nobody_else_gets_at_an_open_check_and_no_page_or_export_tells_of_it(
    place: Place,
) -> None:
    with place.signed_in("subject-staff") as browser:
        page = run(browser)
        browser.post(f"{page}/keep", data={"token": token_of(browser.get(page))})
        for attacker in OTHERS:
            with place.signed_in(attacker) as other:
                assert leaks(tried(other, page)) == []
        assert "scandalous" in browser.get(page).text


def tried(other: Client, page: str) -> bytes:
    """All that somebody else is shown who tries everything."""
    token = token_of(other.get("/selfcheck"))
    looks = [other.get(f"{page}{rest}") for rest in ("", "/progress", "/list.pdf", "/receipt.pdf")]
    form = {"token": token, "url": PAGES[0].url, "is_me": "no"}
    tries = [other.post(f"{page}/{what}", data=form) for what in ("answer", "keep", "forget")]
    assert [one.status_code for one in (*looks, *tries)] == [404] * 6 + [303]
    pages = [other.get(path, follow_redirects=True) for path in SHOWN]
    assert any(one.status_code == 200 for one in pages)
    return b"".join(one.content for one in (*looks, *tries, *pages))


def test_what_is_kept_tells_nobody_whose_it_is_or_what_or_when(place: Place) -> None:
    with place.scene.store.begin() as tx:
        for _ in range(3):
            decoy = keeping.decoy(place.scene.now.date())
            self_check.put(tx, decoy.place, decoy.sealed, decoy.forget_on)
    before = rows(place)
    with place.signed_in("subject-staff") as browser:
        page = run(browser)
        kept = browser.post(f"{page}/keep", data={"token": token_of(browser.get(page))})
        code = kept.text.partition('<code id="code">')[2].partition("</code>")[0]
    after = rows(place)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"self_check_box", "audit"}
    boxes = after["self_check_box"]
    assert len(boxes) == 4
    assert {(len(row[0]), len(row[1]), str(row[2])[-2:]) for row in boxes} == {
        (32, len(boxes[0][1]), "01")
    }
    with place.scene.store.read() as tx:
        sealed = self_check.find(tx, keeping.place(code, "subject-staff"), place.scene.now.date())
    assert sealed
    mine = keeping.opened(sealed, code, "subject-staff")
    assert mine.details.handles == ("perditaq77",)
    for attacker in OTHERS:
        with pytest.raises(keeping.WrongCode):
            keeping.opened(sealed, code, attacker)


def test_no_copy_of_the_database_and_no_request_of_a_person_holds_it(place: Place) -> None:
    with place.signed_in("subject-staff") as browser:
        page = run(browser)
        browser.post(f"{page}/keep", data={"token": token_of(browser.get(page))})
        form = {"token": token_of(browser.get(page)), "address": "p.q@harrowmere.example"}
        assert browser.post("/selfcheck/reminder", data=form).status_code == 303
    copy = backups.make(
        place.scene.store, place.folder / "copies", kept=timedelta(days=7), now=place.scene.now
    )
    content = copy.read_bytes()
    assert leaks(content) == []
    assert b"p.q@harrowmere" not in content
    with place.scene.store.begin() as tx:
        found = list(subject.search(tx, [STAFF, "perditaq77"]))
    assert [one for one in found if "self_check" in one.table] == []


def test_who_has_no_sign_in_is_told_why_and_nothing_is_asked(place: Place) -> None:
    place.openid.subject = "subject-nobody"
    with place.browser() as browser:
        assert browser.get("/selfcheck").status_code == 303
        assert browser.post("/selfcheck/run", data={}).status_code in (403, 401)
    assert place.asked == []


def test_anybody_elses_name_is_refused_also_where_the_form_is_forged(place: Place) -> None:
    with place.signed_in("subject-staff") as browser:
        token = token_of(browser.get("/selfcheck"))
        names = ["Ottoline Varga-Penrose", "Jasmin Okparaebo"]
        form = {"token": token, "also": "\n".join(names), "mine": names, "ask": ["own"]}
        for step in ("confirm", "run"):
            answer = browser.post(f"/selfcheck/{step}", data=form)
            assert answer.status_code == 200
            assert "colleague" in answer.text
            assert "Not searched for" in answer.text
    assert place.asked == []


def test_too_many_checks_of_one_person_are_refused(place: Place) -> None:
    with place.signed_in("subject-staff") as browser:
        for _ in range(2):
            page = run(browser)
            browser.post(f"{page}/forget", data={"token": token_of(browser.get("/selfcheck"))})
        token = token_of(browser.get("/selfcheck"))
        refused = browser.post("/selfcheck/run", data={"token": token, **DETAILS})
        assert refused.status_code == 429
        assert "tomorrow" in refused.text


def test_the_next_time_what_was_answered_counts_and_what_is_new_is_marked(place: Place) -> None:
    with place.signed_in("subject-staff") as browser:
        page = run(browser)
        token = token_of(browser.get(page))
        browser.post(f"{page}/answer", data={"token": token, "url": PAGES[1].url, "is_me": "no"})
        kept = browser.post(f"{page}/keep", data={"token": token, "months": "3"})
        code = kept.text.partition('<code id="code">')[2].partition("</code>")[0]
        place.engine.pages.append(
            type(PAGES[0])(
                url="https://paper.example/new",
                title="Averford school trip",
                said="Perdita Quellmalz, teacher at Edith Pennick School, in Averford",
            )
        )
        again = browser.get(run(browser, code=code)).text
        assert "1 new since" in again
        mine = again.partition("Probably somebody else")[0]
        assert PAGES[1].url not in mine
        assert "https://paper.example/new" in mine
        gone = browser.post("/selfcheck/record/delete", data={"token": token, "code": code})
        assert gone.headers["location"] == "/selfcheck?done=deleted"
        assert (
            browser.post("/selfcheck/record", data={"token": token, "code": code}).status_code
            == 422
        )
