"""Days counted for the board, and the equality ledger made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import alarms, review
from monitor.figures import board, equality, ledger, sheets
from monitor.store import day_counts
from monitor.store.day_counts import TRUST
from monitor.store.scope import EVERYTHING
from monitor.store.views import Outcome
from tests.doubles.consoles import NOW, Scene, empty_scene
from tests.doubles.written_posts import Written

TODAY = NOW.date()
A_DAY = timedelta(days=1)
HATE = Written(text="{hate|Send the Muslim kids} home, {@oakenhall|Oakenhall}", sure={"hate": 0.9})
CRITICISM = Written(
    text="{reputation|Lunch is a shambles} at {@oakenhall|Oakenhall}", sure={"reputation": 0.9}
)
KIND = Written(text="The gay choir sang at {@edith-pennick|Edith Pennick}")
THREAT = Written(
    text="{threat|Bring bats} to {@oakenhall|Oakenhall} at three", sure={"threat": 0.99}
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with empty_scene(tmp_path) as opened:
        yield opened


def decide(scene: Scene, number: int, outcome: Outcome) -> None:
    review.open_mention(scene.store, EVERYTHING, number, by="A", now=scene.now)
    assert review.decide(scene.store, number, outcome, "", seen="open", by="A", now=scene.now), (
        number
    )


def counts(scene: Scene, last: date = TODAY) -> Counter[str]:
    with scene.store.read() as tx:
        return ledger.total(tx, last - 90 * A_DAY, last)[TRUST]


def test_a_day_is_counted_by_kind_outcome_and_answer(scene: Scene) -> None:
    hate, _, _ = scene.add(HATE), scene.add(CRITICISM), scene.add(KIND)
    threat = scene.add(THREAT)
    scene.now += timedelta(minutes=20)
    alarms.acknowledge(scene.store, threat, by="A", now=scene.now)
    decide(scene, hate, "no_action")
    found = counts(scene)
    assert found["kind.any"] == 4
    assert (found["kind.harm"], found["kind.criticism"]) == (2, 1)
    assert (found["outcome.no_action"], found["decision.1d"]) == (1, 1)
    assert found["answer.1h"] + found["answer.4h"] == 2
    assert found["equality.religion_or_belief.flagged"] == 1
    assert found["equality.religion_or_belief.overturned"] == 1
    assert found["equality.sexual_orientation.mentions"] == 1
    assert found["equality.sexual_orientation.flagged"] == 0
    assert found["equality.none.mentions"] == 2
    assert found["equality.overturned"] == 1


def test_counted_days_say_the_same_as_the_rows_and_outlive_them(scene: Scene) -> None:
    decide(scene, scene.add(HATE), "watch")
    scene.add(CRITICISM)
    before = counts(scene)
    scene.now += 3 * A_DAY
    assert ledger.close_days(scene.store, scene.now) == 2
    assert ledger.close_days(scene.store, scene.now) == 0
    with scene.store.read() as tx:
        assert day_counts.last_day(tx) == TODAY + A_DAY
    assert +counts(scene, TODAY + 2 * A_DAY) == +before
    with scene.store.begin() as tx:
        tx.exec_driver_sql("delete from mention where text not like '%shambles%'")
    assert +counts(scene, TODAY + 2 * A_DAY) == +before


def test_a_schools_ledger_leaves_out_what_accuses_its_head(scene: Scene) -> None:
    scene.add(Written(text=HATE.text, sure=HATE.sure, allegation="head"))
    with scene.store.read() as tx:
        found = ledger.total(tx, TODAY, TODAY)
    assert found[TRUST]["kind.harm"] == 1
    assert found["oakenhall"]["kind.harm"] == 0


def ledger_of(mentions: int, flagged: int, decided: int = 0, overturned: int = 0) -> Counter[str]:
    plain = {"mentions": 1000, "flagged": 50, "decided": 50, "overturned": 10}
    named = {"mentions": mentions, "flagged": flagged, "decided": decided, "overturned": overturned}
    return Counter(
        {f"equality.none.{key}": number for key, number in plain.items()}
        | {f"equality.race.{key}": number for key, number in named.items()}
    )


def test_a_difference_beyond_chance_is_said_and_a_small_one_is_not() -> None:
    _, much = equality.by_words(ledger_of(200, 60, 60, 45))
    assert much.note.count("more often") == 2
    _, little = equality.by_words(ledger_of(200, 12, 12, 3))
    assert little.note == ""
    _, few = equality.by_words(ledger_of(30, 25))
    assert few.note == ""


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_small_number_stands_in_the_ledger_or_follows_from_it(mentions: int, part: int) -> None:
    flagged = min(part, mentions)
    for row in equality.by_words(ledger_of(mentions, flagged))[1:]:
        shown = (row.mentions, row.flagged)
        assert not any(0 < number < 5 for number in shown if number is not None)
        if row.mentions is not None and row.flagged is not None:
            assert row.mentions - row.flagged == 0 or row.mentions - row.flagged >= 5


@given(st.integers(0, 400), st.integers(1, 400))
def test_an_interval_holds_its_share(part: int, whole: int) -> None:
    low, high = equality.interval(min(part, whole), whole)
    assert low - 1e-9 <= min(part, whole) / whole <= high + 1e-9


def test_the_sheets_tell_kinds_that_came_up_often_and_no_number_of_any(scene: Scene) -> None:
    words = ("boiler", "bus", "soup", "choir", "gate", "fence")
    for word in words:
        said = f"{{hate|{word} people are vermin}} {{@oakenhall|Oakenhall}}"
        scene.add(Written(text=said, sure=HATE.sure))
    scene.add(THREAT)
    made = board.report(scene.store, scene.settings, TODAY)
    told = sheets.came_up(made)
    assert len(told) == 1
    assert "who they are" in told[0]
    for name in sheets.titles():
        said = sheets.document(name, made, scene.settings)
        assert told[0] in said
        assert "vermin" not in said
