"""How stored posts stand on their platforms now: there, changed, gone, or not to be said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from pydantic import SecretStr

from config.sources import Source
from connectors.polling import recheck
from connectors.registry import CONNECTORS, connector, rechecks
from connectors.types import Mention, Standing
from monitor.sample.platforms.mastodon import Mastodon, status
from tests.connectors.asking import NOW, fetcher
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving


def stored(external_id: str) -> Mention:
    return Mention(
        platform="tried", external_id=external_id, url="", text="as it was read",
        published_at=NOW, fetched_at=NOW,
    )  # fmt: skip


def standing(
    kind: str, options: Mapping[str, object], site: Site, *ids: str, **secrets: str
) -> Standing:
    source = Source(id="tried", kind=kind, name="Tried", options=options, allow=(site.place,))
    given = {name: SecretStr(value) for name, value in secrets.items()}
    posts = [stored(one) for one in ids]
    return asyncio.run(recheck(source, posts, fetcher=fetcher(), now=NOW, secrets=given))


def test_mastodon_is_asked_of_each_post_where_it_was_written() -> None:
    hour = NOW - timedelta(hours=1)
    server = Mastodon(
        status(7, hour, "<p>Still here</p>"),
        status(8, hour, "<p>For followers now</p>", visibility="private"),
    )
    with serving(server) as site:
        here = [f"{site.address}/users/wren/statuses/{number}" for number in (7, 8, 9)]
        silent = "http://127.0.0.1:9/users/wren/statuses/1"
        other = f"{site.address}/objects/4f1c"
        options = {"servers": [site.address]}
        found = standing("mastodon", options, site, *here, silent, other)
    assert found == {here[0]: "Still here", here[1]: None, here[2]: None}


def test_youtube_tells_of_fifty_videos_at_once_and_leaves_out_what_was_taken_down() -> None:
    def answer(asked: Asked) -> Reply:
        shown = {"title": "Sports day", "description": "New words", "channelTitle": "Wren"}
        return as_json({"items": [{"id": "aaaaaaaaaaa", "snippet": shown}]})

    with serving(answer) as site:
        ids = [f"https://www.youtube.com/watch?v={one}" for one in ("aaaaaaaaaaa", "bbbbbbbbbbb")]
        options = {"address": site.address}
        found = standing("youtube", options, site, *ids, youtube_key="k")
    assert found[ids[1]] is None
    assert "New words" in str(found[ids[0]])
    assert len(site.asked) == 1


def test_youtube_leaves_out_comments_that_were_deleted() -> None:
    def answer(asked: Asked) -> Reply:
        assert (asked.path, asked.query["id"]) == ("/comments", "Ugx,Ugx.1")
        return as_json({"items": [{"id": "Ugx", "snippet": {"textDisplay": "As before"}}]})

    with serving(answer) as site:
        ids = [f"https://www.youtube.com/watch?v=vvv&lc={one}" for one in ("Ugx", "Ugx.1")]
        found = standing("youtube_comments", {"address": site.address}, site, *ids, youtube_key="k")
    assert found == {ids[0]: "As before", ids[1]: None}


@pytest.mark.parametrize("kind", [one for one in CONNECTORS if rechecks(one)])
def test_a_refusal_says_nothing_of_any_post(kind: str) -> None:
    with serving(lambda _: Reply(status=503)) as site:
        every: dict[str, dict[str, object]] = {
            "mastodon": {"servers": [site.address]},
            "mastodon_stream": {"servers": [site.address]},
            "bluesky": {"handle": "trust.example", "address": site.address},
            "jetstream": {"appview": site.address},
            "youtube_comments": {"address": site.address},
            "youtube": {"address": site.address},
        }
        options = every[kind]
        one = f"{site.address}/users/wren/statuses/7"
        assert standing(kind, options, site, one, youtube_key="k", bluesky_password="p") == {}
    assert hasattr(connector(kind), "standing")
