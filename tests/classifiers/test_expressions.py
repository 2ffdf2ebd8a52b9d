"""Expressions: what they find, what they refuse and where, and that none can hold us up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.expressions import MAX_TERMS, ExpressionError, Text, matches, parse

SAID = Text("Fire at Coton Green today! Pupils were evacuated. Ésmé’s dog ran. #CotonGreenPrimary")


@pytest.mark.parametrize(
    "written",
    [
        '"Coton Green" AND (fire OR flood*) NOT "Coton Green Road"',
        "coton fire",
        "FIRE",
        "evacuat*",
        '"pupils were evac"*',
        "fire NEAR/2 green",
        "evacuated NEAR/3 today",
        "nothing OR green",
        "green AND NOT road",
        "esmes",
        "“coton green”",
        "primary",
        '"fire at" NEAR/1 green',
    ],
)
def test_finds(written: str) -> None:
    assert matches(parse(written), SAID)


@pytest.mark.parametrize(
    "written",
    ['"green coton"', "evacuat", "fire NEAR/1 green", "fire NOT today", "fire road", "and fire"],
)
def test_does_not_find(written: str) -> None:
    assert not matches(parse(written), SAID)


@pytest.mark.parametrize(
    ("written", "at", "said"),
    [
        ("", 0, "what to look for"),
        ("NOT fire", 0, "NOT alone"),
        ("(fire", 0, "never closed"),
        ("fire)", 4, "closes nothing"),
        ('green "fire', 6, "never closed"),
        ("fire AND", 8, "missing at the end"),
        ("fire fi*", 5, "at least 3 letters"),
        ("fire *ing", 5, "end of a word"),
        ("fire !!", 5, "no letters"),
        ("fire NEAR/40 green", 5, "from 1 to 20"),
        ("fire NEAR (a OR b)", 5, "between two words"),
        ("(" * 7 + "a" + ")" * 7, 6, "deep"),
        ("a " * (MAX_TERMS + 1), 2 * MAX_TERMS, "terms"),
        ("a" * 401, 400, "longer"),
        ("fire ()", 6, "between these brackets"),
    ],
)
def test_says_what_is_wrong_and_where(written: str, at: int, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(written)
    assert refused.value.at == at
    assert said in refused.value.message


@given(st.text(alphabet='ab"()* ANDORT/5NE', max_size=60))
def test_any_text_is_an_expression_or_refused(written: str) -> None:
    try:
        expression = parse(written)
    except ExpressionError as problem:
        at = problem.at
    else:
        at = 0
        matches(expression, SAID)
    assert 0 <= at <= len(written)


@pytest.mark.parametrize(
    "written",
    [
        " OR ".join(["aaa*"] * 30),
        " ".join(["aaa* NEAR/20 aaa*"] * 14),
        " OR ".join(["(aaa NOT (aaa OR aab))"] * 9),
        '"aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa aaa"',
    ],
)
def test_none_takes_long_on_the_longest_text_there_is(written: str) -> None:
    expression, text = parse(written), Text("aaa aaaa aab " * 1600)
    began = time.process_time()
    matches(expression, text)
    assert time.process_time() - began < 1.0
