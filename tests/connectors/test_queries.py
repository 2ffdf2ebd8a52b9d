"""Terms become what a platform can be asked: all of them, within its limits, and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import Forbidden
from connectors.queries import bundled, hashtags, hosts, phrase

WORDS = st.text(st.sampled_from("abcdefgh'&\"“”()[]\\ 7é-"), min_size=1, max_size=30)
TERMS = st.lists(WORDS.filter(lambda term: re.search(r"[^\W_]", term)), max_size=12)
AROUND = "{} sourcelang:english"
LONGEST = 80


def test_the_host_of_a_site_is_known_however_it_is_written() -> None:
    written = ("www.Oak.example", "https://oak.example/home", "//mere.example:443?a", "", "none")
    assert hosts(written) == ("oak.example", "mere.example")


@given(TERMS)
def test_every_term_is_asked_and_no_query_is_longer_than_its_limit(terms: list[str]) -> None:
    queries = bundled(terms, longest=LONGEST, around=AROUND)
    asked = [found for query in queries for found in re.findall(r'"[^"]*"', query)]
    assert sorted(asked) == sorted({phrase(term) for term in terms})
    assert all(len(query) <= LONGEST for query in queries)


@given(TERMS)
def test_a_query_holds_phrases_and_what_was_put_around_them_and_nothing_else(
    terms: list[str],
) -> None:
    for query in bundled(terms, longest=LONGEST, around=AROUND):
        bare = re.sub(r'"[^"()\[\]\\]*"', "P", query)
        assert re.fullmatch(r"(P|\(P( OR P)+\)) sourcelang:english", bare)


@given(TERMS)
def test_no_two_neighbouring_queries_would_have_fitted_into_one(terms: list[str]) -> None:
    queries = bundled(terms, longest=LONGEST)
    for earlier, later in pairwise(queries):
        following = re.findall(r'"[^"]*"', later)[0]
        assert len(earlier) + len(f" OR {following}") > LONGEST - 2


def test_a_school_in_quotes_and_brackets_is_asked_without_them() -> None:
    assert phrase('The "Oak Hill" (School)') == '"The Oak Hill School"'


def test_a_term_longer_than_the_limit_is_refused_and_never_cut_into_another_name() -> None:
    with pytest.raises(Forbidden):
        bundled(["Marigold Fernsby Academy of Arts"], longest=20)


def test_people_join_a_schools_words_with_and_without_the_article() -> None:
    assert hashtags(
        ["The Oak Hill School", "St Wilgar's", "#OakHillSchool", "oak hill school"]
    ) == (
        "TheOakHillSchool",
        "OakHillSchool",
        "StWilgars",
    )


@given(TERMS)
def test_a_hashtag_holds_letters_and_digits_only_and_is_no_number(terms: list[str]) -> None:
    found = hashtags(terms)
    assert all(tag.isalnum() and not tag.isdecimal() for tag in found)
    assert len({tag.casefold() for tag in found}) == len(found)
