"""Brave and Mojeek, against servers of ours that want a key, page, count and refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.websearch import KEY, Brave, Mojeek, Page
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School", "Mere Lane Primary")
ENGINES: dict[str, Callable[..., Any]] = {"brave": Brave, "mojeek": Mojeek}
DAY = timedelta(days=1)

both = pytest.mark.parametrize("kind", list(ENGINES))


def ask(
    kind: str,
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    key: str | None = KEY,
    own_sites: tuple[str, ...] = (),
    **options: object,
) -> Batch:
    secrets = {f"{kind}_key": SecretStr(key)} if key else {}
    where = {"address": f"{site.address}/search", **options}
    return asked(
        kind, where, site, terms=terms, cursor=cursor, secrets=secrets, own_sites=own_sites
    )


def pages(count: int, name: str = "Oak Hill School") -> list[Page]:
    return [Page(url=f"https://blog.example/{name}/{n}", title=f"{name} {n}") for n in range(count)]


@both
def test_a_page_is_told_with_its_snippet_and_its_date_and_kept_no_longer_than_the_plan_lets(
    kind: str,
) -> None:
    one = Page(
        url="https://blog.example/queue",
        title="Parking &amp; queues",
        said="A long queue outside Oak Hill School again",
        at=NOW - 2 * DAY,
    )
    with serving(ENGINES[kind](one)) as site:
        batch = ask(kind, site, kept_hours=48)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.title) == ("web", "page", "Parking & queues")
    assert mention.external_id == mention.url == "https://blog.example/queue"
    assert mention.text.splitlines()[0] == "A long queue outside Oak Hill School again"
    assert mention.text.count("queue") == 1
    assert (mention.published_at, mention.published_known) == (NOW - 2 * DAY, True)
    assert mention.expires_at == NOW + 2 * DAY


@both
def test_a_page_without_a_date_says_so(kind: str) -> None:
    with serving(ENGINES[kind](*pages(1))) as site:
        (mention,) = ask(kind, site).mentions
    assert not mention.published_known


@both
def test_each_term_is_asked_by_itself_as_a_phrase_of_the_operators_country(kind: str) -> None:
    with serving(ENGINES[kind]()) as site:
        batch = ask(kind, site, country="IE")
    assert [one.query["q"] for one in site.asked] == [f'"{term}"' for term in TERMS]
    assert all("IE" in one.query.values() for one in site.asked)
    assert isinstance(batch.health, Ok)


@both
def test_one_poll_makes_no_more_searches_than_it_may_and_goes_on_at_the_next(kind: str) -> None:
    with serving(ENGINES[kind](*pages(3), *pages(3, "Mere Lane Primary"))) as site:
        first = ask(kind, site, searches=1)
        second = ask(kind, site, searches=1, cursor=first.cursor)
    assert len(site.asked) == 2
    assert len(first.mentions) == len(second.mentions) == 3


@both
def test_while_all_is_new_the_next_page_follows_and_afterwards_the_first_again(kind: str) -> None:
    cursor, found = NEVER_ASKED, []
    server = ENGINES[kind](*pages(45))
    with serving(server) as site:
        for _ in range(4):
            batch = ask(kind, site, terms=TERMS[:1], cursor=cursor)
            cursor = batch.cursor
            found.append(len(batch.mentions))
        server.pages[:0] = pages(1, "Oak Hill School fair")
        fresh = ask(kind, site, terms=TERMS[:1], cursor=cursor)
    assert found == [20, 20, 5, 0]
    assert [one.title for one in fresh.mentions] == ["Oak Hill School fair 0"]
    assert len(site.asked) == 5


@both
def test_pages_of_our_own_sites_are_left_out_and_hide_nothing(kind: str) -> None:
    own = [
        Page(url=f"https://{host}oak-hill.example/{n}", title="Oak Hill School")
        for n in range(20)
        for host in ("", "www.", "blog.")
    ]
    others = Page(url="https://not-oak-hill.example/", title="Oak Hill School is closing")
    cursor, found = NEVER_ASKED, []
    with serving(ENGINES[kind](*own, others)) as site:
        for _ in range(4):
            batch = ask(kind, site, terms=TERMS[:1], cursor=cursor, own_sites=("oak-hill.example",))
            cursor = batch.cursor
            found += [one.url for one in batch.mentions]
    assert found == [others.url]


@both
def test_more_than_an_engine_shows_is_told_as_a_gap(kind: str) -> None:
    cursor = NEVER_ASKED
    gaps = []
    with serving(ENGINES[kind](*pages(260))) as site:
        for _ in range(11):
            batch = ask(kind, site, terms=TERMS[:1], cursor=cursor)
            cursor = batch.cursor
            gaps.append(batch.possible_gap)
    assert gaps == [False] * 9 + [True, False]


@both
def test_without_the_right_key_nothing_is_measured(kind: str) -> None:
    with serving(ENGINES[kind](*pages(1))) as site:
        without = not_measured(ask(kind, site, key=None))
        assert site.asked == []
        wrong = not_measured(ask(kind, site, key="wr0ng-key"))
    for health in (without, wrong):
        assert health.kind == "AuthLost"
        assert f"TRUST_MONITOR_SECRET_{kind.upper()}_KEY" in health.reason
    assert "wr0ng" not in wrong.reason


@both
def test_a_used_up_allowance_waits_until_there_is_a_new_one(kind: str) -> None:
    with serving(ENGINES[kind](*pages(1), allowance=0)) as site:
        health = not_measured(ask(kind, site, terms=TERMS[:1]))
    assert health.kind == "Throttled"
    assert health.retry_after == {"brave": 86_400, "mojeek": 14.5 * 3600}[kind]


@both
@pytest.mark.parametrize("status", [200, 302, 401, 403, 429, 500])
def test_a_key_stands_in_no_reason_and_in_no_log_whatever_is_answered(
    kind: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def echo(asked: Asked) -> Reply:
        body = as_json({"said": dict(asked.query), "headers": dict(asked.headers)}, status=status)
        return Reply(body=body.body, status=status, headers={"Location": f"/?{asked.query}"})

    with serving(echo) as site:
        health = not_measured(ask(kind, site, terms=TERMS[:1]))
    assert len(site.asked) == 1
    assert KEY not in health.reason
    assert KEY not in caplog.text


@both
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_key_nowhere_not_even_to_the_same_host(kind: str, status: int) -> None:
    with serving(ENGINES[kind](*pages(1))) as elsewhere:
        for there in (f"{elsewhere.address}/search", "/elsewhere"):
            moved = Reply(status=status, headers={"Location": there})
            with serving(lambda _, moved=moved: moved) as site:  # type: ignore[misc]
                health = not_measured(ask(kind, site, terms=TERMS[:1]))
            assert len(site.asked) == 1
            assert health.kind == "Malformed"
        assert elsewhere.asked == []


@both
@pytest.mark.parametrize(
    "reply",
    [as_text("<html>sign in</html>", kind="text/html"), as_json({}), as_json([])],
    ids=["a page", "an empty record", "no record"],
)
def test_what_is_no_answer_of_a_search_is_not_measured(kind: str, reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        health = not_measured(ask(kind, site))
    assert health.kind == "Malformed"


@both
def test_a_wrong_question_is_not_taken_for_a_wrong_key(kind: str) -> None:
    refused = as_json({"error": {"code": "VALIDATION"}}, status=422)
    with serving(lambda _: refused) as site:
        health = not_measured(ask(kind, site))
    assert health.kind == "Malformed"
