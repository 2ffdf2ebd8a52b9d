"""The service looks for the Trust and its schools, never for a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loading import load
from config.national import first_names, surnames
from config.terms import (
    ACCOUNT,
    MIXED,
    PERSON,
    TOO_COMMON,
    TOO_LONG,
    TOO_SHORT,
    UNTIED,
    Known,
    Refusal,
    holds_a_person,
    known,
    term_refusal,
    words,
)
from config.trust import Trust
from config.words import DOUBLE_FIRST_NAMES, DOUBLE_SURNAMES, INSTITUTION, ORDINARY

TRUST = Trust.model_validate(
    {
        "id": "penrowan",
        "name": "Penrowan Learning Trust",
        "aliases": ["Penrowan Trust"],
        "hashtags": ["#ReachHigher"],
        "places": ["Wexcombe", "Upper Thorle"],
        "schools": [
            {
                "id": "edith-pennick",
                "name": "Edith Pennick School",
                "aliases": ["Edith Pennick", "the Pennick", "EPS"],
                "former_names": ["Priory Hill Girls' School"],
                "handles": ["@pennickschool"],
            },
            {
                "id": "st-wilgars",
                "name": "St Wilgar's Church of England Primary School",
                "aliases": ["St Wilgar's"],
                "locality": "Stanley",
            },
            {"id": "mill-green", "name": "Mill Green Primary School", "aliases": ["Mill Green"]},
        ],
    }
)


@pytest.fixture(scope="module")
def names() -> Known:
    return known(TRUST)


@pytest.mark.parametrize(
    "term",
    [
        "Penrowan Learning Trust",
        "penrowan trust",
        "Edith Pennick School",
        "Edith Pennick",
        '"Edith Pennick" Ofsted',
        "edithpennick",
        "#EdithPennick",
        "#ReachHigher",
        "#reachhigher",
        "@pennickschool",
        "Priory Hill Girls School",
        "St Wilgars",
        "St Wilgar’s",
        "ST. WILGAR'S",
        "St Wilgar's Stanley",
        "Mill Green bullying",
        "Mill Green Primary School summer fair",
        "Mill Green strike OR closure",
        "Wexcombe schools",
        "Upper Thorle primary school",
        "Penrowan Trust St George's Day",
        "EPS Mill Green",
    ],
)
def test_what_names_the_trust_or_a_school_may_be_asked(term: str, names: Known) -> None:
    assert term_refusal(term, names) is None


@pytest.mark.parametrize(
    ("term", "refusal"),
    [
        ("Oliver Smith", PERSON),
        ("oliver smith", PERSON),
        ("OLIVER SMITH", PERSON),
        ("Smith, Oliver", PERSON),
        ("oliver_smith", PERSON),
        ("oliversmith", PERSON),
        ("#JusticeForOliver", PERSON),
        ("O. Smith", PERSON),
        ("Oliver", PERSON),
        ("Zoë Ahmed", PERSON),
        ("Sean O’Brien", PERSON),
        ("Aaliyah Edith Pennick School", PERSON),
        ("Edith Pennick Smith", PERSON),
        ("Mill Green Priyanka", PERSON),
        ("Kaur family Mill Green", PERSON),
        ("Mr Quillfeather Mill Green", PERSON),
        ("Dr Quillfeather", PERSON),
        ("headteacher Jane Doe", PERSON),
        ("Yevgraf Ostroumov", UNTIED),
        ("yevgraf ostroumov school", UNTIED),
        ("from:quillfeather", ACCOUNT),
        ("Mill Green @quillfeather", ACCOUNT),
        ("school", TOO_COMMON),
        ("primary school bullying", TOO_COMMON),
        ("Wexcombe", TOO_COMMON),
        ("EPS", TOO_SHORT),
        ("", TOO_SHORT),
        ("🙂", TOO_SHORT),
        ("Mill Green " * 20, TOO_LONG),
        ("Оliver Smith", MIXED),
        ("Oliv\u200ber Smith", MIXED),
        ("Mill\nGreen", MIXED),
    ],
)
def test_what_watches_a_person_or_everybody_is_refused(
    term: str, refusal: Refusal, names: Known
) -> None:
    assert term_refusal(term, names) == refusal


def test_a_refusal_says_why_by_the_policy_and_what_to_write_instead() -> None:
    for refusal in (PERSON, ACCOUNT, UNTIED):
        assert "policy" in refusal.message
        assert refusal.mend


_FIRST = sorted(
    name
    for name, births in first_names().items()
    if births.births_1996_2020 >= 2_000
    and name.isalpha()
    and name not in DOUBLE_FIRST_NAMES | INSTITUTION | ORDINARY
)
_LAST = sorted(name for name in surnames() if name not in DOUBLE_SURNAMES | ORDINARY)


@given(
    first=st.sampled_from(_FIRST),
    last=st.sampled_from(_LAST),
    form=st.sampled_from(["{} {}", "{}-{}", '"{} {}"', "Mill Green {} {}", "{} {} bullying"]),
    case=st.sampled_from([str.lower, str.title, str.upper]),
)
def test_no_common_name_of_a_person_is_ever_asked(
    first: str, last: str, form: str, case: Callable[[str], str]
) -> None:
    assert term_refusal(case(form.format(first, last)), known(TRUST)) == PERSON


@given(st.text(max_size=150))
def test_any_text_gets_an_answer(term: str) -> None:
    refusal = term_refusal(term, known(TRUST))
    assert refusal is None or refusal.mend


def test_every_name_that_ships_may_be_asked_unless_it_is_short() -> None:
    trust = load(environ={}).trust
    ours = known(trust)
    for school in trust.schools:
        for name in (school.name, *school.aliases, *school.former_names, *school.hashtags):
            assert term_refusal(name, ours) in (None, TOO_SHORT), name


@pytest.mark.parametrize(
    "text", ["St George's Day", "King Edward School", "May Day", "Lincoln", "the Green", "Jersey"]
)
def test_saints_kings_and_places_are_no_neighbours(text: str) -> None:
    assert not holds_a_person(words(text))


def test_a_hashtag_is_read_as_the_words_it_is_made_of() -> None:
    assert words("#StWilgarsPrimary") == ["st", "wilgars", "primary"]
    assert words("Zoë’s café") == ["zoes", "cafe"]
