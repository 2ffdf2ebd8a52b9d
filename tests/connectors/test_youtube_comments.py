"""Comments on YouTube, against a server of ours that pages, switches them off and wants a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.youtube import KEY, Thread, YouTube, comment, thread, video
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School", "Mere Lane Primary")
HOUR = timedelta(hours=1)
OURS = "UCtried"
"""The channel of every video here."""


def ask(
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    key: str | None = KEY,
    now: datetime = NOW,
    terms: tuple[str, ...] = TERMS,
    **options: object,
) -> Batch:
    secrets = {"youtube_key": SecretStr(key)} if key else {}
    where = {"address": site.address, **options}
    return asked(
        "youtube_comments", where, site, terms=terms, cursor=cursor, now=now, secrets=secrets
    )


def threads(count: int, *, at: datetime = NOW - HOUR) -> list[Thread]:
    times = [at - timedelta(seconds=n) for n in range(count)]
    return [thread(comment(f"{at:%H%M}-{n}", time, f"Comment {n}")) for n, time in enumerate(times)]


def server(*found: Thread) -> YouTube:
    one = YouTube(video("abc", NOW - 30 * 24 * HOUR, "Sports day at Oak Hill School"))
    one.threads["abc"] = list(found)
    return one


def test_a_comment_and_its_replies_are_told_below_the_title_and_kept_a_month() -> None:
    top = comment("c1", NOW - 3 * HOUR, "Who is that?", updatedAt="2026-03-14T08:00:00Z")
    reply = comment("c1.r1", NOW - HOUR, "My neighbour's boy")
    with serving(server(thread(top, reply))) as site:
        batch = ask(site, channels=[OURS])
    first, second = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (first.platform, first.kind, first.text) == ("youtube", "comment", "Who is that?")
    assert first.title == "Wren & Co: Sports day at Oak Hill School"
    assert first.url == first.external_id == "https://www.youtube.com/watch?v=abc&lc=c1"
    assert first.parent_id == "https://www.youtube.com/watch?v=abc"
    assert first.edited_at == datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
    assert (first.author.name, first.author.handle) == ("@wren", "UCwren")
    assert (second.parent_id, second.text) == (first.external_id, "My neighbour's boy")
    assert {one.expires_at for one in batch.mentions} == {NOW + timedelta(days=30)}


def test_own_channels_cost_no_search_and_the_key_stands_in_no_address() -> None:
    with serving(server(*threads(1))) as site:
        ask(site, channels=[OURS])
    assert [one.path for one in site.asked] == ["/commentThreads", "/videos"]
    assert KEY not in str([one.query for one in site.asked])


def test_the_newest_videos_that_name_us_are_looked_at_for_one_search() -> None:
    many = [video(f"v{n}", NOW - HOUR * n, f"Oak Hill School {n}") for n in range(8)]
    known = YouTube(*many, allowance=1)
    for one in many:
        at = NOW - HOUR
        known.threads[one["id"]] = [thread(comment(f"c-{one['id']}", at, "So sad"))]
    with serving(known) as site:
        batch = ask(site)
    assert [one.path for one in site.asked] == ["/search", *["/commentThreads"] * 5]
    assert [one.title for one in batch.mentions] == [f"Oak Hill School {n}" for n in range(5)]


def test_one_poll_makes_no_more_searches_than_it_may_and_goes_on_at_the_next() -> None:
    terms = tuple(f"The School of Many Words in the Name Number {n} by the Sea" for n in range(9))
    with serving(YouTube()) as site:
        first = ask(site, terms=terms, searches=2)
        assert len(site.asked) == 2
        ask(site, terms=terms, searches=1, cursor=first.cursor)
    assert len({search.query["q"] for search in site.asked}) == 3


def test_comments_that_are_switched_off_are_no_error() -> None:
    silent = server(*threads(1))
    silent.disabled = {"abc"}
    with serving(silent) as site:
        batch = ask(site, channels=[OURS])
    assert isinstance(batch.health, Ok)
    assert batch.mentions == ()


@pytest.mark.parametrize("state", ["disabled", "taken_down"])
def test_one_video_without_comments_leaves_the_others_read(state: str) -> None:
    known = YouTube(*(video(name, NOW - HOUR, f"Oak Hill {name}") for name in ("v0", "v1")))
    known.threads = {"v0": threads(1), "v1": threads(1, at=NOW - 2 * HOUR)}
    setattr(known, state, {"v0"})
    with serving(known) as site:
        batch = ask(site)
    assert isinstance(batch.health, Ok)
    assert [one.title for one in batch.mentions] == ["Oak Hill v1"]


def test_pages_are_read_back_to_the_last_poll_and_what_lies_beyond_is_told_as_a_gap() -> None:
    known = server(*threads(150))
    with serving(known) as site:
        first = ask(site, channels=[OURS])
        known.threads["abc"] = threads(350, at=NOW - HOUR / 2)
        second = ask(site, channels=[OURS], cursor=first.cursor)
        known.threads["abc"] = [
            *threads(1, at=NOW),
            *threads(350, at=NOW - 5 * 24 * HOUR),
        ]
        count = len(site.asked)
        third = ask(site, channels=[OURS], cursor=second.cursor)
    assert (len(first.mentions), first.possible_gap) == (150, False)
    assert (len(second.mentions), second.possible_gap) == (300, True)
    assert (len(third.mentions), third.possible_gap) == (1, False)
    assert len(site.asked) - count == 2


def test_what_comes_late_is_told_and_what_was_told_is_not_told_again() -> None:
    known = server(*threads(3))
    with serving(known) as site:
        first = ask(site, channels=[OURS])
        known.threads["abc"] += [thread(comment("late", NOW - 5 * HOUR, "Held for review"))]
        again = ask(site, channels=[OURS], cursor=first.cursor)
    assert len(first.mentions) == 3
    assert [one.text for one in again.mentions] == ["Held for review"]


def test_a_channel_that_is_gone_leaves_the_others_read() -> None:
    with serving(server(*threads(1))) as site:
        batch = ask(site, channels=["UCnobody", OURS])
    assert len(batch.mentions) == 1
    assert "UCnobody: The address no longer exists" in partly(batch)


def test_a_used_up_allowance_waits_for_midnight_in_california() -> None:
    with serving(YouTube(allowance=0)) as site:
        health = not_measured(ask(site, now=datetime(2026, 11, 23, 20, 0, tzinfo=UTC)))
    assert health.kind == "Throttled"
    assert health.retry_after == pytest.approx(12 * 3600)


@pytest.mark.parametrize("key", [None, "wr0ng"])
def test_without_the_right_key_nothing_is_measured(key: str | None) -> None:
    with serving(server(*threads(1))) as site:
        health = not_measured(ask(site, channels=[OURS], key=key))
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_YOUTUBE_KEY" in health.reason
    assert "wr0ng" not in health.reason


@pytest.mark.parametrize(
    "reply",
    [as_text("<html>sign in</html>", kind="text/html"), as_json({"items": "none"}), as_json([])],
    ids=["a page", "no list", "no record"],
)
def test_an_answer_that_is_no_list_is_not_measured(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        health = not_measured(ask(site, channels=[OURS]))
    assert health.kind == "Malformed"


def test_a_redirect_takes_the_key_nowhere() -> None:
    with serving(server(*threads(1))) as elsewhere:
        moved = Reply(status=302, headers={"Location": f"{elsewhere.address}/commentThreads"})
        with serving(lambda _: moved) as site:
            not_measured(ask(site, channels=[OURS]))
        assert elsewhere.asked == []
