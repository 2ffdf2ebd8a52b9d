"""The data protection officer sees who looked at what, and that the policy is overdue."""

from __future__ import annotations

from collections.abc import Callable

from httpx import Client

from monitor.store import audit
from tests.doubles.consoles import NOW, Scene

Browsing = Callable[..., Client]


def test_who_asked_for_most_names_stands_first_and_leads_to_what_they_did(
    empty: Scene, browsing: Browsing
) -> None:
    with empty.store.begin() as tx:
        for actor, action, times in (
            ("A. Curious", "mention.names_revealed", 3), ("B. Busy", "mention.viewed", 5),
            ("B. Busy", "mention.names_revealed", 1),
        ):  # fmt: skip
            for number in range(times):
                audit.append(tx, actor=actor, action=action, subject=f"mention {number}", now=NOW)
    client = browsing(empty)
    page = client.get("/audit").text
    assert page.index("A. Curious") < page.index("B. Busy")
    one = client.get("/audit", params={"who": "A. Curious"}).text
    assert "B. Busy" not in one
    assert one.count("Asked for the names in") == 3
    assert "A. Curious" in client.get("/audit", params={"subject": "mention 2"}).text


def test_a_policy_past_its_review_is_said(empty: Scene, browsing: Browsing) -> None:
    assert "was due for review on" in browsing(empty).get("/board").text
