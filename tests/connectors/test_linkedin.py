"""LinkedIn, against a server of ours that retires versions, wants its own way of writing addresses
and gives some words only when they are asked for."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.parse.linkedin import parse_words
from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.linkedin import (
    ORGANIZATION,
    OURS,
    TOKEN,
    LinkedIn,
    mention,
    refused,
    remark,
)
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def ask(
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    token: str | None = TOKEN,
    **options: object,
) -> Batch:
    secrets = {"linkedin_token": SecretStr(token)} if token else {}
    where = {"address": site.address, "organization": ORGANIZATION, **options}
    return asked("linkedin", where, site, cursor=cursor, secrets=secrets)


def texts(batch: Batch) -> list[str]:
    return [one.text for one in batch.mentions]


def test_what_is_said_to_and_of_the_page_is_told_without_who_said_it_and_kept_two_days() -> None:
    server = LinkedIn(
        remark(7, NOW - 3 * HOUR, "Ask them about the exclusions"),
        remark(8, NOW - 2 * HOUR),
        mention(9, NOW - HOUR),
    )
    server.words = {
        "8": "Not true",
        "9": r"Proud to join @[Oak Hill](urn:li:organization:96072) \(now\)",
    }
    with serving(server) as site:
        batch = ask(site)
    assert isinstance(batch.health, Ok)
    assert texts(batch) == [
        "Ask them about the exclusions",
        "Not true",
        "Proud to join Oak Hill (now)",
    ]
    first, _, third = batch.mentions
    assert {one.title for one in batch.mentions} == {"Oak Hill School"}
    assert (first.kind, first.parent_id) == ("comment", "urn:li:activity:1")
    assert first.external_id == "urn:li:comment:(activity:1,7)"
    assert first.url.startswith("https://www.linkedin.com/feed/update/urn:li:activity:1/?comment")
    assert (third.kind, third.url) == (
        "post", "https://www.linkedin.com/feed/update/urn:li:share:9/",
    )  # fmt: skip
    assert third.published_at == NOW - HOUR
    assert {one.expires_at for one in batch.mentions} == {NOW + 48 * HOUR}
    assert {(one.author.name, one.author.handle) for one in batch.mentions} == {(None, None)}


def test_the_way_of_writing_names_hashtags_and_signs_is_read() -> None:
    marked = rb'{"commentary": "@[Oak Hill](urn:li:organization:1) \\(twice\\) {hashtag|\\#|fair}"}'
    assert parse_words(marked) == "Oak Hill (twice) #fair"


def test_what_the_page_wrote_itself_is_no_mention_and_is_not_opened() -> None:
    with serving(LinkedIn(remark(7, NOW - HOUR, "Thank you", by=OURS))) as site:
        assert ask(site).mentions == ()
    assert not any("comments" in one.path for one in site.asked)


def test_what_was_deleted_meanwhile_is_left_out() -> None:
    with serving(LinkedIn(mention(1, NOW - HOUR), remark(2, NOW - HOUR, "Hello"))) as site:
        batch = ask(site)
    assert isinstance(batch.health, Ok)
    assert texts(batch) == ["Hello"]


def test_pages_are_read_and_more_than_they_hold_is_told_as_a_gap() -> None:
    server = LinkedIn(*(remark(n, NOW - HOUR - n * MINUTE, f"C{n}") for n in range(1, 121)))
    with serving(server) as site:
        first = ask(site)
        new = (remark(n, NOW - timedelta(seconds=n), f"D{n}") for n in range(1_000, 1_200))
        server.notifications += new
        second = ask(site, cursor=first.cursor)
    assert (len(first.mentions), first.possible_gap) == (120, False)
    assert (len(second.mentions), second.possible_gap) == (150, True)


def test_few_are_opened_at_once_the_oldest_first_and_the_others_at_the_next_polls() -> None:
    server = LinkedIn(*(mention(n, NOW - n * MINUTE) for n in range(1, 15)))
    server.words = {str(n): f"Post {n}" for n in range(1, 15)}
    cursor, found = NEVER_ASKED, []
    with serving(server) as site:
        for _ in range(4):
            batch = ask(site, cursor=cursor)
            cursor = batch.cursor
            found.append(texts(batch))
    assert [len(one) for one in found] == [6, 6, 2, 0]
    assert found[0] == [f"Post {n}" for n in range(14, 8, -1)]


def test_many_deleted_ones_do_not_keep_new_ones_from_being_opened() -> None:
    server = LinkedIn(*(mention(n, NOW - 10 * MINUTE) for n in range(1, 10)))
    server.words = {"100": "New"}
    with serving(server) as site:
        first = ask(site)
        server.notifications.append(mention(100, NOW - 5 * MINUTE))
        second = ask(site, cursor=first.cursor)
    assert texts(first) == []
    assert texts(second) == ["New"]


def test_what_comes_late_is_told_and_what_was_told_is_not_told_again() -> None:
    server = LinkedIn(remark(1, NOW - 10 * MINUTE, "First"))
    with serving(server) as site:
        first = ask(site)
        server.notifications.append(remark(2, NOW - 40 * MINUTE, "Late"))
        again = ask(site, cursor=first.cursor)
    assert texts(first) == ["First"]
    assert texts(again) == ["Late"]


@pytest.mark.parametrize("token", [None, "AQX-wr0ng"])
def test_without_a_valid_token_nothing_is_measured(token: str | None) -> None:
    with serving(LinkedIn()) as site:
        health = not_measured(ask(site, token=token))
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_LINKEDIN_TOKEN" in health.reason
    assert "AQX" not in health.reason


def test_a_retired_version_is_told_with_what_to_set() -> None:
    with serving(LinkedIn()) as site:
        health = not_measured(ask(site, version="202508"))
    assert health.kind == "Gone"
    assert "202508" in health.reason
    assert "version" in health.reason


def test_a_page_that_is_not_ours_is_told_as_not_allowed() -> None:
    with serving(LinkedIn()) as site:
        health = not_measured(ask(site, organization="1"))
    assert health.kind == "AuthLost"
    assert "administrator" in health.reason


def test_a_used_up_allowance_waits_for_midnight() -> None:
    with serving(LinkedIn(allowance=0)) as site:
        health = not_measured(ask(site))
    assert (health.kind, health.retry_after) == ("Throttled", 14.5 * 3600)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 426, 429, 500])
def test_no_words_of_a_refusal_are_shown_and_no_token_is_logged(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda _: refused(status, "SOMETHING")) as site:
        health = not_measured(ask(site))
    assert "AQX" not in health.reason + caplog.text
    assert "AQX" not in site.asked[0].target


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_token_nowhere(status: int) -> None:
    with serving(LinkedIn()) as elsewhere:
        moved = Reply(status=status, headers={"Location": f"{elsewhere.address}/posts/1"})
        with serving(lambda _: moved) as site:
            health = not_measured(ask(site))
        assert elsewhere.asked == []
    assert health.kind == "Malformed"


@pytest.mark.parametrize(
    "reply",
    [as_text("<html>sign in</html>", kind="text/html"), as_json({"elements": 3}), as_json([])],
    ids=["a page", "no list", "no record"],
)
def test_an_answer_that_is_no_list_is_not_measured(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        health = not_measured(ask(site))
    assert health.kind == "Malformed"


def test_an_address_hidden_in_a_name_is_not_asked() -> None:
    odd = mention(1, NOW - HOUR) | {"generatedActivity": "urn:li:share:1/../../admin"}
    with serving(LinkedIn(odd, remark(2, NOW - HOUR, "Hello"))) as site:
        batch = ask(site)
    assert not any("admin" in one.target for one in site.asked)
    assert texts(batch) == ["Hello"]
