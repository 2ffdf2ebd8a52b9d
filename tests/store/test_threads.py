"""The answers to one post are one row of the queue, as long as nobody has decided on it."""

from __future__ import annotations

from dataclasses import replace

from connectors.types import Mention
from monitor.store import decisions, mentions, queue, regroup
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.store.conftest import NOW, judged, post, queued

ROOT = "The car park of the school on the hill has been shut for three weeks without a word"
FIRST = "Same at our end of town, and the coach drivers have had enough of it as well"
SECOND = "They told the paper it would open on Monday; I will believe that when I see it"


def answer(name: str, text: str, to: str) -> Mention:
    return replace(post(name, text), parent_id=to, kind="comment")


def shown(tx: Tx) -> list[tuple[int, int]]:
    rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
    return [(row.mention_id, row.copies) for row in rows]


def test_answers_to_a_post_and_to_its_answers_are_its_story(store: Store) -> None:
    with store.begin() as tx:
        root, _ = queued(tx, post("root", ROOT))
        first, _ = queued(tx, answer("a", FIRST, "root"))
        second, _ = queued(tx, answer("b", SECOND, "a"))
        assert shown(tx) == [(root, 3)]
        story = mentions.detail(tx, EVERYTHING, root)
        assert story is not None
        assert story.story_id is not None
        why = regroup.why(tx, story.story_id, root, [first, second])
    assert why == {first: "an answer to this", second: "in the same thread"}


def test_answers_to_what_we_never_saw_are_one_story(store: Store) -> None:
    with store.begin() as tx:
        first, _ = queued(tx, answer("a", FIRST, "elsewhere"))
        queued(tx, answer("b", SECOND, "elsewhere"))
        assert shown(tx) == [(first, 2)]
        queued(tx, post("elsewhere", ROOT))
        assert shown(tx) == [(first, 3)]


def test_the_same_number_on_another_platform_is_another_thread(store: Store) -> None:
    with store.begin() as tx:
        queued(tx, answer("a", FIRST, "7"))
        queued(tx, replace(answer("b", SECOND, "7"), platform="reddit"))
        assert [copies for _, copies in shown(tx)] == [1, 1]


def test_what_is_answered_after_a_decision_is_looked_at_anew(store: Store) -> None:
    with store.begin() as tx:
        root, _ = queued(tx, post("root", ROOT))
        assert decisions.record(tx, root, "no_action", "", seen="open", by="A", now=NOW)
        first, _ = queued(tx, answer("a", FIRST, "root"))
        queued(tx, answer("b", SECOND, "root"))
        assert shown(tx) == [(first, 2)]


def test_a_graver_answer_stands_for_the_thread(store: Store) -> None:
    with store.begin() as tx:
        queued(tx, post("root", ROOT), judged("low"))
        first, saved = queued(tx, answer("a", FIRST, "root"), judged("medium"))
        assert saved.lead
        assert shown(tx) == [(first, 2)]


def test_an_answer_that_somebody_must_be_told_of_stands_for_itself(store: Store) -> None:
    with store.begin() as tx:
        root, _ = queued(tx, post("root", ROOT), judged("high"))
        first, saved = queued(tx, answer("a", FIRST, "root"), judged("high"), is_alarming=True)
        assert saved.fresh
        assert sorted(shown(tx)) == [(root, 1), (first, 1)]
