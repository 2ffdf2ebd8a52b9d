"""A reviewer shares a link: by the form, by the bookmarklet, never by another site."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

from httpx import Client

from monitor import tasks
from monitor.context import Context
from monitor.store import audit, mentions, queue
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]
Working = Callable[[Scene], Context]
Token = Callable[[Client], str]
LINK = "https://www.tiktok.com/@somebody/video/1?x=1&y=2"


def test_a_shared_link_stands_in_the_queue_even_when_nothing_is_flagged(
    empty: Scene, browsing: Browsing, token: Token, working: Working
) -> None:
    client = browsing(empty)
    form = {"token": token(client), "link": LINK, "platform": "TikTok", "text": "nice weather"}
    assert "in the queue" in client.post("/share", data=form).text
    assert "there already" in client.post("/share", data=form).text
    tasks.assess(working(empty))
    with empty.store.read() as tx:
        (row,) = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=5).rows
        assert audit.listing(tx, 1)[0].action == "mention.shared"
    assert (row.url, row.platform, row.state) == (LINK, "tiktok", "open")
    assert client.get(f"/mentions/{row.mention_id}").status_code == 200


def test_a_link_alone_is_enough_and_nothing_at_all_is_not(
    empty: Scene, browsing: Browsing, token: Token, working: Working
) -> None:
    client = browsing(empty)
    for link in ("", "javascript:alert(1)", "https://"):
        answer = client.post("/share", data={"token": token(client), "link": link})
        assert answer.status_code == 422
        assert "Not taken" in answer.text
    assert client.post("/share", data={"token": token(client), "link": LINK}).status_code == 200
    assert tasks.assess(working(empty)) == 1
    assert client.get("/mentions/1").status_code == 200


def test_the_bookmarklet_fills_the_form_and_stores_nothing(
    empty: Scene, browsing: Browsing
) -> None:
    client = browsing(empty)
    given = urlencode({"link": LINK, "text": 'they said "<b>x</b>"', "title": "T"})
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document"}  # fmt: skip
    page = client.get(f"/share?{given}", headers=followed).text
    assert LINK in unescape(page)
    assert "<b>x" not in page
    with empty.store.read() as tx:
        assert mentions.pending(tx, 5) == []
    found = re.search(r'href="(javascript:[^"]+)"', page)
    assert found
    assert f"open('{client.base_url}".rstrip("/") in unescape(found[1])
