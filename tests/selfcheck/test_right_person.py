"""The right person is found, and what needs them comes first: held to the frozen proof set."""

import pytest

from classifiers.pipeline import Classifier
from monitor.selfcheck.clues import Result
from monitor.selfcheck.judging import Lessons, judge
from monitor.selfcheck.person import Person
from tests.selfcheck import judged, proofs

LOOKED_AT = 25
"""People 1 to 25 were looked at while the judging was written."""


@pytest.fixture(scope="module")
def everybody() -> list[judged.Seen]:
    return judged.whose(proofs.people())


def test_the_right_person_is_found_with_precision_and_recall_of_nine_in_ten(
    everybody: list[judged.Seen],
) -> None:
    measured = judged.found_right(everybody)
    assert measured.precision >= 0.9, measured
    assert measured.recall >= 0.9, measured


def test_so_they_are_among_the_people_whom_nobody_looked_at_while_writing(
    everybody: list[judged.Seen],
) -> None:
    measured = judged.found_right([one for one in everybody if one.number > LOOKED_AT])
    assert measured.precision >= 0.9, measured
    assert measured.recall >= 0.9, measured


@pytest.fixture(scope="module")
def seen(classifier: Classifier) -> list[judged.Seen]:
    return judged.with_findings(proofs.people(), classifier)


def test_negative_results_are_seen_and_come_before_the_others(seen: list[judged.Seen]) -> None:
    measured = judged.flagged_right(seen, "N")
    assert measured.recall >= 0.9, measured
    assert measured.precision >= 0.8, measured
    pairs = [
        (one, other)
        for one in seen
        for other in seen
        if one.number == other.number
        and "N" in one.labelled.findings
        and "N" not in other.labelled.findings
    ]
    first = sum("N" in one.letters and "N" not in other.letters for one, other in pairs)
    assert first / len(pairs) >= 0.9


def test_private_details_old_accounts_and_own_posts_are_seen(seen: list[judged.Seen]) -> None:
    for letter in "DPO":
        measured = judged.flagged_right(seen, letter)
        assert measured.precision >= 0.9, (letter, measured)
        assert measured.recall >= 0.8, (letter, measured)
    assert judged.flagged_right(seen, "V").recall >= 0.7


EMMA = Person(
    name="Emma Clarke", schools=("Thornbeck Academy",), towns=("Marlowdale",), role="teacher"
)


def test_a_result_says_what_speaks_for_the_person_and_what_against() -> None:
    page = Result(
        title="Emma Clarke - Estate Agent", snippet="Lettings in Portlea", url="https://a.example"
    )
    other = judge(EMMA, page)
    assert (other.group, other.because) == ("else", ())
    assert {"other_work", "other_place"} <= set(other.against)
    mine = judge(
        EMMA,
        Result(
            title="Emma Clarke teaches at Thornbeck", snippet="Marlowdale", url="https://b.example"
        ),
    )
    assert mine.group == "you"
    assert {"school", "town", "role"} <= set(mine.because)


def test_what_the_person_has_answered_decides_and_teaches() -> None:
    page = Result(
        title="Striders Ten", snippet="5th Emma Clarke, Fell Gazelles", url="https://c.example/1"
    )
    assert judge(EMMA, page).group != "you"
    assert judge(EMMA, page, Lessons(mine=frozenset({page.url}))).group == "you"
    taught = Lessons(my_words=frozenset({"gazelles", "fell"}))
    assert judge(EMMA, page, taught).group == "you"
    assert judge(EMMA, page, Lessons(not_mine=frozenset({page.url}))).group == "else"
