"""X, against a server of ours that pages, forgets after a week and counts what it bills."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from connectors.registry import connector, cost
from connectors.sources.x import X as Connector
from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.x import TOKEN, Post, X, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.loopback import Site, as_json, serving

TERMS = ("Oak Hill School",)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_read_yet() -> None:
    """The connector remembers what was read as long as the process lives."""
    forget()


def forget() -> None:
    known = connector("x")
    assert isinstance(known, Connector)
    known._read.clear()


def ask(
    site: Site,
    cursor: Cursor = NEVER_ASKED,
    *,
    now: datetime = NOW,
    terms: tuple[str, ...] = TERMS,
    token: str | None = TOKEN,
    **options: object,
) -> Batch:
    where = {"address": site.address, "posts_per_month": 1000} | options
    secrets = {"x_token": SecretStr(token)} if token else {}
    return asked("x", where, site, terms=terms, cursor=cursor, now=now, secrets=secrets)


def posts(count: int, *, first: int = 1000) -> list[Post]:
    newest = NOW - 10 * MINUTE
    return [
        post(first + count - n, newest - timedelta(seconds=n), f"Oak Hill School {n}")
        for n in range(count)
    ]


def test_a_post_is_told_whole_and_without_its_author() -> None:
    one = post(
        1790000000000000001,
        NOW - MINUTE,
        "Cut sho…",
        note_tweet={"text": "Cut short, but about Oak Hill School"},
        referenced_tweets=[{"type": "replied_to", "id": "17"}],
    )
    one["text"] = "Oak Hill School: cut sho…"
    with serving(X(NOW, one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.external_id) == ("x", "x:1790000000000000001")
    assert mention.url == "https://x.com/i/web/status/1790000000000000001"
    assert mention.text == "Cut short, but about Oak Hill School"
    assert (mention.kind, mention.parent_id) == ("comment", "https://x.com/i/web/status/17")
    assert (mention.author.name, mention.author.handle) == (None, None)
    assert mention.expires_at == NOW + 30 * DAY


def test_it_asks_for_no_persons_account_and_no_author_that_would_be_paid_for() -> None:
    with serving(X(NOW)) as site:
        ask(site, terms=("Oak Hill School", "Mere Lane Primary"))
    (request,) = site.asked
    wanted = '("Oak Hill School" OR "Mere Lane Primary") -is:retweet lang:en'
    assert request.query["query"] == wanted
    assert "expansions" not in request.query


def test_the_next_poll_asks_for_what_is_newer_alone() -> None:
    server = X(NOW, *posts(3))
    with serving(server) as site:
        first = ask(site)
        server.posts[:0] = [post(5000, NOW, "Oak Hill School again")]
        second = ask(site, first.cursor)
        third = ask(site, second.cursor)
    assert [len(one.mentions) for one in (first, second, third)] == [3, 1, 0]
    assert server.billed == 4
    assert [one.query.get("since_id") for one in site.asked] == [None, "1003", "5000"]


def test_after_a_week_without_a_poll_it_asks_by_time() -> None:
    server = X(NOW + 9 * DAY, *posts(1))
    with serving(server) as site:
        first = ask(site, now=NOW)
        assert isinstance(ask(site, first.cursor, now=NOW + 9 * DAY).health, Ok)
    assert "since_id" not in site.asked[-1].query


@pytest.mark.parametrize("most", [10, 25, 130, 260])
def test_a_month_never_reads_more_than_is_allowed(most: int) -> None:
    server = X(NOW, *posts(90))
    cursor = NEVER_ASKED
    with serving(server) as site:
        for round_ in range(6):
            batch = ask(site, cursor, posts_per_month=most)
            cursor = batch.cursor
            server.posts[:0] = posts(90, first=2000 * (round_ + 1))
    assert most - 10 < server.billed <= most


def test_the_count_outlives_a_restart_and_a_poll_that_was_not_kept() -> None:
    server = X(NOW, *posts(60))
    with serving(server) as site:
        first = ask(site, posts_per_month=100)
        forget()  # the process starts anew
        server.posts = posts(60, first=3000)
        ask(site, first.cursor, posts_per_month=100)
        ask(site, first.cursor, posts_per_month=100)  # the poll before was never committed
    assert server.billed <= 100


def test_a_used_up_month_is_not_measured_until_the_next_one_begins() -> None:
    server = X(NOW, *posts(10))
    with serving(server) as site:
        first = ask(site, posts_per_month=10)
        health = not_measured(ask(site, first.cursor, posts_per_month=10))
        assert (health.kind, len(site.asked)) == ("Throttled", 1)
        assert "posts_per_month" in health.reason
        april = datetime(2026, 4, 1, tzinfo=UTC)
        assert health.retry_after == (april - NOW).total_seconds()
        server.posts = [post(9000, april - MINUTE, "Oak Hill School")]
        server.now = april
        assert len(ask(site, first.cursor, posts_per_month=10, now=april).mentions) == 1


def test_what_was_paid_for_is_told_though_a_later_page_failed() -> None:
    server = X(NOW, *posts(150))
    server.fails_after = 1
    with serving(server) as site:
        batch = ask(site)
    assert len(batch.mentions) == 100
    assert batch.possible_gap
    assert "fault of its own" in partly(batch)


def test_more_than_it_reads_at_once_is_told_as_a_gap() -> None:
    with serving(X(NOW, *posts(350))) as site:
        batch = ask(site)
    assert (len(batch.mentions), batch.possible_gap) == (300, True)


@pytest.mark.parametrize(
    ("status", "problem", "kind", "words"),
    [
        (429, "usage-capped", "Throttled", "set at X itself"),
        (429, "rate-limit-exceeded", "Throttled", "slow down"),
        (402, "credits", "Blocked", "credit is left"),
        (403, "client-forbidden", "Blocked", "developer console"),
        (400, "invalid-request", "Malformed", "400"),
    ],
)
def test_every_refusal_is_told_by_what_it_means(
    status: int, problem: str, kind: str, words: str
) -> None:
    server = X(NOW, *posts(1))
    server.problem = (status, problem)
    with serving(server) as site:
        health = not_measured(ask(site))
    assert health.kind == kind
    assert words in health.reason


def test_without_the_right_token_nothing_is_measured() -> None:
    with serving(X(NOW, *posts(1))) as site:
        without = not_measured(ask(site, token=None))
        assert site.asked == []
        wrong = not_measured(ask(site, token="wr0ng"))
    assert without.kind == wrong.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_X_TOKEN" in wrong.reason
    assert "wr0ng" not in wrong.reason


@pytest.mark.parametrize("body", [{}, [], {"data": []}, {"meta": {}}])
def test_what_is_no_answer_of_a_search_is_not_measured(body: object) -> None:
    with serving(lambda _: as_json(body)) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_what_a_month_may_cost_is_known_before_it_is_switched_on() -> None:
    said = cost("x", {"posts_per_month": 1500})
    assert said == "at most $7.50 a month (1,500 posts at $0.005)"
    assert cost("x", {"posts_per_month": "many"}) == cost("rss", {}) == ""
