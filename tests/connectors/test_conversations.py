"""The posts around one, asked of servers of ours as each platform tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from config.sources import Source
from connectors.errors import ConnectorError
from connectors.polling import conversation
from connectors.registry import CONNECTORS, converses
from connectors.types import Conversation, Mention
from monitor.sample.platforms.bluesky import HANDLE, PASSWORD, Bluesky, post
from monitor.sample.platforms.mastodon import Mastodon, status
from tests.connectors.asking import NOW, fetcher
from tests.doubles.loopback import Asked, Reply, Site, as_json, as_text, serving

HOUR = timedelta(hours=1)
KINDS = [*((at, "comment") for at in (6, 1, 4, 5)), (7, "discussionRenamed")]
"""Of Flarum's posts, in the order in which they come."""
SECRETS = {"bluesky_password": SecretStr(PASSWORD), "youtube_key": SecretStr("k")}


def around(
    kind: str, options: Mapping[str, object], site: Site, external_id: str, url: str = ""
) -> Conversation:
    source = Source(id="tried", kind=kind, name="Tried", options=options, allow=(site.place,))
    one = Mention(
        platform="tried", external_id=external_id, url=url, text="", published_at=NOW,
        fetched_at=NOW,
    )  # fmt: skip
    return asyncio.run(conversation(source, one, fetcher=fetcher(), now=NOW, secrets=SECRETS))


def texts(found: Conversation) -> tuple[list[str], list[str]]:
    return [one.text for one in found.before], [one.text for one in found.after]


def view(key: str, text: str, **more: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": post(key, NOW, text)} | more


@pytest.mark.parametrize("kind", ["bluesky", "jetstream"])
def test_bluesky_tells_what_a_reply_answers_and_what_answers_it(kind: str) -> None:
    uri = "at://did:plc:wren/app.bsky.feed.post/mine"
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True, "uri": "at://x"}
    server = Bluesky()
    server.threads[uri] = view(
        "mine", "the reply",
        parent=view("b", "second", parent=view("a", "first", parent=gone)),
        replies=[view("c", "answer", replies=[view("d", "deeper")]), view("e", "other"), gone],
    )  # fmt: skip
    signed_in: Callable[[Asked], Reply] = server
    if kind == "jetstream":  # its view of posts wants no account
        server.token = "none"

        def signed_in(asked: Asked) -> Reply:
            assert "Authorization" not in asked.headers
            return server(asked)

    with serving(signed_in) as site:
        options = {"handle": HANDLE, "address": site.address}
        if kind == "jetstream":
            options = {"appview": site.address}
        found = around(kind, options, site, f"bluesky:{uri}")
    assert texts(found) == (["first", "second"], ["answer", "deeper", "other"])
    assert found.before[0].external_id == "bluesky:at://did:plc:wren/app.bsky.feed.post/a"
    assert found.partial.startswith("2 more")


@pytest.mark.parametrize("kind", ["mastodon", "mastodon_stream"])
def test_mastodon_is_asked_where_the_post_was_written(kind: str) -> None:
    server = Mastodon()
    server.around["7"] = (
        [status(1, NOW - HOUR, "<p>First</p>")],
        [status(9, NOW, "<p>Answer</p>"), status(10, NOW, "x", visibility="private")],
    )
    with serving(server) as site:
        uri = f"{site.address}/users/wren/statuses/7"
        found = around(kind, {"servers": [site.address]}, site, uri)
        with pytest.raises(ConnectorError, match="no known way"):
            around(kind, {"servers": [site.address]}, site, f"{site.address}/objects/4f1c")
    assert texts(found) == (["First"], ["Answer"])
    assert found.partial.startswith("1 more")


def test_youtube_tells_of_the_thread_of_comments() -> None:
    def comment(number: str, text: str) -> dict[str, object]:
        said = {"textDisplay": text, "publishedAt": NOW.isoformat(), "authorDisplayName": "Wren"}
        return {"id": number, "snippet": said}

    def answer(asked: Asked) -> Reply:
        assert (asked.path, asked.query["id"]) == ("/commentThreads", "Ugx")
        top = {"videoId": "vvv", "topLevelComment": comment("Ugx", "Top")}
        below = [comment("Ugx.1", "One"), comment("Ugx.2", "Two")]
        return as_json({"items": [{"snippet": top, "replies": {"comments": below}}]})

    with serving(answer) as site:
        mine = "https://www.youtube.com/watch?v=vvv&lc=Ugx.1"
        found = around("youtube_comments", {"address": site.address}, site, mine)
    assert texts(found) == (["Top"], ["Two"])


def discourse(asked: Asked) -> Reply:
    if asked.path == "/robots.txt":
        return as_text("User-agent: *\nDisallow: /search\n")
    assert asked.path == "/t/12/5.json"
    posts = [
        {
            "post_number": at,
            "cooked": f"<p>Post {at}</p>",
            "username": "w",
            "created_at": "2026-03-01",
        }
        for at in (1, 4, 5, 6)
    ]
    return as_json({"id": 12, "slug": "buses", "title": "Buses", "post_stream": {"posts": posts}})


def flarum(asked: Asked) -> Reply:
    if asked.path == "/robots.txt":
        return Reply(status=404)
    if asked.path == "/api/discussions/12":  # since version 2 without its posts
        return as_json({"data": {"type": "discussions", "id": "12"}, "included": []})
    assert asked.path == "/api/posts"
    if set(asked.query) - {"filter[discussion]", "page[near]", "page[limit]"}:
        return as_json({"errors": [{"status": "400", "code": "bad_request"}]}, status=400)
    assert (asked.query["filter[discussion]"], asked.query["page[near]"]) == ("12", "5")
    posts = [
        {"type": "posts", "id": str(900 + at), "attributes": {
            "number": at, "contentType": kind, "contentHtml": f"<p>Post {at}</p>",
            "createdAt": "2026-03-01T10:00:00+00:00",
        }, "relationships": {"discussion": {"data": {"type": "discussions", "id": "12"}}}}
        for at, kind in KINDS
    ]  # fmt: skip
    title = {"type": "discussions", "id": "12", "attributes": {"title": "Buses"}}
    user = {"type": "users", "id": "3", "attributes": {"username": "wren"}}
    return as_json({"data": posts, "included": [user, title]})


@pytest.mark.parametrize(
    ("software", "answer", "path"),
    [("discourse", discourse, "/t/buses/12/5"), ("flarum", flarum, "/d/12-buses/5")],
)
def test_forums_tell_of_a_topic_near_a_post(
    software: str, answer: Callable[[Asked], Reply], path: str
) -> None:
    with serving(answer) as site:
        options = {"software": software, "site": site.address}
        found = around("forum", options, site, "x", f"{site.address}{path}")
        with pytest.raises(ConnectorError, match="does not say where"):
            around("forum", options, site, "x", f"https://elsewhere.example{path}")
    assert texts(found) == (["Post 1", "Post 4"], ["Post 6"])
    assert {one.title for one in found.before} == {"Buses"}


def test_what_robots_may_not_read_is_not_read() -> None:
    with serving(lambda _: as_text("User-agent: *\nDisallow: /\n")) as site:
        options = {"software": "discourse", "site": site.address}
        with pytest.raises(ConnectorError, match=r"robots\.txt"):
            around("forum", options, site, "x", f"{site.address}/t/buses/12/5")


@pytest.mark.parametrize("kind", [one for one in CONNECTORS if converses(one)])
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"thread": 3}', b"[" * 9_999, b"\xff"])
def test_what_is_no_conversation_is_an_error_in_words(kind: str, body: bytes) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        if asked.path.endswith("createSession"):
            return Bluesky()(asked)
        return Reply(body=body, headers={"Content-Type": "application/json"})

    every: dict[str, dict[str, object]] = {
        "bluesky": {"handle": HANDLE}, "forum": {"software": "discourse"},
        "mastodon": {}, "mastodon_stream": {}, "youtube_comments": {}, "discourse": {},
        "jetstream": {},
    }  # fmt: skip
    with serving(answer) as site:
        named = {"forum": "site", "discourse": "site", "jetstream": "appview"}.get(kind, "address")
        where: dict[str, object] = {named: site.address}
        if kind.startswith("mastodon"):
            where = {"servers": [site.address]}
        one = f"{site.address}/users/wren/statuses/7"
        with pytest.raises(ConnectorError):
            around(kind, every[kind] | where, site, one, f"{site.address}/t/a/1/2")
