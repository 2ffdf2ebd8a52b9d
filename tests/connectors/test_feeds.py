"""What every feed-like source promises, whatever the format: each test runs for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pytest

from connectors.types import Batch, Cursor, Health, NotModified, Ok
from tests.connectors.asking import NEVER_ASKED, asked, not_measured
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
MORE_THAN_IS_READ = 10 * 1024 * 1024 + 1
VALIDATORS = {"ETag": 'W/"7-abc"', "Last-Modified": "Sat, 14 Mar 2026 08:00:00 GMT"}


def as_rss(numbers: Iterable[int]) -> Reply:
    items = "".join(
        f'<item><guid isPermaLink="false">tag:blog.example,2026:{at}</guid>'
        f"<link>https://blog.example/{at}</link><title>Post {at}</title></item>"
        for at in numbers
    )
    return as_text(f'<rss version="2.0"><channel>{items}</channel></rss>', kind="text/xml")


def as_jsonfeed(numbers: Iterable[int]) -> Reply:
    items = [{"id": f"tag:blog.example,2026:{at}", "title": f"Post {at}"} for at in numbers]
    return as_json({"version": "https://jsonfeed.org/version/1.1", "items": items})


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One kind of source: how it is asked and how a site writes for it."""

    kind: str
    write: Callable[[Iterable[int]], Reply] = as_rss
    place: str = "url"
    more: tuple[tuple[str, str], ...] = ()

    def ask(self, site: Site, cursor: Cursor = NEVER_ASKED, *, at: str = "") -> Batch:
        options = {self.place: site.address + at} | dict(self.more)
        return asked(self.kind, options, site, cursor=cursor, terms=("Oak Hill",))


SEARCH = Road(kind="wordpress", place="site", more=(("view", "search"),))
FEEDS = {
    "rss": Road(kind="rss"),
    "jsonfeed": Road(kind="jsonfeed", write=as_jsonfeed),
    "posts": Road(kind="wordpress", place="site"),
    "comments": Road(kind="wordpress", place="site", more=(("view", "comments"),)),
}


@pytest.fixture(params=list(FEEDS))
def road(request: pytest.FixtureRequest) -> Road:
    return FEEDS[request.param]


@pytest.fixture(params=[*FEEDS, "search"])
def any_road(request: pytest.FixtureRequest) -> Road:
    return {**FEEDS, "search": SEARCH}[request.param]


class Publisher:
    """Serves its posts, newest first, and honours validators as honest servers do."""

    def __init__(self, road: Road, *numbers: int, headers: Mapping[str, str] = VALIDATORS) -> None:
        self.road = road
        self.numbers = numbers
        self.headers = headers

    def __call__(self, asked: Asked) -> Reply:
        if self.headers and asked.headers.get("If-None-Match") == self.headers.get("ETag"):
            return Reply(status=304, headers=self.headers)
        reply = self.road.write(self.numbers)
        return replace(reply, headers={**reply.headers, **self.headers})


def numbers(batch: Batch) -> list[int]:
    return [int(one.external_id.rpartition(":")[2]) for one in batch.mentions]


def refused(road: Road, reply: Reply) -> Batch:
    """The outcome where a source that was read before now answers so."""
    before = Cursor(etag='"old"', seen=("tag:blog.example,2026:1",))
    with serving(lambda asked: reply) as site:
        batch = road.ask(site, before)
    assert batch.cursor == before
    return batch


def health(road: Road, reply: Reply) -> str:
    return not_measured(refused(road, reply)).kind


def test_validators_go_back_as_they_came_and_an_unchanged_feed_keeps_its_cursor(
    road: Road,
) -> None:
    with serving(Publisher(road, 2, 1)) as site:
        first = road.ask(site)
        second = road.ask(site, first.cursor)
        third = road.ask(site, second.cursor)
    assert numbers(first) == [2, 1]
    assert isinstance(second.health, NotModified)
    assert isinstance(third.health, NotModified)
    assert second.mentions == ()
    assert second.cursor == third.cursor == first.cursor
    sent = [(one.headers.get("If-None-Match"), one.headers.get("If-Modified-Since")) for one in
            site.asked]  # fmt: skip
    again = (VALIDATORS["ETag"], VALIDATORS["Last-Modified"])
    assert sent == [(None, None), again, again]


def test_a_feed_changed_since_brings_only_what_is_new(road: Road) -> None:
    with serving(publisher := Publisher(road, 3, 2, 1)) as site:
        first = road.ask(site)
        publisher.numbers, publisher.headers = (5, 4, 3, 2), {"ETag": '"next"'}
        second = road.ask(site, first.cursor)
    assert isinstance(second.health, Ok)
    assert numbers(second) == [5, 4]
    assert second.cursor.etag == '"next"'
    assert second.cursor.last_modified is None
    assert not first.possible_gap
    assert not second.possible_gap


def test_a_post_that_left_the_window_and_comes_again_is_still_known(road: Road) -> None:
    with serving(publisher := Publisher(road, 2, 1, headers={})) as site:
        cursor = road.ask(site).cursor
        publisher.numbers = (3, 2)
        cursor = road.ask(site, cursor).cursor
        publisher.numbers = (3, 1)
        assert numbers(road.ask(site, cursor)) == []


def test_a_window_without_anything_known_may_have_been_outrun(road: Road) -> None:
    with serving(publisher := Publisher(road, 2, 1, headers={})) as site:
        first = road.ask(site)
        publisher.numbers = (9, 8, 7)
        second = road.ask(site, first.cursor)
        publisher.numbers = ()
        empty = road.ask(site, second.cursor)
    assert (first.possible_gap, second.possible_gap, empty.possible_gap) == (False, True, False)
    assert numbers(second) == [9, 8, 7]


def test_an_empty_feed_is_silence_that_was_measured(road: Road) -> None:
    with serving(Publisher(road)) as site:
        batch = road.ask(site)
    assert isinstance(batch.health, Ok)
    assert batch.mentions == ()


def test_the_cursor_of_another_address_is_not_used(road: Road) -> None:
    with serving(Publisher(road, 2, 1)) as site:
        elsewhere = road.ask(site, at="/elsewhere")
        here = road.ask(site, elsewhere.cursor)
    assert isinstance(here.health, Ok)
    assert numbers(here) == [2, 1]
    assert not here.possible_gap
    assert "If-None-Match" not in site.asked[-1].headers


def test_a_feed_that_moved_is_followed(any_road: Road) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/moved":
            return any_road.write([2, 1])
        return Reply(status=301, headers={"Location": "/moved"})

    with serving(answer) as site:
        assert numbers(any_road.ask(site)) == [2, 1]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "Malformed"),
        (401, "AuthLost"),
        (403, "Blocked"),
        (404, "Gone"),
        (410, "Gone"),
        (429, "Throttled"),
        (451, "Blocked"),
        (500, "Unreachable"),
        (502, "Unreachable"),
        (503, "Unreachable"),
    ],
)
def test_a_refusal_is_not_measured_and_says_which(any_road: Road, status: int, kind: str) -> None:
    outcome = not_measured(refused(any_road, as_text(LOGIN, status=status, kind="text/html")))
    assert outcome.kind == kind
    assert outcome.retry_after is None
    assert str(status) in outcome.reason


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_is_asked_for_is_told(any_road: Road, status: int) -> None:
    reply = Reply(status=status, headers={"Retry-After": "1800"})
    outcome = not_measured(refused(any_road, reply))
    assert (outcome.kind, outcome.retry_after) == ("Throttled", 1800)


@pytest.mark.parametrize("kind", ["text/html", "application/rss+xml"])
@pytest.mark.parametrize("said", [LOGIN, "", " \n", "null", "{}", "[]", "\x00\xff", "<rss"])
def test_what_is_no_feed_is_not_measured_whatever_it_calls_itself(
    any_road: Road, said: str, kind: str
) -> None:
    assert health(any_road, as_text(said, kind=kind)) == "Malformed"


def test_more_bytes_than_are_read_are_not_measured(any_road: Road) -> None:
    assert health(any_road, Reply(body=b" " * MORE_THAN_IS_READ)) == "TooLarge"


def test_no_connection_is_not_measured(any_road: Road) -> None:
    with serving(lambda asked: Reply()) as site:
        pass
    assert not_measured(any_road.ask(site)).kind == "Unreachable"


def test_a_site_that_sends_us_into_a_private_network_is_not_followed(any_road: Road) -> None:
    with serving(lambda asked: any_road.write([1])) as inner:
        away = Reply(status=302, headers={"Location": f"{inner.address}/feed"})
        assert health(any_road, away) == "Forbidden"
        assert inner.asked == []


def test_nothing_changed_is_not_believed_of_a_site_that_was_never_read(any_road: Road) -> None:
    with serving(lambda asked: Reply(status=304)) as site:
        assert not_measured(any_road.ask(site)).kind == "Malformed"


def test_neither_an_address_nor_what_was_said_stands_in_a_reason(any_road: Road) -> None:
    said: Health = refused(any_road, as_text("Wren Secret <b>", status=500)).health
    assert "Secret" not in str(said)
    assert "http" not in str(said)
