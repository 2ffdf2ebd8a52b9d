"""The WordPress connector against WordPress itself: posts, comments, its search, and 304s."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.types import Batch, Cursor, NotModified, Ok
from tests.connectors.asking import asked
from tests.doubles.loopback import Site
from tests.peers.wordpress import WordPress, missing, wordpress

NAME = "Larkmere Hill School"


@pytest.fixture(scope="module")
def site() -> Iterator[WordPress]:
    if lacking := missing():
        wanted = ", ".join(lacking)
        pytest.skip(f"NOT TESTED: {wanted} not installed (make system), so no real WordPress")
    with wordpress() as started:
        # It tells changes by the second: what comes later must not come within the same.
        before = datetime.now(UTC) - timedelta(hours=1)
        bridge = f"<p>The <b>bridge</b> by {NAME} is open &amp; dry.</p>"
        first = started.write("The bridge", bridge, at=before)
        started.write("Market", "<p>The market is on Saturday.</p>", at=before)
        started.comment(first, "Wren", f"About time, says everybody at {NAME}.")
        yield started


def read(site: WordPress, view: str, *, cursor: Cursor | None = None) -> Batch:
    options = {"site": site.address, "view": view}
    return asked(
        "wordpress", options, Site(site.place), terms=(NAME,), cursor=cursor or Cursor(),
        now=datetime.now(UTC),
    )  # fmt: skip


def test_posts_are_read_whole_and_an_unchanged_feed_is_not_sent_again(site: WordPress) -> None:
    batch = read(site, "posts")
    assert isinstance(batch.health, Ok)
    posts = {one.title: one for one in batch.mentions}
    assert posts["The bridge"].text.startswith(f"The bridge by {NAME} is open & dry.")
    assert posts["The bridge"].published_known
    assert {"The bridge", "Market"} <= set(posts)
    assert batch.cursor.etag or batch.cursor.last_modified
    again = read(site, "posts", cursor=batch.cursor)
    assert isinstance(again.health, NotModified)
    site.write("News", "<p>A third post.</p>")
    (new,) = read(site, "posts", cursor=again.cursor).mentions
    assert new.title == "News"


def test_a_readers_comment_names_its_post(site: WordPress) -> None:
    comments = {one.author.name: one for one in read(site, "comments").mentions}
    wren = comments["Wren"]
    posts = {one.title: one for one in read(site, "posts").mentions}
    assert wren.kind == "comment"
    assert wren.text.strip() == f"About time, says everybody at {NAME}."
    assert wren.parent_id == posts["The bridge"].external_id


def test_its_own_search_finds_what_names_us(site: WordPress) -> None:
    found = read(site, "search")
    assert [one.title for one in found.mentions] == ["The bridge"]
