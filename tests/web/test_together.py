"""Notes to colleagues, and grave matter as each reviewer wants it shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

from monitor.store import remarks
from tests.doubles.consoles import REVIEWER, Scene

Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]


def test_a_note_for_a_colleague_stands_above_their_queue_until_they_look(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    number = full.number_of("gates 3.15")
    form = {
        "token": token(console),
        "text": f'@"{REVIEWER}" please ring the head',
        "assigns": "true",
    }
    address = f"/mentions/{number}/remarks"
    assert console.post(address, data=form).status_code == 303
    queue = console.get("/").text
    assert "for-you-title" in queue
    assert f"For {REVIEWER}" in queue
    assert "please ring the head" in console.get(f"/mentions/{number}").text
    with full.store.read() as tx:
        (remark,) = remarks.of_mention(tx, number)
    assert remark.seen_at == full.now
    removed = console.post(f"{address}/{remark.remark_id}/remove", data={"token": token(console)})
    assert removed.status_code == 303
    assert "for-you-title" not in console.get("/").text
    assert "Wrote a note on" in console.get("/audit").text


def test_notes_are_text_and_to_mentions_that_are_there(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    form = {"token": token(console), "text": "<script>alert(1)</script>", "colleague": "<b>x</b>"}
    assert console.post("/mentions/9999/remarks", data=form).status_code == 404
    number = full.number_of("gates 3.15")
    console.post(f"/mentions/{number}/remarks", data=form)
    page = console.get(f"/mentions/{number}").text
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert console.post(f"/mentions/{number}/remarks/77/remove", data=form).status_code == 404


def test_grave_text_is_veiled_unless_one_wants_it_otherwise(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    number = full.number_of("gates 3.15")
    assert 'class="veil"' in console.get("/").text
    assert re.search(r'class="veil".*?<blockquote', console.get(f"/mentions/{number}").text, re.S)
    console.post("/welfare", data={"token": token(console), "pause_after": "5"})
    assert 'class="veil"' not in console.get("/").text
    assert 'class="veil"' not in console.get(f"/mentions/{number}").text


def test_a_pause_is_suggested_after_many_grave_mentions(full: Scene, browsing: Browsing) -> None:
    console = browsing(full)
    number = full.number_of("gates 3.15")
    pages = [console.get(f"/mentions/{number}").text for _ in range(10)]
    assert "A pause does good" not in pages[8]
    assert "That is 10 grave mentions today" in pages[9]
    assert "<strong>10</strong>" in console.get("/welfare").text
