"""News engines, alerts by secret addresses and video channels, against servers of ours."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.feedsites import Channels, Entry, NewsDesk
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.connectors.recorded import RECORDED, as_recorded
from tests.doubles.loopback import Asked, Reply, Site, serving

TERMS = ("Oak Hill School", "Mere Lane Primary")
HOUR = timedelta(hours=1)
ALERT = "/alerts/feeds/10000000000000000001/2"


def news(number: int, name: str = "Oak Hill School") -> Entry:
    return Entry(
        name=f"CBMi{number}",
        title=f"{name} opens a garden - Millbrook Courier",
        text=f"<a href='https://a.example'>{name} opens a garden</a>",
        link=f"https://news.example/articles/CBMi{number}",
        at=NOW - number * HOUR,
    )


def search(
    site: Site,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    **options: object,
) -> Batch:
    where = {"google": f"{site.address}/rss/search", "bing": f"{site.address}/news/search"}
    return asked("news_search", where | options, site, terms=terms, cursor=cursor)


def test_an_article_is_told_with_its_publisher_and_markup_is_taken_off() -> None:
    with serving(NewsDesk(news(1))) as site:
        batch = search(site, engines=["google"])
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind) == ("web", "article")
    assert mention.title == "Oak Hill School opens a garden - Millbrook Courier"
    assert "<" not in mention.text
    assert mention.published_at == NOW - HOUR


def test_both_engines_are_asked_for_all_terms_in_their_own_words() -> None:
    with serving(NewsDesk(news(1), news(2, "Mere Lane Primary"))) as site:
        batch = search(site, country="IE")
    google, bing = site.asked
    assert google.query == {
        "q": '("Oak Hill School" OR "Mere Lane Primary") when:7d',
        "hl": "en-IE",
        "gl": "IE",
        "ceid": "IE:en",
    }
    assert (bing.query["format"], bing.query["cc"]) == ("rss", "IE")
    assert len(batch.mentions) == 2


def test_no_more_searches_are_made_than_one_poll_may_and_the_rest_follow() -> None:
    terms = tuple(f"The {name} Church of England Primary School" for name in "ABCDEFGHIJKLMNOP")
    with serving(NewsDesk()) as site:
        first = search(site, terms=terms, searches=3)
        search(site, terms=terms, searches=3, cursor=first.cursor)
    assert len(site.asked) == len({one.target for one in site.asked}) == 6


def test_what_was_told_before_is_not_told_again_and_an_outrun_window_is_a_gap() -> None:
    desk = NewsDesk(news(1), news(2))
    with serving(desk) as site:
        first = search(site, engines=["google"])
        again = search(site, engines=["google"], cursor=first.cursor)
        desk.entries = [news(3), news(4)]
        outrun = search(site, engines=["google"], cursor=again.cursor)
    assert (len(first.mentions), len(again.mentions), len(outrun.mentions)) == (2, 0, 2)
    assert (first.possible_gap, again.possible_gap, outrun.possible_gap) == (False, False, True)


def test_a_page_that_asks_a_robot_for_consent_is_no_silence() -> None:
    with serving(NewsDesk(news(1), consents=True)) as site:
        assert not_measured(search(site, engines=["google"])).kind == "Malformed"
        assert "feed" in partly(search(site))


def test_an_engine_that_turns_us_away_is_not_measured() -> None:
    with serving(NewsDesk(news(1), refuses=True)) as site:
        assert not_measured(search(site)).kind in ("Unreachable", "Throttled")


def alerts(site: Site, *paths: str, cursor: Cursor = NEVER_ASKED) -> Batch:
    secret = " ".join(f"{site.address}{path}" for path in paths)
    secrets = {"google_alerts": SecretStr(secret)} if secret else {}
    return asked("google_alerts", {}, site, cursor=cursor, secrets=secrets)


def test_alerts_are_read_by_addresses_that_stand_in_no_cursor_reason_or_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    payload = RECORDED / "rss" / "google-alerts.atom"

    def google(request: object) -> Reply:
        return as_recorded(payload) if site.asked[-1].path == ALERT else Reply(status=404)

    with serving(google) as site:
        batch = alerts(site, ALERT, "/alerts/feeds/10000000000000000001/gone")
        none = not_measured(alerts(site, "/alerts/feeds/10000000000000000001/gone"))
    assert batch.mentions
    assert batch.mentions[0].url == "https://courier.example/news/choir-final"
    assert "no longer exists" in partly(batch)
    for said in (str(batch.cursor), partly(batch), str(none), caplog.text):
        assert "10000000000000000001" not in said


def test_without_the_secret_alerts_are_not_measured() -> None:
    with serving(lambda _: None) as site:
        health = not_measured(alerts(site))
    assert "TRUST_MONITOR_SECRET_GOOGLE_ALERTS" in health.reason


def test_videos_of_the_named_channels_have_the_ids_that_the_search_gives_them() -> None:
    one, other = [("vid1", "Sports day", NOW - HOUR)], [("vid2", "Carols", NOW - HOUR)]
    with serving(Channels(UCa=one, UCb=other)) as site:
        where = {"channels": ["UCa", "UCb"], "address": f"{site.address}/feeds/videos.xml"}
        batch = asked("youtube_channel", where, site)
        again = asked("youtube_channel", where, site, cursor=batch.cursor)
    assert {(m.platform, m.external_id) for m in batch.mentions} == {
        ("youtube", "https://www.youtube.com/watch?v=vid1"),
        ("youtube", "https://www.youtube.com/watch?v=vid2"),
    }
    assert {m.title for m in batch.mentions} == {"Sports day", "Carols"}
    assert again.mentions == ()


def test_a_channel_that_is_gone_keeps_no_other_from_being_read() -> None:
    with serving(Channels(UCb=[("vid2", "Carols", NOW - HOUR)])) as site:
        where = {"channels": ["UCgone", "UCb"], "address": f"{site.address}/feeds/videos.xml"}
        first = asked("youtube_channel", where, site)
        second = asked("youtube_channel", where, site, cursor=first.cursor)
    found = [m.title for batch in (first, second) for m in batch.mentions]
    assert found == ["Carols"]


def test_each_feed_rests_for_its_own_time_and_the_others_do_not_wait_for_it() -> None:
    """One wants to be left alone for an hour; the other says nothing of it."""

    video = [("vid1", "Sports day", NOW - HOUR)]
    desk = Channels(UCslow=video, UCquick=video)

    def answer(request: Asked) -> Reply:
        reply = desk(request)
        rests = {"Cache-Control": "max-age=3600"} if "UCslow" in request.target else {}
        return replace(reply, headers={**reply.headers, **rests})

    with serving(answer) as site:
        options = {"channels": ["UCslow", "UCquick"], "address": f"{site.address}/feed"}
        first = asked("youtube_channel", options, site)
        soon = asked("youtube_channel", options, site, cursor=first.cursor, now=NOW + HOUR / 4)
        late = asked("youtube_channel", options, site, cursor=soon.cursor, now=NOW + HOUR)
    asked_for = [one.query["channel_id"] for one in site.asked]
    assert asked_for == ["UCslow", "UCquick", "UCquick", "UCslow", "UCquick"]
    assert (first.rests_seconds, soon.rests_seconds, late.rests_seconds) == (0, 0, 0)
    assert isinstance(soon.health, Ok)
