"""Bluesky, against a server of ours that signs in, runs out of sessions and pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from connectors.registry import connector
from connectors.sources.bluesky import Bluesky as Connector
from connectors.types import Batch, Cursor, Media, Ok
from monitor.sample.platforms.bluesky import HANDLE, PASSWORD, Bluesky, Post, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving

TERMS = ("Oak Hill School",)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nobody_signed_in() -> None:
    """The connector remembers sessions as long as the process lives."""
    known = connector("bluesky")
    assert isinstance(known, Connector)
    known._sessions.clear()


def ask(
    *sites: Site,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    password: str | None = PASSWORD,
) -> Batch:
    secrets = {"bluesky_password": SecretStr(password)} if password else {}
    options = {"address": sites[0].address, "handle": HANDLE}
    return asked("bluesky", options, *sites, terms=terms, cursor=cursor, secrets=secrets)


def posts(count: int, *, minutes_ago: int = 10) -> list[Post]:
    """Newest first, a second apart."""
    newest = NOW - minutes_ago * MINUTE
    times = (newest - timedelta(seconds=n) for n in range(count))
    return [post(f"k{n}", time, "At Oak Hill School") for n, time in enumerate(times)]


def test_a_post_is_told_with_its_author_its_pictures_and_what_it_answers() -> None:
    one = post(
        "3xyz",
        NOW - MINUTE,
        "Long queue outside Oak Hill School again",
        embed={"images": [{"fullsize": "https://cdn.example/1.jpg", "alt": "A queue"}]},
    )
    one["record"]["reply"] = {"parent": {"uri": "at://did:plc:ana/app.bsky.feed.post/1"}}
    with serving(Bluesky(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert mention.url == "https://bsky.app/profile/did:plc:wren/post/3xyz"
    assert mention.external_id.endswith("at://did:plc:wren/app.bsky.feed.post/3xyz")
    assert (mention.platform, mention.kind, mention.language) == ("bluesky", "comment", "en")
    assert (mention.author.name, mention.author.handle) == ("Wren", "wren.example")
    assert mention.media == (Media(url="https://cdn.example/1.jpg", type="image", alt="A queue"),)
    assert mention.parent_id == "at://did:plc:ana/app.bsky.feed.post/1"


def test_it_signs_in_once_for_many_polls_and_again_when_the_session_has_run_out() -> None:
    server = Bluesky(*posts(1))
    with serving(server) as site:
        first = ask(site)
        ask(site, cursor=first.cursor)
        assert server.signed_in == 1
        server.runs_out()
        again = ask(site, cursor=first.cursor)
    assert isinstance(again.health, Ok)
    assert server.signed_in == 2


def test_the_password_goes_to_the_sign_in_alone() -> None:
    with serving(Bluesky(*posts(1))) as site:
        ask(site)
    first, *others = site.asked
    assert PASSWORD.encode() in first.sent
    assert not any(PASSWORD in str((one.query, one.headers, one.sent)) for one in others)


def test_the_accounts_own_server_is_asked_where_it_has_one() -> None:
    home, entry = Bluesky(*posts(2)), Bluesky()
    with serving(home) as own, serving(entry) as site:
        entry.own_server = own.address
        home.token = "token-1"
        batch = ask(site, own)
    assert len(batch.mentions) == 2
    assert [one.path for one in site.asked] == ["/xrpc/com.atproto.server.createSession"]


def test_a_server_by_a_less_safe_road_is_not_asked() -> None:
    entry = Bluesky(*posts(1))
    entry.own_server = "ftp://elsewhere.example"
    with serving(entry) as site:
        assert len(ask(site).mentions) == 1


def test_pages_are_read_and_what_lies_beyond_is_told_as_a_gap() -> None:
    server = Bluesky(*posts(150))
    with serving(server) as site:
        first = ask(site)
        server.posts = posts(400, minutes_ago=1)
        second = ask(site, cursor=first.cursor)
    assert len(first.mentions) == 150
    assert not first.possible_gap
    assert second.possible_gap


def test_those_who_want_to_be_seen_by_the_signed_in_only_are_left_out() -> None:
    shy = post("shy", NOW - MINUTE, "At Oak Hill School", author={
        "did": "did:plc:shy", "handle": "shy.example",
        "labels": [{"val": "!no-unauthenticated"}],
    })  # fmt: skip
    with serving(Bluesky(shy, *posts(1))) as site:
        batch = ask(site)
    assert [one.author.handle for one in batch.mentions] == ["wren.example"]


@pytest.mark.parametrize("password", [None, "wrong-wrong-wrong-wron"])
def test_without_the_right_password_nothing_is_measured(password: str | None) -> None:
    with serving(Bluesky(*posts(1))) as site:
        health = not_measured(ask(site, password=password))
    assert health.kind == "AuthLost"
    assert "wrong" not in health.reason


def test_a_refusal_is_not_answered_by_signing_in_over_and_over() -> None:
    server = Bluesky()
    with serving(server) as site:
        ask(site)
        server.refuses_all = True
        not_measured(ask(site, terms=tuple(f"School {n}" for n in range(5))))
    assert server.signed_in == 2


def test_an_answer_that_is_no_list_is_not_measured() -> None:
    def answer(asked: Asked) -> Reply:
        return as_json({"accessJwt": "t"} if asked.sent else {"posts": "none"})

    with serving(answer) as site:
        health = not_measured(ask(site))
    assert health.kind == "Malformed"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_password_nowhere_else(status: int) -> None:
    with serving(Bluesky()) as elsewhere:
        moved = Reply(status=status, headers={"Location": f"{elsewhere.address}/xrpc/x"})
        with serving(lambda _: moved) as site:
            health = not_measured(ask(site, elsewhere))
        assert elsewhere.asked == []
    assert health.kind == "Malformed"
