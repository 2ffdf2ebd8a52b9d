"""Holds are placed on a mention's page, and looked at again on the page about keeping."""

from __future__ import annotations

from collections.abc import Callable

from httpx import Client

from monitor.store import audit
from tests.doubles.consoles import NOW, Scene

Browsing = Callable[..., Client]
Token = Callable[[Client], str]


def test_a_hold_is_placed_prolonged_and_lifted_each_on_record(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    number = next(iter(full.numbers.values()))
    form = {"token": token(client), "reason": "The police asked, reference 12", "review_on": ""}
    assert client.post(f"/mentions/{number}/hold", data=form).status_code == 400
    form["review_on"] = str(NOW.date().replace(year=NOW.year + 2))
    assert client.post(f"/mentions/{number}/hold", data=form).status_code == 422
    form["review_on"] = str(NOW.date().replace(year=NOW.year + 1))
    assert client.post("/mentions/999999/hold", data=form).status_code == 404
    assert client.post(f"/mentions/{number}/hold", data=form).status_code == 303
    assert "reference 12" in client.get(f"/mentions/{number}").text
    page = client.get("/retention").text
    assert "reference 12" in page
    later = {"token": form["token"], "review_on": form["review_on"]}
    assert client.post("/holds/1/prolong", data=later).status_code == 303
    assert client.post("/holds/1/lift", data=later).status_code == 303
    assert client.post("/holds/1/lift", data=later).status_code == 404
    assert "Nothing is on hold" in client.get("/retention").text
    with full.store.read() as tx:
        actions = [entry.action for entry in audit.listing(tx, 3, action="hold.")]
        subjects = [entry.subject for entry in audit.listing(tx, 3, action="hold.placed")]
    assert actions == ["hold.lifted", "hold.reviewed", "hold.placed"]
    assert subjects == [f"hold 1 on mention {number}"]


def test_what_is_due_and_for_how_long_each_kind_is_kept_is_shown(console: Client) -> None:
    page = console.get("/retention").text
    assert "30 days" in page
    assert "365 days" in page
    assert "The periods are confirmed" in page
