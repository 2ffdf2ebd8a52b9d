"""Trustpilot, against a server of ours that wants a key in a header, pages and counts."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.trustpilot import KEY, UNIT, Review, Trustpilot, review
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ask(
    site: Site, *, cursor: Cursor = NEVER_ASKED, key: str | None = KEY, unit: str = UNIT
) -> Batch:
    secrets = {"trustpilot_key": SecretStr(key)} if key else {}
    where = {"address": site.address, "unit": unit}
    return asked("trustpilot", where, site, cursor=cursor, secrets=secrets)


def reviews(count: int, *, first: int = 0, hours_ago: int = 1) -> list[Review]:
    """Newest first, a minute apart."""
    newest = NOW - hours_ago * HOUR
    times = [newest - timedelta(minutes=n) for n in range(count)]
    return [review(first + n, time, f"Review {first + n}") for n, time in enumerate(times)]


def test_a_review_is_told_with_its_title_and_when_it_was_changed() -> None:
    changed = "2026-03-14T09:00:00.000Z"
    one = review(10, NOW - DAY, "The office never answers at Oak Hill", updatedAt=changed)
    with serving(Trustpilot(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.language) == ("trustpilot", "review", "en")
    assert mention.title == "Oak Hill School: Not again"
    assert mention.text == "The office never answers at Oak Hill"
    assert mention.url == "https://www.trustpilot.com/reviews/00000000000000000000000a"
    assert (mention.author.name, mention.author.handle) == ("Wren", None)
    assert mention.published_at == NOW - DAY
    assert mention.edited_at == NOW - HOUR / 2


def test_pages_are_read_back_to_the_last_poll_and_what_lies_beyond_is_told_as_a_gap() -> None:
    server = Trustpilot(*reviews(120, hours_ago=100))
    with serving(server) as site:
        first = ask(site)
        server.reviews[:0] = reviews(5, first=500, hours_ago=2)
        count = len(site.asked)
        second = ask(site, cursor=first.cursor)
        assert len(site.asked) - count == 3
        server.reviews[:0] = reviews(400, first=1_000)
        third = ask(site, cursor=second.cursor)
    assert (len(first.mentions), first.possible_gap) == (120, False)
    assert (len(second.mentions), second.possible_gap) == (5, False)
    assert (len(third.mentions), third.possible_gap) == (300, True)


def test_only_the_last_quarter_of_a_year_is_told_at_first() -> None:
    old = review(1, NOW - 91 * DAY, "Years ago")
    with serving(Trustpilot(*reviews(1, first=2), old)) as site:
        assert [one.text for one in ask(site).mentions] == ["Review 2"]


def test_what_was_held_back_is_told_when_it_comes() -> None:
    server = Trustpilot(*reviews(1))
    with serving(server) as site:
        first = ask(site)
        server.reviews += reviews(1, first=7, hours_ago=30)
        again = ask(site, cursor=first.cursor)
    assert [one.text for one in again.mentions] == ["Review 7"]


def test_a_review_that_cannot_be_read_leaves_the_others_read() -> None:
    with serving(Trustpilot({"id": 3}, *reviews(1))) as site:
        batch = ask(site)
    assert len(batch.mentions) == 1
    assert "1 reviews could not be read" in partly(batch)


@pytest.mark.parametrize("key", [None, "tp-wr0ng"])
def test_without_the_right_key_nothing_is_measured_and_no_key_is_shown(
    key: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Trustpilot(*reviews(1))) as site:
        health = not_measured(ask(site, key=key))
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_TRUSTPILOT_KEY" in health.reason
    assert "tp-" not in health.reason + caplog.text + str([one.target for one in site.asked])


def test_a_unit_that_is_none_is_told_with_what_to_look_at() -> None:
    with serving(Trustpilot()) as site:
        health = not_measured(ask(site, unit="0" * 24))
    assert health.kind == "Gone"
    assert "unit" in health.reason


def test_who_asks_too_often_waits_as_long_as_it_says() -> None:
    with serving(Trustpilot(allowance=0)) as site:
        health = not_measured(ask(site))
    assert (health.kind, health.retry_after) == ("Throttled", 300)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_key_nowhere(status: int) -> None:
    with serving(Trustpilot()) as elsewhere:
        moved = Reply(status=status, headers={"Location": f"{elsewhere.address}/v1"})
        with serving(lambda _: moved) as site:
            health = not_measured(ask(site))
        assert elsewhere.asked == []
    assert health.kind == "Malformed"


@pytest.mark.parametrize(
    "reply",
    [as_text("<html>sign in</html>", kind="text/html"), as_json({"reviews": 3}), as_json([])],
    ids=["a page", "no list", "no record"],
)
def test_an_answer_that_is_no_list_is_not_measured(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        health = not_measured(ask(site))
    assert health.kind == "Malformed"
