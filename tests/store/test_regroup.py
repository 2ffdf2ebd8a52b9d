"""Stories split and merged by hand, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.store import mentions, queue, regroup, stories
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.store.conftest import NOW, judged, post, queued
from tests.store.test_stories import WORDS

OTHER = "Parents at Hill school say the new car park floods whenever it rains in the autumn term"


def rows(tx: Tx) -> dict[int, int]:
    """What waits: number and posts of the story."""
    page = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=100)
    return {row.mention_id: row.copies for row in page.rows}


def story(tx: Tx, number: int) -> int:
    found = stories.of_mention(tx, number)
    assert found is not None
    return found


@pytest.fixture
def tx(store: Store) -> Iterator[Tx]:
    with store.begin() as opened:
        yield opened


def test_a_post_is_split_off_and_put_back(tx: Tx) -> None:
    first, _ = queued(tx, post("1", WORDS))
    copy, _ = queued(tx, post("2", WORDS))
    assert rows(tx) == {first: 2}
    action = regroup.split(tx, copy, by="A", now=NOW)
    assert action
    assert rows(tx) == {first: 1, copy: 1}
    assert regroup.last(tx, story(tx, copy))
    assert regroup.undo(tx, action, now=NOW)
    assert rows(tx) == {first: 2}
    assert not regroup.undo(tx, action, now=NOW)


def test_what_stands_for_a_story_cannot_be_split_from_it(tx: Tx) -> None:
    first, _ = queued(tx, post("1", WORDS))
    queued(tx, post("2", WORDS))
    assert regroup.split(tx, first, by="A", now=NOW) is None
    assert regroup.split(tx, 999, by="A", now=NOW) is None


def test_merging_makes_one_row_led_by_the_graver_and_is_taken_back(tx: Tx) -> None:
    first, _ = queued(tx, post("1", WORDS), judged("medium"))
    queued(tx, post("2", WORDS), judged("medium"))
    graver, _ = queued(tx, post("3", OTHER), judged("high"))
    into, other = story(tx, first), story(tx, graver)
    action = regroup.merge(tx, into, other, by="A", now=NOW)
    assert action
    assert rows(tx) == {graver: 3}
    assert story(tx, graver) == into
    later, _ = queued(tx, post("4", OTHER), judged("medium"))
    assert story(tx, later) == into
    assert rows(tx) == {graver: 4}
    assert regroup.why(tx, into, first, [graver]) == {graver: "merged by A"}
    assert regroup.undo(tx, action, now=NOW)
    assert rows(tx) == {first: 3, graver: 1}
    assert story(tx, graver) == other


def test_merging_a_story_with_itself_or_with_nothing_does_nothing(tx: Tx) -> None:
    first, _ = queued(tx, post("1", WORDS))
    own = story(tx, first)
    assert regroup.merge(tx, own, own, by="A", now=NOW) is None
    assert regroup.merge(tx, own, 999, by="A", now=NOW) is None


def test_why_a_post_is_in_a_story_is_said(tx: Tx) -> None:
    first, _ = queued(tx, post("1", WORDS))
    same, _ = queued(tx, post("2", WORDS + " https://a.example/1"))
    assert regroup.why(tx, story(tx, first), first, [same]) == {same: "the same words"}
    assert mentions.detail(tx, EVERYTHING, same)
