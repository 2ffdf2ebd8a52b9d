"""Which first name a post holds says nothing of what is said of its bearer."""

from __future__ import annotations

import pytest

from classifiers.labels.features import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nobody likes Priya", ["nobody", "likes"]),
        ("nobody likes priya", ["nobody", "likes"]),
        ("Tilly Marsden smells", ["smells"]),
        ("Mr Castell is late", ["mr", "is", "late"]),
        ("Will you? Grace won", ["will", "you", "?", "grace", "won"]),
        ("ISLAM and the west", ["islam", "and", "the", "west"]),
        ("eleven in may", ["eleven", "in", "may"]),
    ],
)
def test_a_name_is_left_out_and_a_word_stays(text: str, expected: list[str]) -> None:
    assert [token.norm for token in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Irish are here", ["GRPS", "are", "here"]),
        ("the Irish nurse sang", ["the", "GRP", "sang"]),
        ("the old pianist sang", ["the", "GRP", "pianist", "sang"]),
        ("the Sikh nurse sang", ["the", "GRP", "sang"]),
    ],
)
def test_one_person_of_a_group_is_not_the_group(text: str, expected: list[str]) -> None:
    assert [token.norm for token in read(text)] == expected
