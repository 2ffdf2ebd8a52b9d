"""Near-duplicates are one row of the queue, and its gravest post stands for it."""

from __future__ import annotations

from datetime import timedelta

from classifiers.types import Severity
from monitor.store import decisions, mentions, queue
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.store.conftest import NOW, judged, post, queued

WORDS = (
    "Parents of the school on the hill say that the new gate shuts ten minutes too early and "
    "that nobody answers the telephone when their children stand in the rain outside it"
)


def shown(tx: Tx) -> list[tuple[int, Severity, int]]:
    rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
    return [(row.mention_id, row.severity, row.copies) for row in rows]


def test_the_same_words_elsewhere_are_the_same_story(store: Store) -> None:
    with store.begin() as tx:
        lead, first = queued(tx, post("1", WORDS))
        _, second = queued(tx, post("2", WORDS.upper() + " https://other.example/1"))
        _, third = queued(tx, post("3", WORDS + ", one hears"))
        assert shown(tx) == [(lead, "medium", 3)]
    assert (first.fresh, first.lead) == (True, True)
    assert (second.fresh, second.lead) == (False, False)
    assert {first.story_id, second.story_id, third.story_id} == {first.story_id}


def test_other_words_are_another_story(store: Store) -> None:
    with store.begin() as tx:
        queued(tx, post("1", WORDS))
        queued(tx, post("2", "The choir of the school on the hill sang for the market town"))
        assert [copies for _, _, copies in shown(tx)] == [1, 1]


def test_after_a_month_the_same_words_are_news_again(store: Store) -> None:
    with store.begin() as tx:
        queued(tx, post("1", WORDS), now=NOW - timedelta(days=31))
        _, saved = queued(tx, post("2", WORDS))
    assert saved.fresh


def test_a_graver_copy_takes_the_row_over_and_the_first_stays_in_sight_behind_it(
    store: Store,
) -> None:
    with store.begin() as tx:
        first, _ = queued(tx, post("1", WORDS), judged("low"))
        second, saved = queued(tx, post("2", WORDS), judged("critical"))
        assert saved.lead
        assert shown(tx) == [(second, "critical", 2)]
        detail = mentions.detail(tx, EVERYTHING, second)
    assert detail is not None
    assert [one.mention_id for one in detail.story] == [first]


def test_a_copy_of_what_was_decided_stays_decided_unless_it_is_graver(store: Store) -> None:
    with store.begin() as tx:
        first, _ = queued(tx, post("1", WORDS))
        assert decisions.record(tx, first, "no_action", "", seen="open", by="A", now=NOW)
        queued(tx, post("2", WORDS))
        assert shown(tx) == []
        third, _ = queued(tx, post("3", WORDS), judged("high"))
        assert shown(tx) == [(third, "high", 3)]
        detail = mentions.detail(tx, EVERYTHING, first)
    assert detail is not None
    assert detail.state == "decided"


def test_a_flagged_copy_of_a_quiet_post_comes_into_the_queue(store: Store) -> None:
    with store.begin() as tx:
        queued(tx, post("1", WORDS), judged("none"))
        assert shown(tx) == []
        second, _ = queued(tx, post("2", WORDS), judged("low"))
        assert shown(tx) == [(second, "low", 2)]
