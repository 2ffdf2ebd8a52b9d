"""A Discourse forum's own search, against a server of ours, where its owner lets robots use it."""

from __future__ import annotations

from datetime import timedelta

from connectors.types import Batch, Cursor, Ok
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School",)
OPEN, AS_SHIPPED = "User-agent: *\nDisallow: /admin/\n", "User-agent: *\nDisallow: /search\n"


class Discourse:
    """Posts numbered from 1 in one topic, newest first, 50 a page."""

    def __init__(self, many: int, robots: str = OPEN) -> None:
        self.many = many
        self.robots = robots

    def __call__(self, request: Asked) -> Reply:
        if request.path == "/robots.txt":
            return as_text(self.robots)
        assert request.path == "/search.json"
        assert request.query["q"].startswith('"Oak Hill School" order:latest after:20')
        start = (int(request.query["page"]) - 1) * 50
        numbers = range(self.many, 0, -1)[start : start + 50]
        posts = [
            {
                "id": 900 + at, "topic_id": 12, "post_number": at, "username": "wren",
                "blurb": f"Oak Hill School, part {at}",
                "created_at": (NOW - timedelta(hours=1)).isoformat(),
            }
            for at in numbers
        ]  # fmt: skip
        found = {"more_full_page_results": True if start + 50 < self.many else None}
        topics = [{"id": 12, "title": "Bus times", "slug": "bus-times"}]
        return as_json({"posts": posts, "topics": topics, "grouped_search_result": found})


def ask(site: Site, cursor: Cursor = NEVER_ASKED) -> Batch:
    return asked("discourse", {"site": site.address}, site, terms=TERMS, cursor=cursor)


def test_posts_are_found_page_by_page_and_told_once() -> None:
    with serving(Discourse(70)) as site:
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
    with serving(Discourse(10)) as site:
        first = ask(site)
    with serving(Discourse(400)) as site:
        assert ask(site, first.cursor).possible_gap


def test_a_search_that_is_kept_from_robots_is_left_alone() -> None:
    with serving(Discourse(3, robots=AS_SHIPPED)) as site:
        health = not_measured(ask(site))
        assert [one.path for one in site.asked] == ["/robots.txt"]
    assert health.kind == "Blocked"
    assert "kind forum" in health.reason


def test_what_is_no_search_is_not_measured() -> None:
    with serving(lambda a: as_text(OPEN) if "robots" in a.path else as_json({"posts": []})) as site:
        assert not_measured(ask(site)).kind == "Malformed"
