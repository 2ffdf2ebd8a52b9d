"""Trying a post: judged by the real classifiers, told to nobody, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable

from httpx import Client

from monitor.store import queue
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]


def tried(client: Client, text: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/try").text)
    assert found
    answer = client.post("/try", data={"token": found[1], "text": text})
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()).replace("&amp;", "&")


def test_a_post_is_judged_and_says_who_would_be_told_and_nothing_is_kept(
    empty: Scene, browsing: Browsing
) -> None:
    client = browsing(empty)
    threat = tried(
        client, "Fight behind Edith Pennick School at 3.30 today, bring a knife, he is dead"
    )
    assert "Critical" in threat
    assert "Edith Pennick School certain" in threat
    assert "Head of PR & Communications" in threat
    assert "if nobody has answered for 15 minutes Deputy safeguarding lead" in threat
    assert "if nobody has looked at it Executive Team" in threat
    assert "To be seen by" in threat
    calm = tried(client, "Lovely concert at Edith Pennick School, thank you to all the staff")
    assert "it would be kept, and not put into the queue" in calm
    other = tried(client, "Lovely weather in town today, wasn't it")
    assert "names none of our schools" in other
    with empty.store.read() as tx:
        assert queue.counts(tx, EVERYTHING).open == 0
        assert queue.counts(tx, EVERYTHING).deliveries_due == 0


def test_a_hostile_post_is_shown_as_text(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    found = re.search(r'name="token" value="([^"]+)"', client.get("/try").text)
    assert found
    hostile = "<script>alert(1)</script> Edith Pennick School {{ 7*7 }} \x00"
    answer = client.post("/try", data={"token": found[1], "text": hostile})
    assert "<script>alert" not in answer.text
    assert "{{ 7*7 }}" in answer.text
    too_long = client.post("/try", data={"token": found[1], "text": "a" * 10_001})
    assert too_long.status_code == 400
