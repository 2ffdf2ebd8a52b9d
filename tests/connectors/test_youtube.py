"""YouTube, against a server of ours that wants a key and counts searches as the real one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, NotMeasured, Ok
from monitor.sample.platforms.youtube import KEY, Video, YouTube, refused, video
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School", "Mere Lane Primary")
HOUR = timedelta(hours=1)


def ask(
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    key: str | None = KEY,
    now: datetime = NOW,
    **options: object,
) -> Batch:
    secrets = {"youtube_key": SecretStr(key)} if key else {}
    where = {"address": site.address, **options}
    return asked("youtube", where, site, terms=terms, cursor=cursor, now=now, secrets=secrets)


def videos(count: int) -> list[Video]:
    return [
        video(f"v{n}", NOW - HOUR * (n + 1), f"Oak Hill School, take {n}") for n in range(count)
    ]


def test_a_video_is_told_with_its_whole_description_and_kept_a_month() -> None:
    words = "Fight outside Oak Hill School, filmed from the bus on the way home, watch to the end"
    one = video("abc", NOW - HOUR, "Tom &amp; Jerry at Oak Hill", words)
    with serving(YouTube(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.title, mention.text) == (
        "youtube", "Tom & Jerry at Oak Hill", words,
    )  # fmt: skip
    assert mention.url == mention.external_id == "https://www.youtube.com/watch?v=abc"
    assert (mention.author.name, mention.author.handle) == ("Wren & Co", "UCtried")
    assert mention.published_at == NOW - HOUR
    assert mention.expires_at == NOW + timedelta(days=30)


def test_many_terms_make_one_search_and_the_key_stands_in_no_address() -> None:
    with serving(YouTube()) as site:
        ask(site)
    (search,) = site.asked
    assert search.query["q"] == '"Oak Hill School"|"Mere Lane Primary"'
    assert (search.query["type"], search.query["order"]) == ("video", "date")
    assert KEY not in str(search.query)


def test_what_was_told_is_not_told_again_and_what_comes_late_is() -> None:
    server = YouTube(*videos(3))
    with serving(server) as site:
        first = ask(site)
        server.videos.append(video("late", NOW - 3 * HOUR, "Oak Hill School, sorted in late"))
        again = ask(site, cursor=first.cursor, now=NOW + HOUR)
    assert len(first.mentions) == 3
    assert [one.title for one in again.mentions] == ["Oak Hill School, sorted in late"]


def test_one_poll_makes_no_more_searches_than_it_may_and_goes_on_at_the_next() -> None:
    terms = tuple(f"The School of Many Words in the Name Number {n} by the Sea" for n in range(9))
    with serving(YouTube()) as site:
        first = ask(site, terms=terms, searches=2)
        assert len(site.asked) == 2
        ask(site, terms=terms, searches=1, cursor=first.cursor)
    assert len({search.query["q"] for search in site.asked}) == 3


def test_a_used_up_allowance_waits_for_midnight_in_california() -> None:
    with serving(YouTube(*videos(1), allowance=0)) as site:
        health = not_measured(ask(site, now=datetime(2026, 11, 23, 20, 0, tzinfo=UTC)))
    assert health.kind == "Throttled"
    assert health.retry_after == pytest.approx(12 * 3600)
    assert KEY not in health.reason


def test_without_a_key_nothing_is_asked_and_it_is_said_where_it_belongs() -> None:
    with serving(YouTube()) as site:
        health = not_measured(ask(site, key=None))
        assert site.asked == []
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_YOUTUBE_KEY" in health.reason


def test_a_key_that_google_does_not_know_is_told_as_lost() -> None:
    with serving(YouTube(*videos(1))) as site:
        health = not_measured(ask(site, key="wr0ng"))
    assert health.kind == "AuthLost"
    assert "API_KEY_INVALID" in health.reason
    assert "wr0ng" not in health.reason


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "dailyLimitExceeded", "Throttled"),
        (403, "userRateLimitExceeded", "Throttled"),
        (429, "rateLimitExceeded", "Throttled"),
        (403, "accessNotConfigured", "AuthLost"),
        (400, "keyExpired", "AuthLost"),
        (403, "somethingNew", "Blocked"),
        (400, "invalidPageToken", "Malformed"),
    ],
)
def test_each_reason_is_told_for_what_it_is(status: int, reason: str, kind: str) -> None:
    with serving(lambda _: refused(status, reason)) as site:
        assert not_measured(ask(site)).kind == kind


def test_a_video_taken_down_meanwhile_is_left_out() -> None:
    server = YouTube(*videos(2))
    server.taken_down = {"v0"}
    with serving(server) as site:
        batch = ask(site)
    assert [one.external_id[-2:] for one in batch.mentions] == ["v1"]


def test_a_window_that_was_outrun_is_told_as_a_gap() -> None:
    server = YouTube(*videos(1))
    with serving(server) as site:
        first = ask(site)
        server.videos = [
            video(f"n{n}", NOW + HOUR - timedelta(seconds=n), "Oak Hill School") for n in range(60)
        ]
        second = ask(site, cursor=first.cursor, now=NOW + HOUR)
    assert not first.possible_gap
    assert second.possible_gap
    assert len(second.mentions) == 50


@pytest.mark.parametrize(
    "reply",
    [as_text("<html>sign in</html>", kind="text/html"), as_json({"items": "none"}), as_json([])],
    ids=["a page", "no list", "no record"],
)
def test_an_answer_that_is_no_list_is_not_measured(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        batch = ask(site)
    assert isinstance(batch.health, NotMeasured)
    assert batch.health.kind == "Malformed"
