"""Requests of persons, from the letter to what is given to them."""

from __future__ import annotations

import re
from collections.abc import Callable

from httpx import Client

from tests.doubles.consoles import NOW, Scene

Browsing = Callable[..., Client]
Token = Callable[[Client], str]


def test_a_request_is_taken_reviewed_exported_and_closed(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    form = {"token": token(client), "kind": "complaint", "reference": "DP-4",
            "received_on": str(NOW.date()), "names": "@backseat\n"}  # fmt: skip
    assert client.post("/requests", data={**form, "names": "ab"}).status_code == 422
    assert client.post("/requests", data={**form, "received_on": "2031-01-01"}).status_code == 422
    taken = client.post("/requests", data=form)
    assert taken.headers["location"] == "/requests/1"
    page = client.get("/requests/1").text
    record = page.split('name="record" value="')[1].split('"')[0]
    assert record.startswith("mention ")
    assert "Acknowledge it by" in page
    assert client.get("/requests/1/held.json").status_code == 409
    kept = {"token": form["token"], "record": record, "included": "1", "text": "Only <this>"}
    assert client.post("/requests/1/record", data=kept).status_code == 303
    client.post("/requests/1/plain", data=form)
    for rest in re.findall(r'name="record" value="([^"]+)"', client.get("/requests/1").text):
        if rest != record:
            client.post("/requests/1/record", data={**kept, "record": rest, "text": "x"})
    given = client.get("/requests/1/held.json").json()
    assert "Only <this>" in [one["text"] for one in given["records"]]
    assert client.post("/requests/1/record", data={**kept, "included": ""}).status_code in (
        303,
        400,
    )
    assert "It takes longer" not in page  # a complaint has a clock of its own
    assert client.post("/requests/1/extend", data={**form, "why": "too complex"}).status_code == 409
    client.post("/requests/1/acknowledge", data=form)
    assert "Acknowledge it by" not in client.get("/requests/1").text
    number = record.split()[1]
    assert client.post(f"/requests/1/erase/{number}", data=form).status_code == 303
    assert client.post(f"/requests/1/erase/{number}", data=form).status_code == 409
    assert client.post("/requests/1/close", data={**form, "outcome": "Done"}).status_code == 303
    assert "no longer kept" in client.get("/requests/1").text
    assert client.get("/requests/1/held.json").status_code == 409
