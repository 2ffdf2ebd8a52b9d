"""Nobody is watched: who comes back to one author's posts says why, and that is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Client

from connectors.types import Author
from monitor.context import Context
from monitor.rights import retention
from monitor.store import audit, openings
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
TOPICS = ("the boiler hums", "a bus came late", "soup was cold today", "choir sang in the rain")


def by_one(scene: Scene, **more: object) -> list[int]:
    """Four matters of one author."""
    return [
        scene.add(Written(text=f"{topic} at Pennick", handle="harbourgull", **more))  # type: ignore[arg-type]
        for topic in TOPICS
    ]


def test_the_fourth_post_of_one_author_asks_why_and_shows_nothing_before(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    numbers, client = by_one(empty), browsing(empty)
    for number in numbers[:3]:
        assert client.get(f"/mentions/{number}").status_code == 200
    asked = client.get(f"/mentions/{numbers[3]}?next=1&from=state%3Dquiet")
    assert asked.headers["location"] == f"/mentions/{numbers[3]}/why?next=1&from=state%3Dquiet"
    page = client.get(asked.headers["location"]).text
    assert "choir" not in page
    assert "harbourgull" not in page
    form = {"token": token(client), "at": "state=quiet", "in_turn": "1"}
    address = f"/mentions/{numbers[3]}/why"
    assert client.post(address, data=form).status_code == 422
    assert client.post(address, data={**form, "why": "other", "said": "hm"}).status_code == 422
    for way in ("reveal", "pictures", "evidence/1/picture"):
        assert client.post(f"/mentions/{numbers[3]}/{way}", data=form).status_code == 303, way
    gone_on = client.post(address, data={**form, "why": "other", "said": "The head asked me to"})
    assert gone_on.headers["location"] == f"/mentions/{numbers[3]}?from=state%3Dquiet&next=1"
    assert "choir" in client.get(gone_on.headers["location"]).text
    with empty.store.read() as tx:
        entries = audit.listing(tx, 9, action="mention.opened_again")
    assert [(one.actor, one.subject) for one in entries] == [
        (REVIEWER, f"mention {numbers[3]}: another reason")
    ]


def test_what_was_opened_before_is_opened_again_without_asking(
    empty: Scene, browsing: Browsing
) -> None:
    numbers, client = by_one(empty), browsing(empty)
    for number in (*numbers[:3], numbers[0], numbers[2]):
        assert client.get(f"/mentions/{number}").status_code == 200


@pytest.mark.parametrize("more", [{"kind": "article"}, {"more": {"author": Author()}}])
def test_a_publishers_articles_and_what_has_no_author_ask_nothing(
    empty: Scene, browsing: Browsing, more: dict[str, object]
) -> None:
    client = browsing(empty)
    for number in by_one(empty, **more):
        assert client.get(f"/mentions/{number}").status_code == 200


def test_after_two_weeks_it_is_no_repetition_and_the_looks_are_forgotten(
    empty: Scene, browsing: Browsing, working: Callable[[Scene], Context]
) -> None:
    numbers, client = by_one(empty), browsing(empty)
    for number in numbers[:3]:
        client.get(f"/mentions/{number}")
    empty.now += openings.LATELY + timedelta(minutes=1)
    assert client.get(f"/mentions/{numbers[3]}").status_code == 200
    empty.now += openings.KEPT + timedelta(minutes=1)
    list(retention.forget(working(empty)))
    with empty.store.read() as tx:
        assert openings.last(tx, numbers[0], REVIEWER) is None
        assert openings.last(tx, numbers[3], REVIEWER) is None
