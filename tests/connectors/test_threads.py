"""Threads, against a server of ours that shows one's own posts only until it has approved us."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms import graph
from monitor.sample.platforms.graph import TOKEN
from monitor.sample.platforms.threads import OWN, SENSITIVE, Post, Threads, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School",)
MINUTE = timedelta(minutes=1)


def ask(
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    token: str | None = TOKEN,
) -> Batch:
    secrets = {"threads_token": SecretStr(token)} if token else {}
    where = {"address": site.address}
    return asked("threads", where, site, terms=terms, cursor=cursor, secrets=secrets)


def posts(count: int, *, minutes_ago: int = 10) -> list[Post]:
    """Newest first, a second apart."""
    newest = NOW - minutes_ago * MINUTE
    times = [newest - timedelta(seconds=n) for n in range(count)]
    first = 10_000 * minutes_ago
    return [post(first + n, time, "At Oak Hill School") for n, time in enumerate(times)]


def test_a_post_is_told_with_its_author_its_time_and_what_it_answers() -> None:
    one = post(7, NOW - MINUTE, "Queue at Oak Hill School", is_reply=True, replied_to={"id": "5"})
    with serving(Threads(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.external_id) == ("threads", "threads:7")
    assert (mention.kind, mention.parent_id) == ("comment", "5")
    assert mention.url == "https://www.threads.net/@wren/post/7"
    assert (mention.text, mention.author.handle) == ("Queue at Oak Hill School", "wren")
    assert mention.published_at == NOW - MINUTE


def test_pages_are_read_and_what_lies_beyond_is_told_as_a_gap() -> None:
    server = Threads(*posts(150))
    with serving(server) as site:
        first = ask(site)
        server.posts = posts(400, minutes_ago=1)
        second = ask(site, cursor=first.cursor)
    assert len(first.mentions) == 150
    assert not first.possible_gap
    assert second.possible_gap
    assert len(second.mentions) == 300


def test_what_was_told_is_not_told_again_and_what_comes_late_is() -> None:
    server = Threads(*posts(3))
    with serving(server) as site:
        first = ask(site)
        server.posts += posts(1, minutes_ago=30)
        again = ask(site, cursor=first.cursor)
    assert len(first.mentions) == 3
    assert [one.external_id for one in again.mentions] == ["threads:300000"]


@pytest.mark.parametrize("own", [0, 2])
def test_before_the_approval_nothing_is_measured_whether_own_posts_come_or_none(own: int) -> None:
    ours = [post(n, NOW - MINUTE, "Oak Hill School fair", by=OWN) for n in range(own)]
    with serving(Threads(*ours, *posts(3), is_approved=False)) as site:
        health = not_measured(ask(site))
    assert health.kind == "Blocked"
    assert "threads_keyword_search" in health.reason


def test_nothing_is_believed_when_others_are_found_with_a_common_word() -> None:
    with serving(Threads(post(1, NOW - MINUTE, "No school today"))) as site:
        batch = ask(site, terms=(f"{SENSITIVE} club", "Nowhere Primary"))
    assert isinstance(batch.health, Ok)
    assert batch.mentions == ()
    asked_for = [one.query["q"] for one in site.asked if "q" in one.query]
    assert asked_for == [f"{SENSITIVE} club", "school", "Nowhere Primary"]


def test_ones_own_posts_are_no_mentions() -> None:
    own = post(1, NOW - MINUTE, "Oak Hill School fair", by=OWN)
    with serving(Threads(own, *posts(1))) as site:
        batch = ask(site)
    assert [one.author.handle for one in batch.mentions] == ["wren"]


@pytest.mark.parametrize("token", [None, "EAAB-wr0ng"])
def test_without_a_valid_token_nothing_is_measured(token: str | None) -> None:
    with serving(Threads(*posts(1))) as site:
        health = not_measured(ask(site, token=token))
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_THREADS_TOKEN" in health.reason
    assert "EAAB" not in health.reason


def test_a_used_up_allowance_waits() -> None:
    with serving(Threads(*posts(1), allowance=0)) as site:
        health = not_measured(ask(site))
    assert (health.kind, health.retry_after) == ("Throttled", 3600)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (102, 400, "AuthLost"),
        (10, 403, "AuthLost"),
        (200, 403, "AuthLost"),
        (299, 400, "AuthLost"),
        (4, 400, "Throttled"),
        (17, 403, "Throttled"),
        (32, 400, "Throttled"),
        (80001, 400, "Throttled"),
        (1, 500, "Unreachable"),
        (2, 400, "Unreachable"),
        (100, 400, "Malformed"),
        (368, 400, "Blocked"),
    ],
)
def test_each_code_of_meta_s_is_told_for_what_it_is_and_its_words_are_not(
    code: int, status: int, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda _: graph.refused(code, status=status)) as site:
        health = not_measured(ask(site))
    assert health.kind == kind
    assert TOKEN not in health.reason
    assert TOKEN not in caplog.text
    assert TOKEN not in str([one.query for one in site.asked])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_token_nowhere(status: int) -> None:
    with serving(Threads(*posts(1))) as elsewhere:
        moved = Reply(status=status, headers={"Location": f"{elsewhere.address}/me"})
        with serving(lambda _: moved) as site:
            health = not_measured(ask(site))
        assert elsewhere.asked == []
    assert health.kind == "Malformed"


@pytest.mark.parametrize(
    "reply",
    [
        as_text("<html>sign in</html>", kind="text/html"),
        as_json({"error": {"code": 1}}),
        as_json([]),
    ],
    ids=["a page", "an error as 200", "no record"],
)
def test_what_is_no_list_is_never_taken_for_posts(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        health = not_measured(ask(site))
    assert health.kind == "Malformed"
