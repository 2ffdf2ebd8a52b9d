"""A Discourse forum's own search, against a server of ours, where its owner lets robots use it."""

from __future__ import annotations

from datetime import timedelta

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.discourse import AS_SHIPPED, OPEN, Discourse, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Site, as_json, as_text, serving

TERMS = ("Oak Hill School",)


def forum(many: int, robots: str = OPEN) -> Discourse:
    """So many posts in one topic, numbered from 1, and one that names nobody of ours."""
    at = NOW - timedelta(hours=1)
    said = [
        post(12, number, at + timedelta(seconds=number), f"Oak Hill School, part {number}")
        for number in range(1, many + 1)
    ]
    return Discourse(*said, post(13, 1, at, "Where is the cheapest petrol?"), robots=robots)


def ask(site: Site, cursor: Cursor = NEVER_ASKED) -> Batch:
    return asked("discourse", {"site": site.address}, site, terms=TERMS, cursor=cursor)


def test_posts_are_found_page_by_page_and_told_once() -> None:
    with serving(forum(70)) as site:
        first = ask(site)
        again = ask(site, first.cursor)
    assert first.health == Ok()
    assert len(first.mentions) == 70
    assert again.mentions == ()
    newest = first.mentions[0]
    assert newest.title == "Bus times"
    assert newest.url == f"{site.address}/t/bus-times/12/70"
    assert newest.external_id.endswith("-post-12-70")


def test_more_than_a_poll_reads_is_told_as_a_possible_gap() -> None:
    with serving(forum(10)) as site:
        first = ask(site)
    with serving(forum(400)) as site:
        assert ask(site, first.cursor).possible_gap


def test_a_search_that_is_kept_from_robots_is_left_alone() -> None:
    with serving(forum(3, robots=AS_SHIPPED)) as site:
        health = not_measured(ask(site))
        assert [one.path for one in site.asked] == ["/robots.txt"]
    assert health.kind == "Blocked"
    assert "kind forum" in health.reason


def test_what_is_no_search_is_not_measured() -> None:
    with serving(lambda a: as_text(OPEN) if "robots" in a.path else as_json({"posts": []})) as site:
        assert not_measured(ask(site)).kind == "Malformed"
