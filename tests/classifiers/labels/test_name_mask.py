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
