"""The sites answer as real ones would, over real HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

import feedparser
import httpx
import pytest

from monitor import sample
from monitor.sample.feeds import PATHS
from monitor.sample.internet import RETRY_AFTER_SECONDS
from monitor.sample.personas import REVIEWER, STAFF
from monitor.sample.sites import Site, sites
from monitor.sample.world import World
from tests.sample.clock import EPOCH, Clock

WELL = [site for site in sites() if site.trouble is None and site.form in PATHS]
XML = [site for site in WELL if site.form != "jsonfeed"]


def feed_url(world: World, site: Site) -> str:
    return world.urls.sites[site.id] + PATHS[site.form]


def site_named(name: str) -> Site:
    return next(site for site in sites() if site.id == name)


def ids(world: World, reader: httpx.Client, name: str) -> list[str]:
    answer = reader.get(feed_url(world, site_named(name)))
    return [entry["id"] for entry in feedparser.parse(answer.content)["entries"]]


@pytest.mark.parametrize("site", XML, ids=lambda site: site.id)
def test_every_xml_feed_is_well_formed_and_dated(
    site: Site, still_world: World, reader: httpx.Client
) -> None:
    answer = reader.get(feed_url(still_world, site))
    feed = feedparser.parse(answer.content)
    assert feed["version"] in ("rss20", "atom10")
    assert not feed["bozo"]
    published = [entry for entry in site.posts if not entry.at.startswith("+")]
    assert len(feed["entries"]) == len(published)
    for entry in feed["entries"]:
        assert entry["published_parsed"] <= EPOCH.utctimetuple()
        assert entry["title"]
        assert entry.get("summary") or entry["content"][0]["value"]


@pytest.mark.parametrize(
    "site", [site for site in WELL if site.form == "jsonfeed"], ids=lambda site: site.id
)
def test_every_json_feed_says_what_version_1_1_asks(
    site: Site, still_world: World, reader: httpx.Client
) -> None:
    answer = reader.get(feed_url(still_world, site))
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"]
    for item in feed["items"]:
        assert item["id"]
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]) <= EPOCH


@pytest.mark.parametrize("site", WELL, ids=lambda site: site.id)
def test_each_post_has_a_page_to_open(site: Site, still_world: World, reader: httpx.Client) -> None:
    base = still_world.urls.sites[site.id]
    assert reader.get(f"{base}/").status_code == 200
    page = reader.get(f"{base}/{site.posts[0].id}/")
    assert page.status_code == 200
    assert site.name in unescape(page.text)
    assert reader.get(f"{base}/no-such-post/").status_code == 404


def test_a_reader_who_has_the_feed_is_told_that_nothing_changed(
    still_world: World, reader: httpx.Client
) -> None:
    url = feed_url(still_world, site_named("averford-library"))
    first = reader.get(url)
    by_tag = reader.get(url, headers={"If-None-Match": first.headers["etag"]})
    by_date = reader.get(url, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.content == b""
    assert parsedate_to_datetime(first.headers["last-modified"]) < EPOCH


def test_posts_arrive_while_one_watches(world: World, clock: Clock, reader: httpx.Client) -> None:
    url = feed_url(world, site_named("back-of-the-bus"))
    first = reader.get(url)
    before = ids(world, reader, "back-of-the-bus")
    clock.go_on(timedelta(seconds=60))
    again = reader.get(url, headers={"If-None-Match": first.headers["etag"]})
    after = ids(world, reader, "back-of-the-bus")
    assert again.status_code == 200
    assert len(after) == len(before) + 1
    assert after[1:] == before


def test_a_post_that_is_yet_to_come_cannot_be_opened(
    world: World, clock: Clock, reader: httpx.Client
) -> None:
    page = f"{world.urls.sites['back-of-the-bus']}/live-crisps/"
    assert reader.get(page).status_code == 404
    clock.go_on(timedelta(minutes=6))
    assert reader.get(page).status_code == 200


def test_the_search_feed_finds_the_words_and_nothing_else(
    still_world: World, reader: httpx.Client
) -> None:
    base = still_world.urls.sites["wendshire-live"]
    answer = reader.get(base, params={"s": '"Brackenford Primary School"', "feed": "rss2"})
    feed = feedparser.parse(answer.content)
    assert feed["version"] == "rss20"
    assert len(feed["entries"]) >= 3
    for entry in feed["entries"]:
        assert "brackenford primary school" in entry["content"][0]["value"].lower()
    nothing = reader.get(base, params={"s": "zyzzyva", "feed": "rss2"})
    assert feedparser.parse(nothing.content)["entries"] == []
    odd = reader.get(base, params={"s": "\"St Wilgar's", "feed": "rss2"})
    assert len(feedparser.parse(odd.content)["entries"]) >= 1


def test_the_comments_feed_names_the_post_and_the_commenter(
    still_world: World, reader: httpx.Client
) -> None:
    answer = reader.get(still_world.urls.sites["wendshire-live"] + "/comments/feed/")
    feed = feedparser.parse(answer.content)
    assert len(feed["entries"]) >= 15
    assert all(entry["title"].startswith("Comment on ") for entry in feed["entries"])
    assert all("#comment-" in entry["link"] for entry in feed["entries"])


def test_the_member_of_staff_and_her_namesake_are_both_found(
    still_world: World, reader: httpx.Client
) -> None:
    base = still_world.urls.sites["wendshire-live"]
    answer = reader.get(base, params={"s": f'"{STAFF}"', "feed": "rss2"})
    texts = [entry["content"][0]["value"] for entry in feedparser.parse(answer.content)["entries"]]
    assert sum("Edith Pennick" in text for text in texts) >= 3
    assert sum("Edith Pennick" not in text for text in texts) == 2
    assert STAFF != REVIEWER


def test_a_throttling_site_says_how_long_to_wait(still_world: World, reader: httpx.Client) -> None:
    answer = reader.get(feed_url(still_world, site_named("harbour-sports-desk")))
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == str(RETRY_AFTER_SECONDS)


def test_a_failing_site_fails(still_world: World, reader: httpx.Client) -> None:
    assert reader.get(feed_url(still_world, site_named("council-papers"))).status_code == 500


def test_a_hanging_site_says_nothing_and_delays_no_other(
    world: World, reader: httpx.Client
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        reader.get(feed_url(world, site_named("old-pennickians")), timeout=0.3)
    assert reader.get(feed_url(world, site_named("averford-gazette"))).status_code == 200


def test_broken_xml_still_holds_its_items(still_world: World, reader: httpx.Client) -> None:
    site = site_named("coastal-mums")
    feed = feedparser.parse(reader.get(feed_url(still_world, site)).content)
    assert feed["bozo"]
    assert len(feed["entries"]) >= 5


def test_a_login_page_comes_with_status_200(still_world: World, reader: httpx.Client) -> None:
    answer = reader.get(feed_url(still_world, site_named("brackenford-fc")))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert feedparser.parse(answer.content)["version"] == ""


def test_robots_txt_closes_what_a_site_closes(still_world: World, reader: httpx.Client) -> None:
    closed = reader.get(still_world.urls.sites["averford-gazette"] + "/robots.txt")
    assert "Disallow: /subscribers/" in closed.text
    assert reader.get(still_world.urls.sites["harbour-radio"] + "/robots.txt").status_code == 200


def test_after_a_restart_the_same_posts_have_the_same_dates(
    tmp_path: Path, clock: Clock, reader: httpx.Client
) -> None:
    def read() -> list[tuple[str, str]]:
        with World(sample.settings({}, tmp_path), data_dir=tmp_path, clock=clock) as world:
            answer = reader.get(feed_url(world, site_named("averford-gazette")))
            entries = feedparser.parse(answer.content)["entries"]
            return [(entry["id"], entry["published"]) for entry in entries]

    first = read()
    clock.go_on(timedelta(seconds=20))
    assert read() == first


def test_where_a_port_is_taken_another_is_used_and_the_settings_say_so(
    world: World, tmp_path: Path, reader: httpx.Client
) -> None:
    elsewhere = tmp_path / "second"
    settings = sample.settings({}, elsewhere)
    with World(settings, data_dir=elsewhere) as second:
        assert set(second.urls.sites.values()).isdisjoint(world.urls.sites.values())
        assert second.settings.mail.port == second.urls.smtp_port != world.urls.smtp_port
        for source in second.settings.sources:
            (allowed,) = source.allow
            assert f"http://{allowed}" in second.urls.sites.values()
            secret = second.settings.secrets.get(source.kind)  # where an address is one
            assert allowed in f"{source.options}{secret and secret.get_secret_value()}"
        again = sample.settings({}, elsewhere)
        assert again.sources == second.settings.sources


def test_a_second_command_joins_the_world_that_is_running(
    world: World, tmp_path: Path, reader: httpx.Client
) -> None:
    with World(sample.settings({}, tmp_path), data_dir=tmp_path) as joined:
        assert joined.urls == world.urls
        assert joined.settings.sources == world.settings.sources
    assert reader.get(world.urls.mailbox).status_code == 200


def test_when_the_world_ends_its_ports_are_free_again(tmp_path: Path) -> None:
    with World(sample.settings({}, tmp_path), data_dir=tmp_path) as first:
        before = first.urls
    with World(sample.settings({}, tmp_path), data_dir=tmp_path) as second:
        assert second.urls == before
