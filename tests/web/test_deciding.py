import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Client, Response

from monitor import review
from monitor.store import audit, mentions
from monitor.store.scope import EVERYTHING
from monitor.store.views import DecisionView, MentionDetail, Outcome
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
Decide = Callable[..., Response]


def detail(scene: Scene, number: int) -> MentionDetail:
    with scene.store.read() as tx:
        found = mentions.detail(tx, EVERYTHING, number)
    assert found
    return found


def latest(scene: Scene, number: int) -> DecisionView:
    return detail(scene, number).decisions[0]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("not_about_us", "decided"),
        ("no_action", "decided"),
        ("watch", "watch"),
        ("open_case", "decided"),
    ],
)
def test_a_decision_is_kept_with_who_when_and_note(
    full: Scene, browsing: Browsing, decide: Decide, outcome: str, state: str
) -> None:
    number = full.number_of("gates 3.15")
    answer = decide(browsing(full), number, outcome, note="  spoke to the head  ")
    assert answer.status_code == 303
    taken = latest(full, number)
    assert (taken.outcome, taken.decided_by, taken.decided_at, taken.note) == (
        outcome, REVIEWER, full.now, "spoke to the head",
    )  # fmt: skip
    assert detail(full, number).state == state
    with full.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == f"decision.{outcome}"
        assert audit.verify(tx) is None


def test_after_deciding_one_is_back_where_one_was_and_may_undo(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    answer = decide(client, number, at="label=hate&junk=1")
    assert answer.headers["location"].startswith(f"/?label=hate&done={number}.")
    page = client.get(answer.headers["location"]).text
    assert "Closed without action" in page
    assert f"/decisions/{latest(full, number).decision_id}/undo" in page


def test_a_decision_can_be_taken_back_at_once(
    full: Scene, browsing: Browsing, decide: Decide, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    decide(client, number)
    decision = latest(full, number).decision_id
    form = {"token": token(client), "mention": str(number), "at": "label=hate"}
    answer = client.post(f"/decisions/{decision}/undo", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/?label=hate&undone=1#m-{number}"
    assert detail(full, number).state == "open"
    assert "Taken back" in client.get(answer.headers["location"]).text


def test_a_decision_can_be_taken_back_later_on_the_mentions_page(
    full: Scene, browsing: Browsing, decide: Decide, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    decide(client, number, note="told the head")
    page = client.get(f"/mentions/{number}").text
    assert "Decide again" in page
    assert "told the head" in page
    decision = latest(full, number).decision_id
    form = {"token": token(client), "mention": str(number), "to": "mention"}
    answer = client.post(f"/decisions/{decision}/undo", data=form)
    assert answer.headers["location"] == f"/mentions/{number}#decision"
    history = client.get(f"/mentions/{number}").text
    assert "Taken back by" in history


def test_undoing_twice_changes_nothing_and_says_so(
    full: Scene, browsing: Browsing, decide: Decide, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    decide(client, number)
    form = {"token": token(client), "mention": str(number)}
    address = f"/decisions/{latest(full, number).decision_id}/undo"
    assert client.post(address, data=form).status_code == 303
    again = client.post(address, data=form)
    assert again.status_code == 409
    assert "taken back already" in again.text


def test_of_many_who_decide_at_the_same_moment_one_does(full: Scene) -> None:
    number = full.number_of("Send them all")
    outcomes: list[Outcome] = ["no_action", "watch", "open_case", "not_about_us"] * 2

    def decide(outcome: Outcome) -> int | None:
        return review.decide(
            full.store, number, outcome, "", seen="open", by=REVIEWER, now=full.now
        )

    with ThreadPoolExecutor(len(outcomes)) as people:
        taken = [one for one in people.map(decide, outcomes) if one is not None]
    assert [one.decision_id for one in detail(full, number).decisions] == taken
    assert len(taken) == 1


def test_the_second_of_two_people_is_shown_what_the_first_decided(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    decide(client, number, "open_case")
    late = decide(client, number, "not_about_us")
    assert late.status_code == 409
    assert "Open case" in late.text
    assert REVIEWER in late.text
    assert len(detail(full, number).decisions) == 1


def test_what_is_decided_may_be_decided_again_knowingly(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    decide(client, number, "watch")
    assert decide(client, number, "open_case", state="watch").status_code == 303
    assert [one.outcome for one in detail(full, number).decisions] == ["open_case", "watch"]


def test_one_decision_empties_the_whole_story_from_the_queue(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    decide(client, full.number_of("everyone at LHA"))
    assert "disgusting little rat" not in client.get("/").text


def test_a_script_gets_the_same_as_json(full: Scene, browsing: Browsing, token: Token) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    form = {"token": token(client), "outcome": "watch", "state": "open"}
    as_json = {"Accept": "application/json"}
    said = client.post(f"/mentions/{number}/decision", data=form, headers=as_json).json()
    assert said["decision"] == latest(full, number).decision_id
    again = client.post(f"/mentions/{number}/decision", data=form, headers=as_json)
    assert again.status_code == 409
    assert "Nothing was recorded" in again.json()["problem"]
    back = {"token": token(client), "mention": str(number)}
    undone = client.post(f"/decisions/{said['decision']}/undo", data=back, headers=as_json)
    words = "Taken back: it is in the queue again."
    assert undone.json() == {"undone": said["decision"], "words": words}


def test_what_is_not_about_us_shows_what_else_may_not_be(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    said = (
        "{@oakenhall|Oakenhall} and its {reputation|shabby} bus shelter on the hill",
        "nobody cuts the hedges in {@oakenhall|Oakenhall}, {reputation|a disgrace}",
        "the market at {@oakenhall|Oakenhall} was {reputation|a shambles} on Saturday",
    )
    first, second, _ = (empty.add(Written(text=text, sure={"reputation": 0.9})) for text in said)
    client = browsing(empty)
    form = {"token": token(client), "outcome": "not_about_us", "state": "open"}
    as_json = {"Accept": "application/json"}
    others = client.post(f"/mentions/{first}/decision", data=form, headers=as_json).json()["others"]
    assert others["words"] == "2 others wait from the same source about Oakenhall Junior School"
    assert client.get(others["path"]).text.count("<article") == 2
    page = client.get(f"/mentions/{first}").text
    assert others["words"] in page
    assert others["path"].replace("&", "&amp;") in page
    assert "others wait from" not in client.get(f"/mentions/{second}").text


def test_it_never_leads_anywhere_else(full: Scene, browsing: Browsing, decide: Decide) -> None:
    for at in ("//evil.example", "https://evil.example", "\r\nX: y", "x" * 4000):
        number = full.number_of("Send them all")
        answer = decide(browsing(full), number, at=at)
        if answer.status_code == 303:
            assert re.match(r"/\?done=\d+\.\d+#queue$", answer.headers["location"])


def test_a_decision_on_nothing_is_not_found(console: Client, decide: Decide) -> None:
    assert decide(console, 999_999).status_code == 404
    assert decide(console, 2**70).status_code == 404
    assert decide(console, 0).status_code == 404


def test_an_unknown_decision_or_an_endless_note_is_refused(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    number = full.number_of("Send them all")
    assert decide(browsing(full), number, "delete").status_code == 400
    assert decide(browsing(full), number, note="x" * 2001).status_code == 400
    assert detail(full, number).decisions == ()


def test_a_decision_outlives_the_console(full: Scene, browsing: Browsing, decide: Decide) -> None:
    number = full.number_of("Send them all")
    decide(browsing(full), number, "open_case")
    assert "Open case" in browsing(full).get(f"/mentions/{number}").text


def test_a_made_up_done_mark_shows_nothing(console: Client) -> None:
    for done in ("1.999", "x", "1", "1.2.3", f"{2**70}.1", "-1.1", "1.-1"):
        answer = console.get(f"/?done={done}")
        assert answer.status_code == 200
        assert 'class="toast" data-from-address' not in answer.text
