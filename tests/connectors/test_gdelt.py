"""GDELT, against a server of ours that refuses as it does, and a newspaper to be opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.sources import gdelt
from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.gdelt import BUSY, REFUSED, Gdelt, article
from tests.connectors.asking import NEVER_ASKED, NOW, asked, fetcher, not_measured, partly
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

TERMS = ("Oak Hill School", "Elm Tree School")
PAGE = "<html><nav>Menu</nav><article><p>{}</p></article></html>"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause is GDELT's; our own server needs none. One test measures it."""
    monkeypatch.setattr(gdelt, "PAUSE", timedelta(0))


@pytest.fixture
def paper() -> Iterator[Site]:
    """A newspaper whose every story names a school in its text, and keeps /closed to itself."""

    def story(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return as_text("User-agent: *\nDisallow: /closed")
        if asked.path.startswith("/gone"):
            return as_text("Not found", status=404)
        return as_text(PAGE.format("Choir of Oak Hill School sings"), kind="text/html")

    with serving(story) as site:
        yield site


def news(paper: Site, *names: str, hours_ago: float = 5) -> list[tuple[dict[str, str], str]]:
    """Stories a minute apart, the first so long ago."""
    began = NOW - timedelta(hours=hours_ago)
    return [
        (
            article(f"{paper.address}/{name}", began + timedelta(minutes=at), f"Story {name}"),
            "Choir of Oak Hill School sings",
        )
        for at, name in enumerate(names)
    ]


def ask(
    site: Site,
    *others: Site,
    cursor: Cursor = NEVER_ASKED,
    terms: tuple[str, ...] = TERMS,
    **options: object,
) -> Batch:
    given = {"address": f"{site.address}/api/v2/doc/doc"} | options
    return asked("gdelt", given, site, *others, terms=terms, cursor=cursor)


def test_an_article_is_told_with_its_text_since_its_headline_need_not_name_us(paper: Site) -> None:
    with serving(Gdelt(*news(paper, "choir"))) as site:
        batch = ask(site, paper)
    (mention,) = batch.mentions
    assert isinstance(batch.health, Ok)
    assert (mention.platform, mention.kind, mention.title) == ("web", "article", "Story choir")
    assert mention.text == "Choir of Oak Hill School sings"
    assert mention.external_id == mention.url == f"{paper.address}/choir"
    assert mention.published_at == NOW - timedelta(hours=5)


def test_every_term_is_asked_for_as_a_phrase_in_the_countrys_papers() -> None:
    with serving(Gdelt()) as site:
        batch = ask(site)
        assert isinstance(batch.health, Ok)
        ask(site, country="", language="")
        ask(site, terms=("Oak Hill School",))
    both = '("Oak Hill School" OR "Elm Tree School")'
    assert [one.query["query"] for one in site.asked] == [
        f"{both} sourcecountry:UK sourcelang:english",
        both,
        '"Oak Hill School" sourcecountry:UK sourcelang:english',
    ]


def test_terms_for_several_queries_are_asked_one_query_a_poll_in_turn() -> None:
    terms = tuple(f"The {name} Voluntary Aided Primary School" for name in "ABCDEFGHIJKL")
    cursor = Cursor()
    with serving(Gdelt()) as site:
        for _ in range(4):
            batch = ask(site, terms=terms, cursor=cursor)
            assert isinstance(batch.health, Ok)
            cursor = batch.cursor
        queries = [one.query["query"] for one in site.asked]
    assert queries[3] == queries[0]
    assert all(any(f'"{term}"' in query for query in queries[:3]) for term in terms)


def test_the_next_poll_looks_from_where_the_last_ended_and_brings_nothing_twice(
    paper: Site,
) -> None:
    with serving(server := Gdelt(*news(paper, "one"))) as site:
        before = ask(site, paper)
        server.articles += news(paper, "late", hours_ago=1.5)
        after = ask(site, paper, cursor=before.cursor)
    assert [one.title for one in after.mentions] == ["Story late"]
    first, second = (one.query for one in site.asked)
    assert first["startdatetime"] == "20260311093000"
    assert second["startdatetime"] == "20260314073000"
    assert second["enddatetime"] == "20260314093000"


def test_a_cursor_from_before_the_holidays_asks_for_no_more_than_it_searches() -> None:
    with serving(Gdelt()) as site:
        before = ask(site)
        options = {"address": f"{site.address}/api"}
        later = NOW + timedelta(days=200)
        batch = asked("gdelt", options, site, terms=TERMS, cursor=before.cursor, now=later)
        assert isinstance(batch.health, Ok)
    assert site.asked[-1].query["startdatetime"][:8] == "20260707"


def test_articles_that_cannot_be_opened_are_told_by_their_headline_and_as_partly_read(
    paper: Site,
) -> None:
    with serving(Gdelt(*news(paper, "closed/one", "gone/two", "three"))) as site:
        batch = ask(site, paper)
        told = {one.title: one.text for one in batch.mentions}
    assert told == {
        "Story closed/one": "",
        "Story gone/two": "",
        "Story three": "Choir of Oak Hill School sings",
    }
    assert "2 articles" in partly(batch)
    assert "/closed/one" not in [one.path for one in paper.asked]


def test_an_article_whose_paper_fails_just_now_is_tried_again_for_some_hours(paper: Site) -> None:
    works: list[bool] = []

    def answer(request: Asked) -> Reply:
        return as_text("<p>Choir of Oak Hill School sings</p>", status=200 if works else 503)

    with serving(answer) as failing:
        for name, hours in (("young", 5.0), ("old", 7.0)):
            server = Gdelt(*news(failing, name, hours_ago=hours))
            with serving(server) as site:
                first = ask(site, failing)
                works.append(True)
                second = ask(site, failing, cursor=first.cursor)
                works.clear()
            told = [[one.text for one in batch.mentions] for batch in (first, second)]
            sung = ["Choir of Oak Hill School sings"]
            assert told == ([[], sung] if name == "young" else [[""], []])


def test_articles_there_was_no_time_for_are_opened_at_the_next_poll(
    paper: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gdelt, "OPENING", timedelta(0))
    with serving(Gdelt(*news(paper, "one", "two", "three", hours_ago=50))) as site:
        cursor, told = Cursor(), []
        for _ in range(3):
            batch = ask(site, paper, cursor=cursor)
            told.append([one.title for one in batch.mentions])
            cursor = batch.cursor
    assert told == [["Story one"], ["Story two"], ["Story three"]]
    assert not batch.possible_gap


def test_an_answer_that_is_full_is_gone_on_with_from_its_last_article(
    monkeypatch: pytest.MonkeyPatch, paper: Site
) -> None:
    monkeypatch.setattr(gdelt, "MOST_ARTICLES", 3)
    stories = [one for at in range(5) for one in news(paper, f"s{at}", hours_ago=60 - 10 * at)]
    with serving(Gdelt(*stories)) as site:
        first = ask(site, paper)
        second = ask(site, paper, cursor=first.cursor)
    assert [one.title for one in first.mentions] == ["Story s0", "Story s1", "Story s2"]
    assert [one.title for one in second.mentions] == ["Story s3", "Story s4"]
    assert not second.possible_gap


def test_more_at_one_moment_than_it_ever_shows_is_told_as_a_gap_and_passed(
    monkeypatch: pytest.MonkeyPatch, paper: Site
) -> None:
    monkeypatch.setattr(gdelt, "MOST_ARTICLES", 2)
    stories = [one for name in "abcd" for one in news(paper, name, hours_ago=20)]
    with serving(Gdelt(*stories)) as site:
        first = ask(site, paper)
        second = ask(site, paper, cursor=first.cursor)
        third = ask(site, paper, cursor=second.cursor)
    assert len(first.mentions) == 2
    assert second.possible_gap
    assert not third.possible_gap
    assert site.asked[-1].query["startdatetime"] == "20260314073000"


@pytest.mark.parametrize("said", [BUSY, REFUSED])
@pytest.mark.parametrize("status", [200, 429])
def test_a_refusal_in_prose_is_no_silence_and_is_obeyed_for_long(said: str, status: int) -> None:
    with serving(lambda asked: as_text(said, status=status)) as site:
        health = not_measured(ask(site))
    assert (health.kind, health.retry_after) == ("Throttled", 900)


@pytest.mark.parametrize(
    "said", ["Invalid/Unsupported Country.", "<html>Sign in</html>", "", "[]", '{"articles":']
)
def test_anything_else_that_is_no_answer_is_not_measured(said: str) -> None:
    with serving(lambda asked: as_text(said)) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_its_broken_json_is_read_all_the_same(paper: Site) -> None:
    title = r"Parents\' day" + " \x02\tat school"
    one = f'{{"url": "{paper.address}/one", "title": "{title}", "seendate": "20260314T090000Z"}}'
    said = f'{{"articles": [{one}, {{"title": "nowhere"}}, 7]}}'
    with serving(lambda asked: as_text(said, kind="application/json")) as site:
        batch = ask(site, paper)
    assert [one.title for one in batch.mentions] == ["Parents\\' day at school"]


def test_addresses_that_are_none_are_left_out() -> None:
    broken = ["javascript:alert(1)", "http://[", "", "ftp://paper.example/one"]
    articles = [article(address, NOW, "Story") for address in broken]
    with serving(lambda asked: as_json({"articles": articles})) as site:
        assert ask(site).mentions == ()


def test_two_requests_are_never_closer_than_it_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timedelta(0) == gdelt.PAUSE
    monkeypatch.undo()
    assert timedelta(seconds=5) <= gdelt.PAUSE
    monkeypatch.setattr(gdelt, "PAUSE", timedelta(seconds=0.4))
    door = fetcher()
    with serving(Gdelt(spacing_seconds=0.3)) as site:
        options = {"address": f"{site.address}/api"}
        for _ in range(2):
            batch = asked("gdelt", options, site, terms=TERMS, through=door)
            assert isinstance(batch.health, Ok)


def test_a_term_that_fits_no_query_is_not_measured() -> None:
    with serving(Gdelt()) as site:
        assert not_measured(ask(site, terms=("Oak Hill " * 30,))).kind == "Forbidden"
        assert site.asked == []
