"""Who takes an escalation back is told who has had the mail already."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from alerts.types import Sent
from tests.doubles.consoles import Scene


def test_an_escalation_taken_back_says_what_has_left(
    full: Scene, browsing: Callable[..., httpx.Client], decide: Callable[..., httpx.Response]
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    answer = decide(client, number, "escalate", to="it_block")
    decision = answer.headers["location"].partition("done=")[2].partition("#")[0].partition(".")[2]
    full.deliver([Sent()] * 40)
    page = client.get(f"/mentions/{number}").text
    secret = page.split('name="token" value="')[1].split('"')[0]
    undone = client.post(
        f"/decisions/{decision}/undo",
        data={"token": secret, "mention": str(number)},
        headers={"Accept": "application/json"},
    ).json()
    assert "has left and cannot be called back" in undone["words"]
    assert "the IT" in undone["words"]
    shown = client.get(f"/mentions/{number}").text
    assert "a mail cannot be called back, so tell them" in shown
