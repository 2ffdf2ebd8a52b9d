"""WordPress: posts, comments and search, as its feeds give them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from connectors.sources import wordpress
from connectors.types import Batch, Cursor, Ok
from tests.connectors.asking import NEVER_ASKED, asked, fetcher, not_measured, partly
from tests.connectors.recorded import as_recorded, expected, payloads, told
from tests.doubles.loopback import Asked, Reply, Site, as_text, serving

TERMS = ("Oak Hill", "Elm Tree", "Beech Lane")


def ask(
    site: Site, view: str, cursor: Cursor = NEVER_ASKED, terms: tuple[str, ...] = TERMS
) -> Batch:
    options = {"site": f"{site.address}/", "view": view}
    return asked("wordpress", options, site, cursor=cursor, terms=terms)


def search(site: Site, cursor: Cursor = NEVER_ASKED, terms: tuple[str, ...] = TERMS) -> Batch:
    return ask(site, "search", cursor, terms)


def as_results(*numbers: int) -> Reply:
    items = "".join(
        f'<item><guid isPermaLink="false">https://blog.example/?p={at}</guid>'
        f"<title>Post {at}</title></item>"
        for at in numbers
    )
    return as_text(f'<rss version="2.0"><channel>{items}</channel></rss>', kind="text/xml")


def as_comment(title: str, author: str, guid: str, link: str) -> Reply:
    item = (
        f"<item><title>{title}</title><link>{link}</link>"
        f'<dc:creator>{author}</dc:creator><guid isPermaLink="false">{guid}</guid></item>'
    )
    declared = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    return as_text(f"{declared}{item}</channel></rss>", kind="text/xml")


class Blog:
    """Finds for each term what it was given; a reply instead of numbers is given as it is."""

    def __init__(self, **found: tuple[int, ...] | Reply | Callable[[], Reply]) -> None:
        self.found = found

    def __call__(self, asked: Asked) -> Reply:
        answer = self.found.get(asked.query["s"].replace(" ", "_"), ())
        if isinstance(answer, tuple):
            return as_results(*answer)
        return answer if isinstance(answer, Reply) else answer()


def posts(batch: Batch) -> list[int]:
    return [int(one.external_id.rpartition("=")[2]) for one in batch.mentions]


def searched(site: Site) -> list[str]:
    return [one.query["s"] for one in site.asked]


@pytest.mark.parametrize("payload", payloads("wordpress"), ids=lambda path: path.stem)
def test_what_wordpress_writes_is_told_whole(payload: Path) -> None:
    with serving(lambda asked: as_recorded(payload)) as site:
        batch = ask(site, payload.stem, terms=TERMS[:1])
        assert isinstance(batch.health, Ok)
        assert [told(one) for one in batch.mentions] == expected(payload, site)


def test_each_view_asks_at_its_own_address_below_the_front_page() -> None:
    with serving(lambda asked: as_results()) as site:
        for view in ("posts", "comments"):
            ask(site, view)
        search(site, terms=("Oak & Hill +1",))
    assert [one.path for one in site.asked] == ["/feed/", "/comments/feed/", "/"]
    assert site.asked[-1].query == {"s": "Oak & Hill +1", "feed": "rss2"}


@pytest.mark.parametrize(
    ("title", "author", "told_as"),
    [
        ("Comment on Fair by Wren", "Wren", "Comment on Fair"),
        ("Comment on Stand by me by Wren", "Wren", "Comment on Stand by me"),
        ("Comment on Fair by stand by me", "stand by me", "Comment on Fair"),
        ("Comment on Fair by w@post.example", "w@post.example", "Comment on Fair"),
        ("Fair", "Wren", "Fair"),
    ],
)
def test_the_author_of_a_comment_is_not_named_in_its_title(
    title: str, author: str, told_as: str
) -> None:
    reply = as_comment(title, author, "https://b.example/?p=1#comment-2", "https://b.example/1")
    with serving(lambda asked: reply) as site:
        (mention,) = ask(site, "comments").mentions
    assert mention.title == told_as
    assert mention.kind == "comment"


@pytest.mark.parametrize(
    ("guid", "link", "parent"),
    [
        ("https://b.example/?p=1#comment-2", "https://b.example/1/comment-page-3/#comment-2",
         "https://b.example/?p=1"),
        ("2", "https://b.example/1/#comment-2", "https://b.example/1/"),
        ("2", "", None),
    ],
)  # fmt: skip
def test_a_comment_names_the_post_it_stands_below_as_that_post_names_itself(
    guid: str, link: str, parent: str | None
) -> None:
    with serving(lambda asked: as_comment("Comment", "Wren", guid, link)) as site:
        (mention,) = ask(site, "comments").mentions
    assert mention.parent_id == parent


def test_every_term_is_searched_for_and_what_two_find_is_told_once() -> None:
    with serving(Blog(Oak_Hill=(3, 1), Elm_Tree=(3, 2))) as site:
        batch = search(site)
        again = search(site, batch.cursor)
    assert isinstance(batch.health, Ok)
    assert posts(batch) == [3, 1, 2]
    assert posts(again) == []
    assert searched(site) == [*TERMS, *TERMS]
    assert all("If-None-Match" not in one.headers for one in site.asked)


def test_terms_there_was_no_time_for_are_searched_for_first_at_the_next_poll(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wordpress, "SEARCH_SECONDS", 0.0)
    cursor = NEVER_ASKED
    with serving(Blog()) as site:
        for expected_next in ("1", "2", "0", "1"):
            batch = search(site, cursor)
            assert isinstance(batch.health, Ok)
            cursor = batch.cursor
            assert cursor.high_water == expected_next
    assert searched(site) == [*TERMS, TERMS[0]]


@pytest.mark.parametrize("written", [None, "", "9", "-1", "soon", "0123abcd", "²"])
def test_a_place_among_the_terms_that_is_none_begins_with_one_of_them(written: str | None) -> None:
    with serving(Blog(Oak_Hill=(1,))) as site:
        assert posts(search(site, Cursor(high_water=written))) == [1]
    assert sorted(searched(site)) == sorted(TERMS)


def test_a_term_that_fails_is_named_as_unread_and_keeps_no_other_from_being_searched() -> None:
    failing = as_text("Oops", status=500)
    with serving(Blog(Oak_Hill=(1,), Elm_Tree=failing, Beech_Lane=(2,))) as site:
        first = search(site)
        second = search(site, first.cursor)
    assert "500" in partly(first)
    assert "500" in partly(second)
    assert posts(first) == [1, 2]


def test_a_term_that_fails_first_is_not_the_end_of_the_others() -> None:
    with serving(Blog(Oak_Hill=as_text("Oops", status=403), Elm_Tree=(1,))) as site:
        batch = search(site)
    assert "403" in partly(batch)
    assert posts(batch) == [1]


def test_a_site_that_fails_twice_is_left_alone_until_the_next_poll() -> None:
    with serving(lambda asked: as_text("Oops", status=500)) as site:
        before = Cursor(high_water="1", seen=("https://blog.example/?p=1",))
        batch = search(site, before)
    assert not_measured(batch).kind == "Unreachable"
    assert batch.cursor == before
    assert len(site.asked) == 2


def test_a_site_that_wants_a_pause_gets_it_and_is_asked_the_same_term_first_afterwards() -> None:
    busy = Reply(status=429, headers={"Retry-After": "60"})
    with serving(blog := Blog(Oak_Hill=(1,), Elm_Tree=busy, Beech_Lane=(3,))) as site:
        first = search(site)
        asked_before = searched(site)
        blog.found["Elm_Tree"] = (2,)
        second = asked(
            "wordpress",
            {"site": site.address, "view": "search"},
            site,
            cursor=first.cursor,
            terms=TERMS,
            through=fetcher(),
        )
    assert "slow down" in partly(first)
    assert asked_before == ["Oak Hill", "Elm Tree"]
    assert posts(first) == [1]
    assert posts(second) == [2, 3]
    assert searched(site)[2:] == ["Elm Tree", "Beech Lane", "Oak Hill"]


def test_a_search_that_takes_too_long_leaves_time_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wordpress, "TERM_SECONDS", 2)
    done = Event()

    def slowly() -> Reply:
        done.wait(10)
        return Reply(status=500)

    with serving(Blog(Oak_Hill=slowly, Elm_Tree=(1,))) as site:
        batch = search(site)
        done.set()
    assert "in time" in partly(batch)
    assert posts(batch) == [1]


def test_results_that_cannot_be_read_whole_are_told_as_partly_read() -> None:
    cut = Reply(body=as_results(2, 1).body[:-30], headers={"Content-Type": "text/xml"})
    with serving(Blog(Oak_Hill=cut, Elm_Tree=(3,))) as site:
        batch = search(site)
    assert "broken" in partly(batch)
    assert posts(batch)[0] == 2
    assert posts(batch)[-1] == 3


def test_a_first_search_of_several_terms_has_missed_nothing() -> None:
    with serving(Blog(Oak_Hill=tuple(range(10)), Elm_Tree=tuple(range(50, 60)))) as site:
        assert not search(site).possible_gap


def test_a_full_page_of_unknown_results_may_have_been_outrun_and_a_short_one_was_not() -> None:
    with serving(blog := Blog(Oak_Hill=(2, 1))) as site:
        cursor = search(site).cursor
        blog.found["Oak_Hill"] = (8, 7, 6)
        short = search(site, cursor)
        blog.found["Oak_Hill"] = tuple(range(29, 19, -1))
        full = search(site, short.cursor)
        blog.found["Oak_Hill"] = tuple(range(33, 23, -1))
        overlapping = search(site, full.cursor)
    assert (short.possible_gap, full.possible_gap, overlapping.possible_gap) == (
        False,
        True,
        False,
    )


def test_without_a_term_nothing_is_searched_and_that_is_not_silence() -> None:
    with serving(Blog()) as site:
        assert not_measured(search(site, terms=())).kind == "Forbidden"
        assert site.asked == []
