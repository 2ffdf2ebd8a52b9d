"""Jetstream, against a server of ours that tells what is written in both dialects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal

import pytest

from connectors.types import Batch, Ok
from monitor.sample.platforms.bluesky import Bluesky, post
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.jetstream import Jetstream, Written, micro, streaming
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving

TERMS = ("Oak Hill School", "St Wilgar's Primary")
SECOND = timedelta(seconds=1)
Dialect = Literal["v1", "v2"]
both = pytest.mark.parametrize("dialect", ["v1", "v2"])


class AppView:
    """Bluesky's public view of posts: no sign-in, those it has, by address."""

    def __init__(self, *posts: dict[str, object]) -> None:
        self.posts = list(posts)

    def __call__(self, request: Asked) -> Reply:
        assert "Authorization" not in request.headers
        return Bluesky(*self.posts)._there(request)


@contextmanager
def following(
    server: Jetstream, view: AppView | None = None
) -> Iterator[tuple[Site, Site, dict[str, object]]]:
    with streaming(server) as place, serving(view or AppView()) as shown:
        options: dict[str, object] = {
            "dialect": server.dialect, "address": f"http://{place}", "appview": shown.address,
        }  # fmt: skip
        yield Site(place), shown, options


def follow(
    server: Jetstream, *, view: AppView | None = None, cursor: object = NEVER_ASKED
) -> Batch:
    with following(server, view) as (stream, shown, options):
        return asked("jetstream", options, stream, shown, terms=TERMS, cursor=cursor)  # type: ignore[arg-type]


def written(*said: tuple[str, str | None]) -> list[Written]:
    """One a second, the last one now, so that the stream is read to its end."""
    begin = NOW - SECOND * len(said)
    each = [
        Written(at=begin + SECOND * at, key=key, text=text) for at, (key, text) in enumerate(said)
    ]
    return [*each, Written(at=NOW, key="end", text="Good night all")]


@both
def test_of_everybodys_posts_those_that_name_us_are_kept(dialect: Dialect) -> None:
    server = Jetstream(dialect, written(
        ("a", "Oak Hill School was shut again"),
        ("b", "what a sunset over the oak hill"),
        ("c", "proud of st wilgar’s primary today"),
        ("d", "Off to #OakHillSchool for the fair"),
        ("e", "Oak Hill Schoolhouse is a pub"),
    ))  # fmt: skip
    batch = follow(server)
    assert batch.health == Ok()
    assert [one.external_id.rpartition("/")[2] for one in batch.mentions] == ["a", "c", "d"]
    first = batch.mentions[0]
    assert first.platform == "bluesky"
    assert first.url == "https://bsky.app/profile/did:plc:wren/post/a"
    assert batch.cursor.high_water == str(micro(NOW))


@both
def test_it_goes_on_where_it_ended_and_tells_nothing_twice(dialect: Dialect) -> None:
    server = Jetstream(dialect, written(("a", "Oak Hill School was shut again")))
    with following(server) as (stream, shown, options):
        first = asked("jetstream", options, stream, shown, terms=TERMS)
        later = NOW + SECOND * 60
        server.written.append(Written(at=later, key="b", text="Oak Hill School is open"))
        second = asked(
            "jetstream", options, stream, shown, terms=TERMS, cursor=first.cursor, now=later
        )
    assert [one.external_id[-1] for one in first.mentions] == ["a"]
    assert [one.external_id[-1] for one in second.mentions] == ["b"]
    assert f"cursor={micro(NOW) - 5_000_000}" in server.asked[1]
    assert "app.bsky.feed.post" in server.asked[1]


@both
def test_what_its_author_took_back_is_told_and_never_kept(dialect: Dialect) -> None:
    server = Jetstream(dialect, written(
        ("a", "Oak Hill School was shut again"), ("a", None), ("old", None),
    ))  # fmt: skip
    server.written.insert(0, Written(at=NOW - SECOND * 30, did="did:plc:lark", account=True))
    batch = follow(server)
    assert batch.mentions == ()
    assert batch.changes.platform == "bluesky"
    assert batch.changes.standing == {
        f"bluesky:at://did:plc:wren/app.bsky.feed.post/{key}": None for key in ("a", "old")
    }
    assert batch.changes.gone_under == ("bluesky:at://did:plc:lark/",)


def test_people_who_want_to_be_seen_by_the_signed_in_only_are_left_out() -> None:
    server = Jetstream("v1", written(
        ("a", "Oak Hill School one"), ("b", "Oak Hill School two"), ("c", "Oak Hill School three"),
    ))  # fmt: skip
    hidden = {
        "did": "did:plc:wren",
        "handle": "w.example",
        "labels": [{"val": "!no-unauthenticated"}],
    }
    view = AppView(post("a", NOW, "Oak Hill School one"), post("b", NOW, "two", author=hidden))
    batch = follow(server, view=view)
    named = {one.external_id[-1]: one.author.handle for one in batch.mentions}
    assert named == {
        "a": "wren.example",
        "c": "did:plc:wren",
    }  # c is not there yet: looked at again


def test_without_the_view_posts_are_kept_and_it_says_so() -> None:
    server = Jetstream("v1", written(("a", "Oak Hill School one")))
    with streaming(server) as place, serving(lambda _: Reply(status=503)) as shown:
        options = {"address": f"http://{place}", "appview": shown.address}
        batch = asked("jetstream", options, Site(place), shown, terms=TERMS)
    assert "Authors could not be looked up" in partly(batch)
    assert len(batch.mentions) == 1


def test_a_server_that_breaks_off_is_gone_on_with() -> None:
    server = Jetstream("v1", written(("a", "Oak Hill School one"), ("b", "Oak Hill School two")))
    server.breaks_off_after = 1
    batch = follow(server)
    assert "behind" in partly(batch)
    assert batch.cursor.high_water == str(micro(NOW - SECOND * 2))
    server.breaks_off_after = None
    server.closing.clear()
    rest = follow(server, cursor=batch.cursor)
    assert [one.external_id[-1] for one in rest.mentions] == ["b"]


def test_frames_that_cannot_be_read_are_counted_and_hold_up_nothing() -> None:
    server = Jetstream("v1", written(("a", "Oak Hill School one")))
    server.raw = ["", "{", "[]", '{"kind": "commit"}', '{"time_us": "never"}', "[" * 20_000]
    batch = follow(server)
    assert "6 events" in partly(batch)
    assert len(batch.mentions) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "AuthLost"), (403, "Blocked"), (429, "Throttled"), (500, "Unreachable")],
)
def test_a_refusal_is_not_measured(status: int, kind: str) -> None:
    server = Jetstream("v1")
    server.refuses = status
    health = not_measured(follow(server))
    assert health.kind == kind
    assert health.retry_after == (90.0 if status == 429 else None)


def test_a_server_that_thinks_us_too_slow_says_why_it_ends() -> None:
    server = Jetstream("v2", [Written(at=NOW - SECOND * 90, key="a", text="Oak Hill School one")])
    server.last = '{"$type": "error", "error": "ConsumerTooSlow", "message": "slow"}'
    batch = follow(server)
    assert "ConsumerTooSlow" in partly(batch)
    assert len(batch.mentions) == 1


def test_a_stream_that_begins_later_than_asked_is_told_as_a_gap() -> None:
    server = Jetstream("v2", written(("a", "Oak Hill School one")))
    info = '{"$type":"network.bsky.jetstream.subscribeEvents#info","name":"OutdatedCursor"}'
    server.raw = [f'{{"$type":"message","payload":{info}}}']
    assert follow(server).possible_gap
    first = Jetstream("v1", written(("a", "Oak Hill School one")))
    old = follow(first)
    assert not old.possible_gap
    with following(Jetstream("v1", written(("b", "Oak Hill School two")))) as (
        stream,
        shown,
        options,
    ):
        two_days_later = asked(
            "jetstream", options, stream, shown, terms=TERMS, cursor=old.cursor,
            now=NOW + timedelta(days=2),
        )  # fmt: skip
    assert two_days_later.possible_gap


def test_no_frame_takes_more_room_than_a_post_can() -> None:
    server = Jetstream("v1")
    server.raw = ["x" * (300 * 1024)]
    assert not_measured(follow(server)).kind == "TooLarge"


def test_what_is_no_stream_is_not_measured() -> None:
    with serving(lambda _: as_json({"hello": "there"})) as site:
        options = {"address": site.address, "appview": site.address}
        health = not_measured(asked("jetstream", options, site, terms=TERMS))
    assert health.kind == "Malformed"


def test_a_private_place_is_refused() -> None:
    with following(Jetstream("v1")) as (_, shown, options):
        assert not_measured(asked("jetstream", options, shown, terms=TERMS)).kind == "Forbidden"
