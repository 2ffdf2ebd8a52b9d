"""Why was this not flagged? Asked with a link."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from monitor import rules
from monitor.store import mentions
from monitor.store.rules import Aim
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]


def ask(console: httpx.Client, token: Token, text: str) -> str:
    return console.post("/try", data={"token": token(console), "text": text}).text


@pytest.mark.parametrize("change", ["{}", "{}/", "http://www.{}"])
def test_a_link_that_was_collected_is_found_and_explained(
    full: Scene, browsing: Browsing, token: Token, change: str
) -> None:
    number = full.add(Written(text="Bring coats to {@oakenhall|Oakenhall} tomorrow please"))
    with full.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
    assert detail
    bare = detail.mention.url if "//" not in change else detail.mention.url.split("//")[1]
    said = ask(browsing(full), token, change.format(bare))
    assert f"Open mention {number}" in said
    assert "No label reached its threshold" in said


def test_a_mute_is_named(full: Scene, browsing: Browsing, token: Token) -> None:
    number = full.add(
        Written(text="{reputation|Cold} at {@oakenhall|Oakenhall}", sure={"reputation": 0.8})
    )
    rules.begin(
        full.store, "mute", Aim(words="cold"), name="Known cold", by="A", reason="x",
        until=None, now=full.now,
    )  # fmt: skip
    with full.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
    assert detail
    assert "It was muted by “Known cold”." in ask(browsing(full), token, detail.mention.url)


def test_what_was_never_collected_says_what_to_do(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    said = ask(browsing(full), token, "https://elsewhere.example/1")
    assert "It is not among what was collected" in said
    assert "Share the link" in said
