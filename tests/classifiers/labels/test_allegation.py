"""Who is told first hangs on this: does the text say that staff, or a head, harmed a child?"""

from __future__ import annotations

import pytest

from classifiers.allegation import allegation, immediate

STAFF = (
    "A teacher hit my son",
    "My boy was hit by a member of staff in the lunch hall",
    "my son was slapped by his TA",
    "My daughter said Mr Hallam touched her",
    "Teacher at Aldergate charged with sexual activity with a pupil",
    "Ex-coach jailed for grooming a 14-year-old",
    "The supply teacher dragged a boy out by his hood",
    "A member of staff has been messaging pupils late at night",
    "Pupils at a Tannersfield school were restrained by staff",
    "Head of year grabbed my lad by the arm",
    "PE teacher sacked for texting a student",
)
HEAD = (
    "the head grabbed my daughter by the arm",
    "Headteacher arrested over relationship with pupil",
    "The headmaster slapped a Year 4 boy",
    "A pupil was assaulted by the head teacher, police say",
    "My son was hurt. The principal shoved him into a door",
)
NEITHER = (
    "",
    "A pupil hit the teacher",
    "Teacher was kicked by a pupil",
    "The head of year hit the right note with the kids",
    "The headteacher has never hurt a child",
    "The head is lovely and the kids love her",
    "So touched by the card my pupils made for Mrs Lunt",
    "My son hit his head in the playground",
    "My daughter banged her head, the teacher gave her ice",
    "The school has not replied to my complaint about the teacher",
    "Staff training on how to spot sexual abuse of children",
    "A boy punched another boy and the teacher stepped in",
    "The dinner lady is rude to parents",
)


@pytest.mark.parametrize("text", STAFF)
def test_harm_to_a_child_by_staff_is_an_allegation(text: str) -> None:
    assert allegation(text) == "staff"


@pytest.mark.parametrize("text", HEAD)
def test_harm_to_a_child_by_a_head_takes_its_own_road(text: str) -> None:
    assert allegation(text) == "head"


@pytest.mark.parametrize("text", NEITHER)
def test_other_posts_are_no_allegation(text: str) -> None:
    assert allegation(text) == "none"


@pytest.mark.parametrize(
    "text", ["I'll do it tonight", "he has a knife", "bringing a blade", "🔪 for you", "on Monday"]
)
def test_a_time_or_a_means_makes_it_immediate(text: str) -> None:
    assert immediate(text)


@pytest.mark.parametrize("text", ["", "I do not like him", "The fair was lovely"])
def test_without_them_it_is_not_immediate(text: str) -> None:
    assert not immediate(text)


def test_a_very_long_text_is_read_in_bounded_time() -> None:
    assert allegation("the head " * 100_000) == "none"
    assert not immediate("a" * 1_000_000)
