"""One decision on many: previewed, told for each, and taken back together."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from monitor import triage
from monitor.store import mentions
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]


def state(scene: Scene, number: int) -> str:
    with scene.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
    assert detail
    return detail.state


def waiting(console: httpx.Client) -> list[int]:
    return [int(number) for number in re.findall(r'data-id="(\d+)"', console.get("/").text)]


def test_many_are_previewed_decided_and_taken_back(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    one, two, three, *_ = waiting(console)
    triage.take_over(full.store, three, by="Ottoline Brack", now=full.now)
    form = {"token": token(console), "outcome": "no_action", "chosen": [one, two, three]}
    shown = console.post("/bulk", data=form).text
    assert "No action: 2 mentions?" in shown
    assert "Grave text: show it" in shown
    assert "Ottoline Brack is looking at it." in shown
    assert state(full, one) == "open"
    sure = {**form, "states": "open,open,open", "note": "All old"}
    done = console.post("/bulk/decide", data=sure).text
    assert "Closed without action: 2 mentions" in done
    assert [state(full, number) for number in (one, two, three)] == ["decided", "decided", "open"]
    again = console.post("/bulk/decide", data=sure).text
    assert again.count("It is decided already.") == 2
    decisions = re.findall(r'name="decisions" value="(\d+)"', done)
    undone = console.post("/bulk/undo", data={"token": token(console), "decisions": decisions})
    assert "Taken back: 2 decisions" in undone.text
    assert [state(full, number) for number in (one, two)] == ["open", "open"]
    twice = console.post("/bulk/undo", data={"token": token(console), "decisions": decisions})
    assert "2 decisions stayed as they are" in twice.text


def test_what_changed_since_the_preview_is_left_out(
    full: Scene, browsing: Browsing, token: Token, decide: Callable[..., httpx.Response]
) -> None:
    console = browsing(full)
    one, two, *_ = waiting(console)
    decide(console, one, "watch")
    form = {"token": token(console), "outcome": "no_action", "chosen": [one, two]}
    done = console.post("/bulk/decide", data={**form, "states": "open,open"}).text
    assert "It changed since you saw it." in done
    assert (state(full, one), state(full, two)) == ("watch", "decided")


@pytest.mark.parametrize("outcome", ["open_case", "escalate"])
def test_what_needs_a_look_at_each_is_not_done_in_bulk(
    full: Scene, browsing: Browsing, token: Token, outcome: str
) -> None:
    console = browsing(full)
    one, *_ = waiting(console)
    form = {"token": token(console), "outcome": outcome, "chosen": [one], "to": "legal"}
    assert "decide them one by one" in console.post("/bulk", data=form).text
    assert console.post("/bulk/decide", data={**form, "states": "open"}).status_code == 422
    assert state(full, one) == "open"


def test_nothing_and_too_much_are_refused(full: Scene, browsing: Browsing, token: Token) -> None:
    console = browsing(full)
    form = {"token": token(console), "outcome": "no_action"}
    assert "Nothing was chosen" in console.post("/bulk", data=form).text
    many = {**form, "chosen": [str(n) for n in range(1, 70)]}
    assert console.post("/bulk", data=many).status_code in (400, 404, 422)
