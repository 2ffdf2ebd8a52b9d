from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.text import MAX_JUDGED, assessed_text, fold, fold_tracked, replace_words
from connectors.types import Mention

NOW = datetime(2026, 11, 23, tzinfo=UTC)

PIECES = st.lists(
    st.sampled_from(
        ["St ", "Saint Chad’s", "C of E", "#HazelGreenSchool", "@ATSOpenDay", " CE ", "VC ", "&",
         "é", "e\u0301", "😂️", "\u200b", "ＡＢ", "\n", "  ", "sch ", "Z", "'", "#", "\ud800", "İ"]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)  # fmt: skip


def mention(text: str, *, title: str = "") -> Mention:
    return Mention(
        platform="web",
        external_id="1",
        url="https://example.org/1",
        text=text,
        title=title,
        published_at=NOW,
        fetched_at=NOW,
    )


@given(PIECES)
def test_the_tracked_fold_says_the_same_as_the_quick_one(text: str) -> None:
    folded = fold_tracked(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)


@given(PIECES)
def test_every_folded_character_points_into_the_given_text(text: str) -> None:
    folded = fold_tracked(text)
    assert all(0 <= start <= len(text) for start in folded.starts)
    assert all(0 <= end <= len(text) for end in folded.ends)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Chad's C of E (VC) Primary", "saint chads cofe primary"),
        ("St Chad’s Church of England Primary", "ST CHADS C.E. PRIMARY"),
        ("Ｏakfield\u200b Infants", "oakfield infant"),
        ("Our Lady & St John", "our lady and st john"),
        ("Linden Rise Sch", "linden rise school"),
    ],
)
def test_spellings_of_one_name_fall_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_camel_case_hashtag_reads_as_one_word_and_as_several() -> None:
    folded = fold("#HazelGreenPrimary")
    assert " hazelgreenprimary " in folded
    assert " hazel green primary " in folded


def test_a_rewritten_stretch_leads_back_to_all_of_the_original() -> None:
    text = "At St. Chad's C of E (VC) Primary today"
    folded = fold_tracked(text)
    at = folded.text.index("st chads cofe primary")
    start, end = folded.original(at, at + len("st chads cofe primary"))
    assert text[start:end] == "St. Chad's C of E (VC) Primary"


def test_a_mended_word_stands_for_the_whole_of_the_misspelt_one() -> None:
    text = "the Hazle Green school"
    mended = replace_words(fold_tracked(text), ["the", "hazel", "green", "school"])
    at = mended.text.index("hazel")
    start, end = mended.original(at, at + len("hazel"))
    assert text[start:end] == "Hazle"


def test_a_title_is_judged_with_its_text_and_never_twice() -> None:
    assert assessed_text(mention("Body", title="Title")) == "Title\nBody"
    assert assessed_text(mention("Title and body", title="Title")) == "Title and body"
    assert assessed_text(mention("Body")) == "Body"


def test_only_a_stated_number_of_characters_is_judged() -> None:
    assert MAX_JUDGED == 20_000
