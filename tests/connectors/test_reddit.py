"""Reddit, against a server of ours that signs applications in, pages, counts and blocks."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.registry import connector
from connectors.sources.reddit import Reddit as Connector
from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.reddit import ACCOUNT, CLIENT, SECRET, Post, Reddit, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving

TERMS = ("Oak Hill School",)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nobody_signed_in() -> None:
    """The connector remembers tokens as long as the process lives."""
    known = connector("reddit")
    assert isinstance(known, Connector)
    known._tokens.clear()


def ask(
    site: Site,
    cursor: Cursor = NEVER_ASKED,
    *,
    terms: tuple[str, ...] = TERMS,
    password: str | None = SECRET,
    **options: object,
) -> Batch:
    where = {
        "client_id": CLIENT,
        "account": ACCOUNT,
        "sign_in": f"{site.address}/api/v1/access_token",
        "address": site.address,
    }
    secrets = {"reddit_secret": SecretStr(password)} if password else {}
    return asked("reddit", where | options, site, terms=terms, cursor=cursor, secrets=secrets)


def posts(count: int, *, minutes_ago: int = 10) -> list[Post]:
    newest = NOW - minutes_ago * MINUTE
    return [
        post(f"k{n}", newest - timedelta(seconds=n), f"Oak Hill School {n}") for n in range(count)
    ]


def test_a_post_is_told_with_its_author_and_kept_no_longer_than_is_asked() -> None:
    at, edited = NOW - 9 * MINUTE, NOW - MINUTE
    one = post("x1", at, "Queues & parking", "At Oak Hill School", edited=edited.timestamp())
    with serving(Reddit(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.external_id) == ("reddit", "reddit:t3_x1")
    assert mention.url == "https://www.reddit.com/r/Wexcombe/comments/x1/it/"
    assert (mention.title, mention.text) == ("Queues & parking", "At Oak Hill School")
    assert (mention.author.handle, mention.edited_at) == ("wren_writes", edited)
    assert mention.published_at == at
    assert mention.expires_at == NOW + timedelta(hours=48)


def test_what_was_deleted_or_removed_is_not_told() -> None:
    gone = [
        post("a", NOW - MINUTE, "Oak Hill School", "[deleted]"),
        post("b", NOW - MINUTE, "Oak Hill School", removed_by_category="moderator"),
        post("c", NOW - MINUTE, "Oak Hill School", author="[deleted]"),
    ]
    with serving(Reddit(*gone)) as site:
        (mention,) = ask(site).mentions
    assert (mention.external_id, mention.author.handle) == ("reddit:t3_c", None)


def test_pages_are_read_back_to_the_last_poll() -> None:
    server = Reddit(*posts(230))
    with serving(server) as site:
        first = ask(site)
        server.posts[:0] = [post("new", NOW - MINUTE, "Oak Hill School again")]
        second = ask(site, first.cursor)
    assert len(first.mentions) == 230
    assert [one.external_id for one in second.mentions] == ["reddit:t3_new"]


def test_more_than_it_reads_at_once_is_told_as_a_gap() -> None:
    server = Reddit(*posts(1, minutes_ago=60))
    with serving(server) as site:
        first = ask(site)
        server.posts[:0] = [
            post(f"m{n}", NOW - MINUTE - timedelta(seconds=n), "Oak Hill School")
            for n in range(400)
        ]
        second = ask(site, first.cursor)
    assert (first.possible_gap, second.possible_gap) == (False, True)


def test_a_token_serves_many_polls_and_is_renewed_once_it_has_run_out() -> None:
    server = Reddit(*posts(1))
    with serving(server) as site:
        first = ask(site)
        ask(site, first.cursor)
        assert server.signed_in == 1
        server.runs_out()
        again = ask(site, first.cursor)
    assert isinstance(again.health, Ok)
    assert server.signed_in == 102


def test_terms_share_a_search_within_its_length() -> None:
    terms = tuple(f"The {name} Church of England Primary School" for name in "ABCDEFGHIJKLMNO")
    with serving(Reddit()) as site:
        assert isinstance(ask(site, terms=terms).health, Ok)
    searches = [one.query["q"] for one in site.asked if one.path == "/search"]
    assert len(searches) == 2


def test_a_wrong_application_is_told_with_what_to_do_and_never_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Reddit(*posts(1))) as site:
        without = not_measured(ask(site, password=None))
        assert site.asked == []
        wrong = not_measured(ask(site, password="wr0ng"))
    assert without.kind == wrong.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_REDDIT_SECRET" in wrong.reason
    assert "wr0ng" not in wrong.reason + caplog.text


def test_a_used_up_allowance_waits_for_as_long_as_reddit_says() -> None:
    with serving(Reddit(*posts(1), allowance=0)) as site:
        health = not_measured(ask(site))
    assert (health.kind, health.retry_after) == ("Throttled", 312)


def test_a_block_page_is_told_as_a_refusal() -> None:
    server = Reddit(*posts(1))
    with serving(server) as site:
        first = ask(site)
        server.blocks = True
        health = not_measured(ask(site, first.cursor))
    assert health.kind == "Blocked"
    assert "do not evade" in health.reason


@pytest.mark.parametrize("body", [{}, [], {"error": "unsupported_grant_type"}])
def test_what_is_no_token_is_not_measured(body: object) -> None:
    with serving(lambda _: as_json(body)) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_the_key_goes_nowhere_else_by_a_redirect() -> None:
    def moved(request: Asked) -> Reply:
        return Reply(status=302, headers={"Location": f"{elsewhere.address}/api"})

    with serving(Reddit(*posts(1))) as elsewhere, serving(moved) as site:
        assert not_measured(ask(site)).kind == "Malformed"
        assert elsewhere.asked == []
