"""What has been kept for its time is forgotten: no letter of it is left in the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classifiers.types import Assessment, Label, LabelScore, Severity
from connectors.types import Author
from monitor.store import authors, claims, decisions, deliveries, mentions, queue, retention
from monitor.store.database import Store, Tx
from monitor.store.retention import KINDS, Limits
from monitor.store.scope import EVERYTHING
from monitor.store.views import Outcome, QueueFilter
from tests.store.conftest import FILES_ONLY, NOW, post, queued
from tests.store.test_outbox import alert
from tests.store.test_stories import WORDS

SECRET = "xylophonesandwich"
DAY = timedelta(days=1)


def limits(days: int = 0) -> Limits:
    """As on a day so many days from now: dismissed 30, unreviewed 180, watched 365,
    handed over 90, authors 30; criticism has no time of its own."""
    now = NOW + days * DAY
    return Limits(
        now=now,
        criticism=now - 9999 * DAY,
        dismissed=now - 30 * DAY,
        unreviewed=now - 180 * DAY,
        watched=now - 365 * DAY,
        handed_over=now - 90 * DAY,
        authors=now - 30 * DAY,
    )


def forget(tx: Tx, until: Limits) -> dict[str, int]:
    return {kind: n for kind in KINDS if (n := retention.forget(tx, kind, until, most=100))}


def decide(tx: Tx, mention_id: int, outcome: Outcome) -> int:
    made = decisions.record(tx, mention_id, outcome, SECRET, seen="open", by="A", now=NOW)
    assert made is not None
    return made


def stays(tx: Tx, mention_id: int) -> bool:
    return mentions.detail(tx, EVERYTHING, mention_id) is not None


@pytest.mark.parametrize(
    ("outcome", "days"),
    [(None, 180), ("not_about_us", 30), ("no_action", 30), ("watch", 365), ("open_case", 365)],
)
def test_each_kind_is_kept_for_its_time_as_is_what_was_taken_out_of_its_case(
    store: Store, outcome: Outcome | None, days: int
) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, post("1", WORDS))
        if outcome:
            decide(tx, mention_id, outcome)
        forget(tx, limits(days))
        assert stays(tx, mention_id)
        forget(tx, limits(days + 1))
        assert not stays(tx, mention_id)


@FILES_ONLY
def test_no_letter_of_a_forgotten_post_is_left_in_the_files(store: Store, tmp_path: Path) -> None:
    one = replace(
        post(f"{SECRET}-1", f"{SECRET} {WORDS}"),
        url=f"https://{SECRET}.example/1",
        author=Author(name=SECRET, handle=f"@{SECRET}"),
    )
    with store.begin() as tx:
        mention_id, _ = queued(tx, one)
        decide(tx, mention_id, "no_action")
    assert any(SECRET.encode() in file.read_bytes() for file in tmp_path.iterdir())
    with store.begin() as tx:
        assert forget(tx, limits(31)) == {"dismissed": 1}
    store.settle()
    assert not any(SECRET.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_a_source_that_still_shows_it_does_not_bring_it_back(store: Store) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, post("1", WORDS))
        decide(tx, mention_id, "not_about_us")
        forget(tx, limits(31))
        assert mentions.ingest(tx, "tried", [post("1", WORDS)], NOW).stored == 0
        assert mentions.pending(tx, 10) == []
        assert queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=10).rows == ()


def test_the_copies_of_a_story_go_with_what_stands_for_them(store: Store) -> None:
    with store.begin() as tx:
        lead, _ = queued(tx, post("1", WORDS))
        copy, _ = queued(tx, post("2", WORDS))
        decide(tx, lead, "no_action")
        assert forget(tx, limits(31)) == {"dismissed": 1, "copies": 1}
        assert not stays(tx, copy)


def test_a_decision_taken_back_does_not_count(store: Store) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, post("1", WORDS))
        made = decide(tx, mention_id, "no_action")
        assert decisions.undo(tx, made, by="A", now=NOW)
        forget(tx, limits(31))
        assert stays(tx, mention_id)


def test_nothing_is_forgotten_before_those_who_must_be_told_were(store: Store) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, post("1", WORDS))
        assert mention_id == 1  # which the alert is about
        assert deliveries.enqueue(tx, alert("1:high:pr"), now=NOW)
        forget(tx, limits(181))
        assert stays(tx, mention_id)


def test_what_a_platform_lets_us_keep_for_a_time_goes_when_it_is_over(store: Store) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, replace(post("1", WORDS), expires_at=NOW + 30 * DAY))
        decide(tx, mention_id, "open_case")
        forget(tx, limits(30))
        assert stays(tx, mention_id)
        assert forget(tx, limits(31)) == {"expired": 1}


def test_names_of_authors_go_first(store: Store) -> None:
    with store.begin() as tx:
        one = replace(post("1", WORDS), author=Author(name="Ann", handle="@ann"))
        mention_id, _ = queued(tx, one)
        assert retention.due(tx, limits(30))["authors"] == 0
        assert retention.due(tx, limits(31))["authors"] == 1
        assert forget(tx, limits(31)) == {"authors": 1}
        detail = mentions.detail(tx, EVERYTHING, mention_id)
        assert authors.of_mention(tx, mention_id) == Author()
    assert detail is not None
    assert not detail.has_author
    assert detail.mention.text == WORDS


def test_a_later_decision_on_another_post_keeps_nothing(store: Store) -> None:
    with store.begin() as tx:
        first, _ = queued(tx, post("1", WORDS))
        second, _ = queued(tx, post("2", "Something else altogether, about a lost umbrella"))
        decide(tx, first, "no_action")
        decide(tx, second, "no_action")
        assert forget(tx, limits(31)) == {"dismissed": 2}


@pytest.mark.parametrize(
    ("label", "severity", "goes"),
    [("reputation", "medium", True), ("reputation", "critical", False), ("hate", "medium", False)],
)
def test_lawful_criticism_goes_soon_and_nothing_else_with_it(
    store: Store, label: Label, severity: Severity, goes: bool
) -> None:
    score = LabelScore(label=label, probability=0.9, threshold=0.5)
    assessment = Assessment(scores=(score,), severity=severity, model_version="tried")
    with store.begin() as tx:
        number, _ = queued(tx, post("1"), assessment)
        decide(tx, number, "watch")
        soon = replace(limits(61), criticism=NOW + DAY)
        assert forget(tx, replace(soon, criticism=NOW - DAY)) == {}
        assert forget(tx, soon) == ({"criticism": 1} if goes else {})
        assert stays(tx, number) is not goes


def test_criticism_that_comes_back_to_somebody_or_is_in_a_case_stays(store: Store) -> None:
    with store.begin() as tx:
        number, _ = queued(tx, post("1"))
        decision = decide(tx, number, "watch")
        claims.watch_until(tx, number, decision, NOW + 90 * DAY)
        assert forget(tx, replace(limits(61), criticism=NOW + DAY)) == {}
        assert forget(tx, replace(limits(91), criticism=NOW + DAY)) == {"criticism": 1}
