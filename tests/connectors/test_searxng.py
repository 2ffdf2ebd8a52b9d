"""SearXNG, against an instance of ours that may have JSON off and lose its engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.websearch import Page, Searxng
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School", "Mere Lane Primary")


def ask(
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS[:1],
    **options: object,
) -> Batch:
    return asked("searxng", {"address": site.address, **options}, site, terms=terms, cursor=cursor)


def pages(count: int) -> list[Page]:
    return [
        Page(url=f"https://blog.example/{n}", title=f"Oak Hill School {n}") for n in range(count)
    ]


def test_a_page_is_told_with_its_snippet_and_its_date() -> None:
    at = NOW - timedelta(days=2)
    one = Page(url="https://a.example/q", title="Queues", said="By <b>Oak Hill School</b>", at=at)
    with serving(Searxng(one)) as site:
        batch = ask(site)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.title) == ("web", "page", "Queues")
    assert mention.external_id == mention.url == "https://a.example/q"
    assert (mention.text, mention.published_at) == ("By Oak Hill School", at)
    assert mention.expires_at == NOW + timedelta(days=30)


def test_each_term_is_asked_by_itself_in_the_operators_country_and_category() -> None:
    with serving(Searxng()) as site:
        ask(site, terms=TERMS, country="IE", category="news", freshness="day")
    assert [one.query["q"] for one in site.asked] == [f'"{term}"' for term in TERMS]
    assert {one.query["language"] for one in site.asked} == {"en-IE"}
    assert {(one.query["categories"], one.query["time_range"]) for one in site.asked} == {
        ("news", "day")
    }


def test_while_all_is_new_the_next_page_follows() -> None:
    cursor, found = NEVER_ASKED, []
    with serving(Searxng(*pages(15))) as site:
        for _ in range(4):
            batch = ask(site, cursor=cursor)
            cursor = batch.cursor
            found.append(len(batch.mentions))
    assert found == [10, 5, 0, 0]


def test_engines_that_did_not_answer_are_a_missing_part() -> None:
    with serving(Searxng(*pages(1), silent=("findit", "lookup"))) as site:
        assert partly(ask(site)) == "Not answered by: findit, lookup."


def test_nothing_found_by_engines_that_did_not_answer_is_no_silence() -> None:
    with serving(Searxng(silent=("findit",))) as site:
        health = not_measured(ask(site))
    assert health.kind == "Unreachable"
    assert "findit" in health.reason


def test_an_instance_that_gives_no_json_is_told_with_what_to_do() -> None:
    with serving(Searxng(in_json=False)) as site:
        health = not_measured(ask(site))
    assert health.kind == "Blocked"
    assert "search.formats" in health.reason


@pytest.mark.parametrize("reply", [as_text("<html>"), as_json({}), as_json([])])
def test_what_is_no_answer_of_a_search_is_not_measured(reply: Reply) -> None:
    with serving(lambda _: reply) as site:
        assert not_measured(ask(site)).kind == "Malformed"
