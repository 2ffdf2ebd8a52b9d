"""Facebook pages and Instagram accounts of our own, against servers of ours that want the right
token, withhold authors, cut comments short and count in per cent."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.types import Batch, Cursor, Media, Ok
from monitor.sample.platforms import graph
from monitor.sample.platforms.graph import TOKEN
from monitor.sample.platforms.meta_pages import (
    ACCOUNT,
    OURS,
    PAGE,
    PAGE_TOKEN,
    USERNAME,
    FacebookPage,
    Instagram,
    comment,
    picture,
    post,
    remark,
)
from tests.connectors.asking import NEVER_ASKED, NOW, asked, fetcher, not_measured, partly
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

HOUR = timedelta(hours=1)
SERVERS: dict[str, Any] = {"facebook_page": FacebookPage, "instagram": Instagram}
OPTIONS = {"facebook_page": {"page": PAGE}, "instagram": {"account": ACCOUNT}}

both = pytest.mark.parametrize("kind", list(SERVERS))


def ask(
    kind: str,
    site: Site,
    *,
    cursor: Cursor = NEVER_ASKED,
    token: str | None = TOKEN,
    **more: Any,
) -> Batch:
    secrets = {"meta_token": SecretStr(token)} if token else {}
    options = {"address": site.address} | OPTIONS[kind]
    return asked(kind, options, site, cursor=cursor, secrets=secrets, **more)


def words(batch: Batch) -> list[str]:
    return [one.text for one in batch.mentions]


def test_posts_by_visitors_comments_and_tags_are_told_and_what_the_page_wrote_is_not() -> None:
    said = comment(5, NOW - HOUR, "Shame about the parking", parent={"id": "1_4"})
    answer = comment(6, NOW - HOUR, "Sorry to hear that", **{"from": OURS})
    server = FacebookPage(
        post(1, NOW - 3 * HOUR, "Fair on Saturday", said, answer, **{"from": OURS}),
        post(2, NOW - 2 * HOUR, "Who saw the fight?"),
        tagged=[post(3, NOW - HOUR, "At the gates", **{"from": {"id": "7", "name": "Wren"}})],
    )
    with serving(server) as site:
        batch = ask("facebook_page", site)
    assert isinstance(batch.health, Ok)
    assert words(batch) == ["Shame about the parking", "Who saw the fight?", "At the gates"]
    assert {one.title for one in batch.mentions} == {"Oak Hill School"}
    first, second, third = batch.mentions
    assert (first.kind, first.parent_id, first.platform) == ("comment", "1_4", "facebook")
    assert (first.author.name, first.author.handle) == (None, None)
    assert first.url.endswith("comment_id=5")
    assert (second.kind, second.external_id) == ("post", f"facebook:{PAGE}_2")
    assert (third.author.name, third.author.handle) == ("Wren", None)


def test_a_post_of_a_picture_alone_is_told_and_one_of_nothing_is_not() -> None:
    photo = {"data": [{"media_type": "photo", "url": "https://www.facebook.com/photo/1"}]}
    server = FacebookPage(
        post(1, NOW - HOUR, "", attachments=photo),
        post(2, NOW - HOUR, ""),
    )
    with serving(server) as site:
        (mention,) = ask("facebook_page", site).mentions
    assert mention.media == (Media(url="https://www.facebook.com/photo/1", type="photo"),)


def test_the_page_is_read_with_its_own_token_which_goes_nowhere_else() -> None:
    with serving(FacebookPage(post(1, NOW - HOUR, "Hello"))) as site:
        ask("facebook_page", site)
    first, *others = site.asked
    assert first.headers["Authorization"] == f"Bearer {TOKEN}"
    assert {one.headers["Authorization"] for one in others} == {f"Bearer {PAGE_TOKEN}"}
    assert "EAA" not in str([one.query for one in site.asked])


def test_comments_and_their_replies_below_our_pictures_and_pictures_that_tag_us_are_told() -> None:
    reply = remark(12, NOW - HOUR, "I saw it too", by="ana")
    own = remark(13, NOW - HOUR, "Thank you", by=USERNAME)
    server = Instagram(
        picture(1, NOW - 3 * HOUR, "Sports day", remark(11, NOW - 2 * HOUR, "Awful", reply, own)),
        tags=[picture(2, NOW - HOUR, "Queue at Oak Hill", by="wren")],
    )
    with serving(server) as site:
        batch = ask("instagram", site)
    assert isinstance(batch.health, Ok)
    assert words(batch) == ["Awful", "I saw it too", "Queue at Oak Hill"]
    assert {one.title for one in batch.mentions} == {"Oak Hill School"}
    first, second, third = batch.mentions
    assert (first.kind, first.parent_id, first.author.name) == ("comment", "1", "wren")
    assert (second.parent_id, second.url) == ("11", "https://www.instagram.com/p/1/")
    assert (third.kind, third.external_id, third.platform) == ("post", "instagram:2", "instagram")


def written(kind: str, number: int, *comments: Any) -> Any:
    make = post if kind == "facebook_page" else picture
    return make(number, NOW - 40 * 24 * HOUR, "Ours", *comments, **_own(kind))


def _own(kind: str) -> dict[str, Any]:
    return {"from": OURS} if kind == "facebook_page" else {}


def said(kind: str, number: int, *, minutes_ago: int) -> Any:
    make = comment if kind == "facebook_page" else remark
    return make(number, NOW - timedelta(minutes=minutes_ago), f"Comment {number}")


@both
def test_a_new_comment_below_an_old_post_is_told_and_old_ones_are_not(kind: str) -> None:
    old = said(kind, 1, minutes_ago=31 * 24 * 60)
    server = SERVERS[kind](written(kind, 1, said(kind, 2, minutes_ago=5), old))
    with serving(server) as site:
        first = ask(kind, site)
        name = next(iter(server.lists))
        server.lists[name] = [written(kind, 1, said(kind, 3, minutes_ago=1), *[old] * 3)]
        second = ask(kind, site, cursor=first.cursor)
    assert words(first) == ["Comment 2"]
    assert words(second) == ["Comment 3"]


@both
def test_more_new_comments_than_are_shown_are_told_as_a_gap(kind: str) -> None:
    few = [said(kind, n, minutes_ago=n) for n in range(1, 50)]
    many = [said(kind, 100 + n, minutes_ago=n) for n in range(1, 80)]
    server = SERVERS[kind](written(kind, 1, *few))
    with serving(server) as site:
        first = ask(kind, site)
        server.lists[next(iter(server.lists))] = [written(kind, 1, *many)]
        second = ask(kind, site, cursor=first.cursor)
    assert (len(first.mentions), first.possible_gap) == (49, False)
    assert (len(second.mentions), second.possible_gap) == (50, True)


@both
def test_two_pages_of_a_list_are_read(kind: str) -> None:
    every = [written(kind, n, said(kind, 1000 + n, minutes_ago=5)) for n in range(60)]
    with serving(SERVERS[kind](*every)) as site:
        batch = ask(kind, site)
    assert len(batch.mentions) == 50


@both
def test_a_permission_that_is_lacking_for_one_list_leaves_the_other_read(kind: str) -> None:
    server = SERVERS[kind](written(kind, 1, said(kind, 2, minutes_ago=5)))
    second = list(server.lists)[1]
    server.refuses[second] = lambda: graph.refused(10, status=403)
    with serving(server) as site:
        batch = ask(kind, site)
    assert words(batch) == ["Comment 2"]
    assert f"{second}: The token lacks a permission (10)" in partly(batch)
    assert TOKEN not in partly(batch)


@both
@pytest.mark.parametrize("token", [None, "EAAB-wr0ng"])
def test_without_a_valid_token_nothing_is_measured(kind: str, token: str | None) -> None:
    with serving(SERVERS[kind]()) as site:
        health = not_measured(ask(kind, site, token=token))
    assert health.kind == "AuthLost"
    assert "TRUST_MONITOR_SECRET_META_TOKEN" in health.reason
    assert "EAA" not in health.reason


@both
@pytest.mark.parametrize("code", [4, 17, 32, 613])
def test_a_throttle_waits(kind: str, code: int) -> None:
    server = SERVERS[kind]()
    for name in server.lists:
        server.refuses[name] = lambda: graph.refused(code)
    with serving(server) as site:
        health = not_measured(ask(kind, site))
    assert (health.kind, health.retry_after) == ("Throttled", 3600)


@both
def test_nothing_more_is_asked_when_the_header_says_that_the_allowance_is_used_up(
    kind: str,
) -> None:
    server = SERVERS[kind](written(kind, 1, said(kind, 2, minutes_ago=5)))
    server.used = 100
    door = fetcher()
    with serving(server) as site:
        first = ask(kind, site, through=door)
        count = len(site.asked)
        later = not_measured(ask(kind, site, through=door, cursor=first.cursor))
        assert len(site.asked) == count == 2
    assert words(first) == ["Comment 2"]
    assert "slow down" in partly(first)
    assert later.kind == "Throttled"
    assert later.retry_after == pytest.approx(7 * 60, abs=5)


@both
def test_a_page_that_is_not_ours_is_gone(kind: str) -> None:
    with serving(lambda _: graph.refused(100, part=33)) as site:
        assert not_measured(ask(kind, site)).kind == "Gone"


@both
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_token_nowhere(kind: str, status: int) -> None:
    with serving(SERVERS[kind]()) as elsewhere:
        moved = Reply(status=status, headers={"Location": f"{elsewhere.address}/{PAGE}"})
        with serving(lambda _: moved) as site:
            health = not_measured(ask(kind, site))
        assert elsewhere.asked == []
    assert health.kind == "Malformed"


@both
@pytest.mark.parametrize(
    "reply",
    [
        as_text("<html>sign in</html>", kind="text/html"),
        as_json({"error": {"code": 1}}),
        as_json([]),
    ],
    ids=["a page", "an error as 200", "no record"],
)
def test_what_is_no_list_is_never_taken_for_posts(
    kind: str, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda _: reply) as site:
        health = not_measured(ask(kind, site))
    assert health.kind == "Malformed"
    assert "EAA" not in caplog.text
