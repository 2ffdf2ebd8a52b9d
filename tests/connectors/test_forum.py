"""Forums by their software, against servers of ours with the feed where that software has it."""

from __future__ import annotations

import pytest

from connectors.types import Batch, Cursor, NotModified, Ok
from monitor.sample.platforms.feedsites import FORUMS, Entry, Forum
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Site, serving

POST = Entry(
    name="forum.example-post-7",
    title="Parking again",
    text="<p>The road at <b>Oak Hill School</b> is full.</p>",
    link="https://forum.example/t/parking/3/2",
    at=NOW,
)
every = pytest.mark.parametrize("software", FORUMS)


def ask(software: str, site: Site, cursor: Cursor = NEVER_ASKED, path: str = "/") -> Batch:
    options = {"software": software, "site": f"{site.address}{path}"}
    return asked("forum", options, site, cursor=cursor)


@every
def test_the_site_alone_is_enough(software: str) -> None:
    with serving(Forum(software, POST)) as site:
        batch = ask(software, site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.title) == ("web", "post", "Parking again")
    assert mention.text == "The road at Oak Hill School is full."


@every
def test_nothing_new_costs_the_forum_nothing(software: str) -> None:
    with serving(Forum(software, POST)) as site:
        first = ask(software, site)
        again = ask(software, site, cursor=first.cursor)
    assert isinstance(again.health, NotModified)
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("software", "path"),
    [("phpbb", "/feed"), ("discourse", "/latest.rss"), ("flarum", "/atom/discussions")],
)
def test_a_forum_with_another_feed_of_its_software_is_read_there_and_remembered(
    software: str, path: str
) -> None:
    with serving(Forum(software, POST, path=path)) as site:
        first = ask(software, site)
        ask(software, site, cursor=first.cursor)
    assert len(first.mentions) == 1
    assert [one.path for one in site.asked[-2:]] == [path, path]


@every
def test_a_forum_without_a_feed_is_told_with_what_to_do(software: str) -> None:
    with serving(Forum(software, path="/elsewhere")) as site:
        health = not_measured(ask(software, site))
    assert health.kind == "Gone"
    assert "switch feeds on" in health.reason


def test_a_forum_in_a_folder_is_asked_there() -> None:
    with serving(Forum("xenforo", POST, path="/community/forums/-/index.rss")) as site:
        assert len(ask("xenforo", site, path="/community/").mentions) == 1


def test_a_forum_that_wants_a_pause_gets_it() -> None:
    forum = Forum("discourse", POST)
    forum.allowance = 0
    with serving(forum) as site:
        health = not_measured(ask("discourse", site))
    assert (health.kind, health.retry_after) == ("Throttled", 27)
    assert len(site.asked) == 1
