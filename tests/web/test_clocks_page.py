"""Response clocks as people see them: in the queue, on a mention, in a case, on their own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx

from alerts.duty import Duty
from monitor import clocks
from monitor.store import mentions
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

Browsing = Callable[..., httpx.Client]


def begin(scene: Scene, number: int) -> None:
    """Let a mention's clocks run, as its assessment does."""
    settings = scene.settings
    with scene.store.begin() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
        assert detail is not None
        assert detail.assessment is not None
        duty = Duty(rota=settings.rota, now=scene.now)
        clocks.start(
            tx, detail.story_id or 0, detail.assessment, scene.now,
            policy=settings.policy, duty=duty,
        )  # fmt: skip


def gravest(client: httpx.Client) -> int:
    return int(client.get("/").text.partition('data-id="')[2].partition('"')[0])


def test_a_clock_is_seen_in_the_queue_on_the_mention_and_on_the_page_of_clocks(
    full: Scene, browsing: Browsing
) -> None:
    client = browsing(full)
    number = gravest(client)
    assert "Nothing is waited for" in client.get("/clocks").text
    begin(full, number)
    assert "To be seen in 30 min" in client.get("/").text
    full.now += timedelta(hours=2)
    assert "Late: was to be seen 1 h ago" in client.get("/").text
    page = client.get("/clocks").text
    assert "Past their time" in page
    assert f'href="/mentions/{number}"' in page
    shown = client.get(f"/mentions/{number}").text
    assert "It is to be decided in" in shown  # opening it was the first look
    assert "Past their time" not in client.get("/clocks").text


def test_a_case_shows_when_it_is_to_be_begun_and_closed(
    full: Scene, browsing: Browsing, decide: Callable[..., httpx.Response]
) -> None:
    client = browsing(full)
    number = gravest(client)
    decide(client, number, "open_case", then="case")
    full.now += timedelta(hours=6)
    case = client.get("/cases/1").text
    assert "Late: it was to have its first step" in case
    assert "It is to be closed in 13 days" in case
    assert "Late: it was to have its first step" in client.get("/cases").text
    assert "Case 1" in client.get("/clocks").text
