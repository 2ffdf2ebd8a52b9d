"""What is remembered of stories like one."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor import likeness
from monitor.store.past import PastDecision
from monitor.store.views import Outcome

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PARKING = "cars parked across the zigzag lines outside the gates again every single morning"


def past(number: int, words: str, outcome: Outcome = "no_action") -> PastDecision:
    return PastDecision(
        mention_id=number, outcome=outcome, note="", decided_by="A", decided_at=NOW, words=words
    )


OTHERS = [
    past(90, "the boiler broke and classrooms were cold for the whole of the week"),
    past(91, "the choir sang at the market and everybody was moved to tears"),
    past(92, "lunches are dearer again and smaller again say parents of the year"),
]


def test_the_same_matter_in_other_words_is_remembered_with_why() -> None:
    again = past(1, "yet another morning with cars across the zigzag lines, children in the road")
    found = likeness.compare(PARKING, [again, *OTHERS])
    assert [one.decision.mention_id for one in found.nearest] == [1]
    assert set(found.nearest[0].common) <= {"cars", "zigzag", "lines", "across", "morning"}
    assert (found.total, found.outcomes) == (1, (("no_action", 1),))


def test_words_that_all_share_make_nothing_alike() -> None:
    everyday = [past(n, f"parents of the school said that number{n} would be") for n in range(9)]
    found = likeness.compare("parents of the school said that matter would be", everyday)
    assert found.total == 0


def test_the_most_alike_come_first_and_all_are_counted() -> None:
    near = [past(n, PARKING, "watch" if n < 2 else "no_action") for n in range(5)]
    found = likeness.compare(PARKING, [*OTHERS, *near])
    assert len(found.nearest) == likeness.SHOWN
    assert found.outcomes == (("no_action", 3), ("watch", 2))


def test_nothing_is_like_nothing() -> None:
    assert likeness.compare("", OTHERS).total == 0
    assert likeness.compare(PARKING, []).total == 0
