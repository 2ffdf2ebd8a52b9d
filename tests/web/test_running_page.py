"""What IT sees of the service itself: what waits, since when, and whether that is an alarm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from httpx import Client

from tests.doubles.consoles import Scene
from tests.web.test_resending import THREAT, said

Browsing = Callable[..., Client]


def test_what_waits_for_too_long_is_an_alarm(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    empty.add(THREAT)
    empty.now += timedelta(hours=3)
    page = said(client.get("/running").text)
    assert "The service does not keep up." in page
    assert "Messages to send: " in page
    assert "One process does everything" in page
    alarm = client.get("/health/work")
    assert alarm.status_code == 503
    assert "Sources to ask: " in alarm.text
    assert "are due, the oldest for 3 hours" in alarm.text


def test_no_word_of_a_post_stands_there(empty: Scene, browsing: Browsing) -> None:
    empty.add(THREAT)
    page = browsing(empty).get("/running").text
    words = [word for word in re.findall(r"[a-zA-Z]{4,}", THREAT.text) if word != "threat"]
    assert "burn" in words
    assert [word for word in words if word.casefold() in page.casefold()] == []
