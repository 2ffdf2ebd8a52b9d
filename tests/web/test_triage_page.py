"""Working through the queue together: claims, skipping, escalating, watching, regrouping."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import httpx
import pytest

from classifiers.types import Label
from monitor import triage
from monitor.store import claims, mentions, queue
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail, QueueFilter
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]
Decide = Callable[..., httpx.Response]
SURE: Mapping[Label, float] = {"reputation": 0.9}
OTHER = "Ottoline Brack"


def detail(scene: Scene, number: int) -> MentionDetail:
    with scene.store.read() as tx:
        found = mentions.detail(tx, EVERYTHING, number)
    assert found
    return found


def first(console: httpx.Client) -> int:
    answer = console.get("/next")
    found = re.match(r"/mentions/(\d+)\?next=1", answer.headers["location"])
    assert found
    return int(found[1])


def test_opening_claims_and_others_see_who_looks(
    full: Scene, browsing: Browsing, decide: Decide, token: Token
) -> None:
    console = browsing(full)
    number = first(console)
    assert "Yours for 10 minutes" in console.get(f"/mentions/{number}?next=1").text
    triage.take_over(full.store, number, by=OTHER, now=full.now)
    assert f"{OTHER}</span> is looking at this" in console.get("/").text
    assert first(console) != number
    refused = decide(console, number)
    assert refused.status_code == 409
    assert f"{OTHER} is looking at this until 16:30" in refused.text
    form = {"token": token(console), "over": "yes"}
    assert console.post(f"/mentions/{number}/claim", data=form).status_code == 303
    assert decide(console, number).status_code == 303
    assert "Took over" in console.get("/audit").text


def test_a_claim_is_kept_longer_and_lapses_by_itself(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    number = first(console)
    console.get(f"/mentions/{number}")
    full.now += timedelta(minutes=9)
    held = console.post(f"/mentions/{number}/claim", data={"token": token(console)}).json()
    assert held == {"mine": True, "seconds": 600}
    full.now += timedelta(minutes=11)
    with full.store.read() as tx:
        assert claims.of_mention(tx, number, full.now) is None


def test_skipping_goes_on_and_does_not_come_straight_back(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    seen = []
    for _ in range(13):
        number = first(console)
        seen.append(number)
        answer = console.post(f"/mentions/{number}/skip", data={"token": token(console)})
        assert answer.headers["location"] == "/next"
    assert len(set(seen)) == 13
    assert console.get("/next").headers["location"] == "/?none=1"
    assert "you did not leave to others" in console.get("/?none=1").text


def test_deciding_in_turn_leads_to_the_next_with_undo(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    console = browsing(full)
    number = first(console)
    answer = decide(console, number, then="next")
    onward = answer.headers["location"]
    assert re.fullmatch(rf"/mentions/\d+\?next=1&done={number}\.\d+", onward)
    page = console.get(onward).text
    assert f"mention {number}</a>" in page
    assert "/undo" in page


@pytest.mark.parametrize(
    ("to", "role", "clause"),
    [("headteacher", "headteacher", "9.2"), ("executive", "executive", "1.1")],
)
def test_escalating_tells_somebody_and_says_what_became_of_it(
    full: Scene, browsing: Browsing, decide: Decide, to: str, role: str, clause: str
) -> None:
    number = full.add(
        Written(text="{reputation|Awful parking} at {@oakenhall|Oakenhall}", sure=SURE)
    )
    console = browsing(full)
    assert decide(console, number, "escalate", to=to, note="Please ring me").status_code == 303
    found = detail(full, number)
    assert found.state == "watch"
    assert found.decisions[0].note == f"To {triage.DESKS[to].words}. Please ring me"  # type: ignore[index]
    assert [one.role for one in found.deliveries] == [role]
    page = console.get(f"/mentions/{number}").text
    assert "Waiting to be sent" in page
    assert "Escalated to you." in page
    assert clause in triage.DESKS[to].clauses  # type: ignore[index]


def test_an_outcome_asks_for_what_it_needs_and_no_other_does(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    console = browsing(full)
    number = first(console)
    refused = decide(console, number, "escalate")
    assert refused.status_code == 409
    assert "to whom" in refused.text
    assert detail(full, number).state == "open"
    assert decide(console, number, "not_about_us").status_code == 303


def test_what_is_watched_until_a_time_says_so_and_comes_back(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    console = browsing(full)
    number = first(console)
    decide(console, number, "watch", until="tomorrow")
    assert "back in" in console.get("/?state=watch").text
    full.now += timedelta(days=1)
    assert "back from being watched" not in console.get("/").text
    assert triage.wake(full.store, full.now) == 1
    assert detail(full, number).state == "open"
    assert "back from being watched" in console.get("/").text


def test_a_post_is_split_off_and_merged_again(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    said = "{reputation|The heating failed} at {@oakenhall|Oakenhall} and pupils sat in coats"
    lead = full.add(Written(text=said, sure=SURE))
    copy = full.add(Written(text=said, sure=SURE))
    console = browsing(full)
    assert "the same words" in console.get(f"/mentions/{lead}").text
    form = {"token": token(console)}
    assert console.post(f"/mentions/{copy}/split", data=form).status_code == 303
    assert detail(full, copy).state == "open"
    merged = console.post(f"/mentions/{lead}/merge", data={**form, "other": str(copy)})
    assert merged.status_code == 303
    page = console.get(f"/mentions/{lead}").text
    assert f"merged by {REVIEWER}" in page
    found = re.search(r"/regroupings/(\d+)/undo", page)
    assert found
    console.post(f"/mentions/{lead}/regroupings/{found[1]}/undo", data=form)
    with full.store.read() as tx:
        waiting = queue.page(tx, EVERYTHING, QueueFilter(min_copies=1), after=None, limit=50).rows
    assert {lead, copy} <= {row.mention_id for row in waiting}
