from hypothesis import given
from hypothesis import strategies as st

from classifiers.duplicates import Fingerprint, fingerprint, similarity

STORY = (
    "The school has announced that it will close on Friday for staff training and will "
    "open again on Monday morning at the usual time"
)


def share_a_band(one: Fingerprint, other: Fingerprint) -> bool:
    return bool(set(one.bands) & set(other.bands))


def test_case_punctuation_and_links_make_no_difference() -> None:
    again = STORY.upper() + "!!! https://example.org/share/123"
    assert fingerprint(STORY).exact == fingerprint(again).exact


def test_a_nearly_same_text_shares_a_band_and_is_over_four_fifths_alike() -> None:
    one, other = fingerprint(STORY), fingerprint(STORY + ". Shocking")
    assert one.exact != other.exact
    assert share_a_band(one, other)
    assert similarity(one, other) >= 0.8


def test_different_stories_of_one_school_stay_apart() -> None:
    other = fingerprint("The school fair raised nine hundred pounds for the new library on Friday")
    assert similarity(fingerprint(STORY), other) < 0.3


@given(st.text(max_size=60))
def test_any_text_has_a_fingerprint_that_a_database_can_hold(text: str) -> None:
    found = fingerprint(text)
    assert len(found.exact) == 16
    assert all(-(2**63) <= band < 2**63 for band in found.bands)
    assert len(found.signature) == 128


def test_lone_surrogates_and_nulls_do_no_harm() -> None:
    assert fingerprint("\ud800 \x00") == fingerprint("\ud800 \x00")
