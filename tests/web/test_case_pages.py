"""Pages of cases: what an act needs is asked for, and nothing is recorded without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from monitor.sample.personas import PERSONAS
from monitor.store import audit, cases
from monitor.store.casefile import CaseFile
from monitor.store.scope import EVERYTHING
from monitor.web.app import create_app
from monitor.web.deps import SampleLinks
from tests.doubles.consoles import Scene, served
from tests.web.conftest import client

POST = "gates 3.15"


class Desk:
    """A reviewer's browser at a console."""

    def __init__(self, scene: Scene, http: httpx.Client) -> None:
        self.scene, self.http = scene, http

    def post(self, path: str, **values: str) -> httpx.Response:
        page = self.http.get(f"/mentions/{self.scene.number_of(POST)}").text
        token = page.split('name="token" value="')[1].split('"')[0]
        return self.http.post(path, data={"token": token, **values})

    def open(self, **more: str) -> httpx.Response:
        number = self.scene.number_of(POST)
        given = {"outcome": "open_case", "state": "open", "then": "case", **more}
        return self.post(f"/mentions/{number}/decision", **given)

    @property
    def case(self) -> CaseFile:
        with self.scene.store.read() as tx:
            found = cases.find(tx, 1)
        assert found
        return found


@pytest.fixture
def desk(full: Scene) -> Iterator[Desk]:
    with served(full.app()) as address, client(address) as http:
        yield Desk(full, http)


@pytest.fixture
def opened(desk: Desk) -> Desk:
    answer = desk.open()
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/1")
    return desk


def test_without_cases_the_lists_say_how_one_begins(desk: Desk) -> None:
    assert "No case is open" in desk.http.get("/cases").text
    assert "No case has been closed" in desk.http.get("/cases?state=closed").text
    assert "Nothing waits for a platform" in desk.http.get("/take-downs").text


def test_the_steps_that_the_policy_names_are_offered_with_their_clauses(opened: Desk) -> None:
    page = opened.http.get("/cases/1").text
    for clause in ("policy 9.4", "policy 6.8, 9.3", "policy 9.2", "policy 9.7", "policy 9.8"):
        assert clause in page
    assert "Invite the person affected" not in page
    opened.post("/cases/1/doer", doer="adult")
    assert "Invite the person affected" in opened.http.get("/cases/1").text
    opened.post("/cases/1/doer", doer="pupil")
    page = opened.http.get("/cases/1").text
    assert "disciplinary procedures" in page
    assert "Invite the person affected" not in page


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "a step skipped without a reason": ("steps/chain", {"act": "skip"}, "Say why it is skipped."),
    "no answer about the police": ("steps/police", {"act": "done", "note": "x"}, "yes or no"),
    "no reason about the police": ("steps/police", {"act": "done", "answer": "no"}, "Say why"),
    "a receipt without a reference": (
        "steps/hand_over", {"act": "done", "to": "DSL", "at": "2026-11-23T16:00"}, "reference",
    ),
    "a receipt of tomorrow": (
        "steps/hand_over",
        {"act": "done", "to": "DSL", "reference": "C-1", "at": "2026-11-24T16:00"},
        "a time that has been",
    ),
    "a take-down without what": ("take-downs", {"platform": "X", "where": ""}, "its address"),
    "a take-down at no time": ("take-downs", {"platform": "X", "where": "x", "at": "?"}, "when"),
    "an empty note": ("note", {"text": " "}, "Write something first."),
    "a task without what": ("tasks", {"what": ""}, "Say what"),
    "a task until no day": ("tasks", {"what": "Ring", "due": "soon"}, "as a date"),
    "a mention that is not there": ("mentions", {"mention": "999999"}, "no such mention"),
    "upheld without a reason": ("close", {"outcome": "upheld"}, "needs a reason"),
    "upheld without evidence": ("close", {"outcome": "upheld", "reason": "x"}, "No evidence"),
    "settled, the police not asked": ("close", {"outcome": "settled"}, "still to be answered"),
    "handed over to nobody": ("close", {"outcome": "handed_over"}, "Nobody has taken it over"),
    "exhausted without a reason": ("close", {"outcome": "exhausted"}, "needs a reason"),
    "closed without an outcome": ("close", {}, "Choose how it ends"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "values", "said"), REFUSED.values(), ids=REFUSED)
def test_nothing_is_recorded_without_what_it_needs(
    opened: Desk, path: str, values: dict[str, str], said: str
) -> None:
    before = len(opened.case.timeline)
    answer = opened.post(f"/cases/1/{path}", **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(opened.case.timeline) == before


def test_a_lawful_criticism_is_closed_without_any_reason(opened: Desk) -> None:
    answer = opened.post("/cases/1/close", outcome="not_upheld")
    assert answer.status_code == 303
    assert opened.case.state == "closed"
    assert opened.case.closed is not None
    assert any("9.4" in line for line in opened.case.closed.facts["remaining"])
    assert "Case 1" in opened.http.get("/cases?state=closed").text


def test_a_closed_case_takes_only_notes_until_it_is_opened_again(opened: Desk) -> None:
    opened.post("/cases/1/close", outcome="not_upheld")
    shut = opened.post("/cases/1/tasks", what="Ring the parents")
    assert shut.status_code == 409
    assert "This case is closed" in shut.text
    assert opened.post("/cases/1/note", text="They wrote again").status_code == 303
    assert opened.post("/cases/1/reopen").status_code == 422
    assert opened.post("/cases/1/reopen", reason="They wrote again").status_code == 303
    assert opened.post("/cases/1/tasks", what="Ring the parents").status_code == 303
    assert opened.case.open_tasks


UNDONE: dict[str, tuple[str, dict[str, str], Callable[[CaseFile], object]]] = {
    "a step": ("steps/chain", {"act": "done"}, lambda case: case.steps),
    "an answer": (
        "steps/police", {"act": "done", "answer": "no", "note": "x"}, lambda case: case.decided,
    ),
    "a receipt": (
        "steps/hand_over",
        {"act": "done", "to": "DSL", "reference": "C-1", "at": "2026-11-23T16:00"},
        lambda case: case.handed_over,
    ),
    "a report": (
        "take-downs",
        {"platform": "X", "where": "https://x.example/1", "at": "2026-11-23T16:00"},
        lambda case: case.take_downs,
    ),
    "a person": ("people", {"part": "affected", "who": "pupil"}, lambda case: case.people),
    "a task": ("tasks", {"what": "Ring"}, lambda case: case.tasks),
    "a letter": ("letters", {"title": "A", "text": "B"}, lambda case: case.letters),
    "closing": ("close", {"outcome": "not_upheld"}, lambda case: case.closed),
}  # fmt: skip


@pytest.mark.parametrize(("path", "values", "holds"), UNDONE.values(), ids=UNDONE)
def test_every_act_can_be_taken_back_once(
    opened: Desk, path: str, values: dict[str, str], holds: Callable[[CaseFile], object]
) -> None:
    assert opened.post(f"/cases/1/{path}", **values).status_code == 303
    assert holds(opened.case)
    number = str(len(opened.case.timeline))
    assert opened.post("/cases/1/undo", entry=number).status_code == 303
    assert not holds(opened.case)
    again = opened.post("/cases/1/undo", entry=number)
    assert again.status_code == 409
    assert "taken back already" in again.text
    with opened.scene.store.read() as tx:
        assert cases.verify(tx) is None


def test_taking_back_the_decision_withdraws_the_case_or_lets_the_mention_go(opened: Desk) -> None:
    number = str(opened.scene.number_of(POST))
    opened.post("/decisions/1/undo", mention=number)
    assert opened.case.state == "withdrawn"
    with opened.scene.store.read() as tx:
        assert cases.of_mention(tx, EVERYTHING, int(number)) == ()
    opened.open()
    opened.post("/cases/2/note", text="We went on")
    opened.post("/decisions/2/undo", mention=number)
    with opened.scene.store.read() as tx:
        case = cases.find(tx, 2)
    assert case is not None
    assert (case.state, case.mentions) == ("open", ())


def test_a_mention_can_join_a_case_that_is_open(opened: Desk) -> None:
    other = opened.scene.number_of("Send them all")
    given = {"outcome": "open_case", "state": "open", "then": "case", "case": "1"}
    answer = opened.post(f"/mentions/{other}/decision", **given)
    assert answer.headers["location"] == "/cases/1"
    assert opened.case.mentions == (opened.scene.number_of(POST), other)
    assert "hate" in opened.case.labels


def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    for path in ("/cases/7", "/cases/7/close", "/cases/7/letters/new?template=removal"):
        assert desk.http.get(path).status_code == 404
    assert desk.post("/cases/7/note", text="x").status_code == 404
    assert desk.open(case="7").status_code == 404


def test_hostile_words_are_shown_as_words(opened: Desk) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    for path, values in {
        "note": {"text": hostile},
        "title": {"title": hostile},
        "tasks": {"what": hostile, "owner": hostile},
        "letters": {"title": hostile, "text": hostile},
        "take-downs": {"platform": hostile, "where": hostile, "at": "2026-11-23T16:00"},
    }.items():
        assert opened.post(f"/cases/1/{path}", **values).status_code == 303
    for path in ("/cases/1", "/cases", "/take-downs", "/cases/1/close"):
        page = opened.http.get(path).text
        assert "<script>alert" not in page


def test_a_look_at_a_case_is_on_record(opened: Desk) -> None:
    opened.http.get("/cases/1")
    with opened.scene.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == "case.viewed"


def test_a_case_of_another_school_is_not_there(full: Scene) -> None:
    """A head reads and works on a case of their own school alone."""
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
    console = full.console(links=links)
    with served(create_app(console)) as address, client(address) as http:
        pr = Desk(full, http)
        assert pr.open().headers["location"] == "/cases/1"
        assert full.settings.trust.school(pr.case.schools[0]) is not None
        assert pr.case.schools != ("edith-pennick",)
        http.cookies.set("persona", "headteacher")
        assert "Possible threat" not in http.get("/cases").text
        for path in ("/cases/1", "/cases/1/close", "/cases/1/letters/new?template=removal"):
            assert http.get(path).status_code == 404
        token = http.get("/cases").text.split('name="token" value="')[1].split('"')[0]
        for path in ("note", "undo", "close", "steps/chain", "names"):
            answer = http.post(f"/cases/1/{path}", data={"token": token, "entry": "1"})
            assert answer.status_code == 404, path
        assert len(pr.case.timeline) == 2
