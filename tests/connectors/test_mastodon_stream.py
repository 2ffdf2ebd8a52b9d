"""Mastodon's streams, against a server of ours that tells, edits, deletes and hangs up."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr

from connectors.types import Batch, Cursor, Ok
from monitor.sample.platforms.mastodon import Mastodon, status
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.doubles.loopback import Site
from tests.doubles.mastodon_stream import TOKEN, Streaming, delete, streaming, update

HOUR = timedelta(hours=1)


def uri(number: int) -> str:
    return f"https://tidepool.example/users/wren/statuses/{number}"


def listen(
    server: Streaming, *others: str, token: str = TOKEN, cursor: Cursor = NEVER_ASKED
) -> Batch:
    server.closing.clear()
    with streaming(server) as place:
        return asked(
            "mastodon_stream",
            {"servers": [f"http://{place}"], "listen": 1},
            Site(place),
            *map(Site, others),
            terms=("Oak Hill School",),
            cursor=cursor,
            secrets={"mastodon_tokens": SecretStr(f"{place}={token}")},
        )


def test_what_came_before_and_what_comes_now_is_told_once() -> None:
    old, new = status(7, NOW - 2 * HOUR, "<p>Fair</p>"), status(8, NOW, "<p>Concert</p>")
    server = Streaming(Mastodon(old), [update(old), update(new)])
    batch = listen(server)
    assert batch.health == Ok()
    assert {one.external_id: one.text for one in batch.mentions} == {
        uri(7): "Fair",
        uri(8): "Concert",
    }
    assert server.tags == ["OakHillSchool"]
    server.rest.tags["oakhillschool"] = [new, old]
    again = listen(server, cursor=batch.cursor)
    assert again.mentions == ()


def test_what_is_edited_or_deleted_is_told_of_posts_that_were_read_before() -> None:
    old, other = status(7, NOW - 2 * HOUR, "<p>Fair</p>"), status(9, NOW - HOUR, "<p>Cakes</p>")
    server = Streaming(Mastodon(old, other))
    first = listen(server)
    edited = {**other, "content": "<p>No cakes</p>", "edited_at": NOW.isoformat()}
    fleeting = status(10, NOW, "<p>Oops</p>")
    server.frames = [
        update(edited, "status.update"), delete(7), update(fleeting), delete(10), delete(99),
    ]  # fmt: skip
    batch = listen(server, cursor=first.cursor)
    assert batch.mentions == ()
    assert batch.changes.platform == "mastodon"
    assert batch.changes.standing == {uri(7): None, uri(9): "No cakes", uri(10): None}


def test_what_is_not_for_everybody_is_left_out_of_the_stream_too() -> None:
    told = [
        update(status(1, NOW, "<p>For followers</p>", visibility="private")),
        update(status(2, NOW, "", reblog={"id": "1"})),
        update(status(3, NOW, "<p>x</p>", account={"acct": "a", "noindex": True})),
    ]
    assert listen(Streaming(Mastodon(), told)).mentions == ()


def test_frames_that_cannot_be_read_are_counted_and_hold_up_nothing() -> None:
    odd = ["", "[]", '{"event": "update", "payload": "{"}', '{"event": "update"}', "[" * 20_000]
    batch = listen(Streaming(Mastodon(), [*odd, '{"event": "x"}', update(status(1, NOW, "Fair"))]))
    assert "5 events" in partly(batch)
    assert len(batch.mentions) == 1


def test_without_a_stream_the_timeline_is_read_and_it_says_so() -> None:
    old = status(7, NOW - 2 * HOUR, "<p>Fair</p>")
    for server, token, reason in (
        (Streaming(Mastodon(old), has_streams=False), TOKEN, "no longer exists"),
        (Streaming(Mastodon(old)), "stale", "refused our credentials"),
        (Streaming(Mastodon(old), hangs_up=True), TOKEN, "broke off"),
    ):
        batch = listen(server, token=token)
        assert reason in partly(batch)
        assert [one.external_id for one in batch.mentions] == [uri(7)]


def test_streams_may_be_elsewhere_and_the_token_goes_where_the_server_says() -> None:
    elsewhere = Streaming(Mastodon(), [update(status(8, NOW, "<p>Concert</p>"))])
    with streaming(elsewhere) as other:
        home = Streaming(Mastodon(), has_streams=False, elsewhere=f"ws://{other}")
        batch = listen(home, other)
        assert [one.external_id for one in batch.mentions] == [uri(8)]
        assert "Forbidden" not in partly(listen(home))  # not allowed: told in words


def test_an_account_is_needed() -> None:
    with streaming(Streaming(Mastodon())) as place:
        options = {"servers": [f"http://{place}"]}
        batch = asked("mastodon_stream", options, Site(place), terms=("Oak Hill School",))
    assert not_measured(batch).kind == "AuthLost"
