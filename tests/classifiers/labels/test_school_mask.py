"""Which school a post names says nothing of what is said in it."""

from __future__ import annotations

import pytest

from classifiers.labels.school_mask import with_the_school, without_schools
from classifiers.pipeline import Classifier, Posting
from classifiers.types import Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shut by mould: Merebank High", "Shut by mould:              "),
        ("kys (St Aldhelm's Church of England Primary School) x", f"kys {' ' * 47} x"),
        ("Our School rocks, and the Trust too", "Our School rocks, and the Trust too"),
        ("Year 9 won the High jump", "Year 9 won the High jump"),
        ("no school at all", "no school at all"),
    ],
)
def test_what_looks_like_a_schools_name_is_blank(text: str, expected: str) -> None:
    assert without_schools(text) == expected


def test_a_known_span_is_blank_and_its_empty_brackets_with_it() -> None:
    assert without_schools("avoid (the Marlow)", [Span(7, 17)]) == f"avoid {' ' * 12}"
    assert len(without_schools("short", [Span(3, 99)])) == len("short")


@pytest.mark.parametrize(
    "said", ["{}, no one would miss you, kys", "I'll stab him after school ({})"]
)
def test_naming_a_school_changes_no_flag(classifier: Classifier, said: str) -> None:
    texts = [said.format(name) for name in ("Edith Marlow School", "Fernhollow Academy", "well")]
    named, unknown, plain = classifier.assess_postings([Posting(text=text) for text in texts])
    assert named.flags == unknown.flags == plain.flags
    assert named.schools


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("Marlow Juniors is poor", [Span(0, 14), Span(0, 6)], "the     school is poor"),
        ("so Marlows is", [Span(3, 10)], "so  school is"),
        ("so EMS is", [Span(3, 6)], "so     is"),
    ],
)
def test_the_school_stands_where_a_name_was(text: str, known: list[Span], expected: str) -> None:
    assert with_the_school(text, known) == expected
