"""A name that was found is hidden in every form in which it comes again (policy 6.10)."""

from collections.abc import Callable

import pytest

from classifiers.types import PupilGrade

Grade = Callable[[str], PupilGrade]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Rhiannon Pryce in Year 9 at Edith Marlow is ill. Get well Rhi x", "Rhi"),
        ("Samuel Tobin of 4 Willow was hit. Sammy won't go in. Slatewell", "Sammy"),
        ("Oluwaseun Bamgbose in year 8 did not take it. Seun is honest", "Seun"),
        ("danny o brien 9B nicked my airpods. obrien give them back", "obrien"),
        ("Ella-Grace Tunstall in year 7 is a real child. Delete it, Ella Grace", "Grace"),
        ("lucia marchetti in year 9 got the solo omg luciaaa", "luciaaa"),
        ("Kaiden Marsh in year 9 was hit at Edith Marlow. #justiceforkaiden", "kaiden"),
        ("Siobhán Reilly in Year 9 danced. Siobhan practises all day", "Siobhan"),
        ("Khadija Noorani in year 8 is upset. Kahdija did nothing", "Kahdija"),
        ("William Tate in 6B fell. Poor Billy! Hazel Green Primary", "Billy"),
        ("Leila Farahani, 8B at Edith Marlow, won. The Farahani sisters!", "Farahani"),
        ("Parent of D.K. in year 5. D.K. has been told to stay at home. Slatewell", "D.K."),
        ("the kid they call “Tank” in Y9 is back. Tank hit my son", "Tank"),
    ],
)
def test_a_name_is_covered_where_it_comes_again(graded: Grade, text: str, again: str) -> None:
    at = text.rindex(again)
    covered = {
        place
        for one in graded(text).spans
        if one.label.startswith("PUPIL")
        for place in range(one.span.start, one.span.end)
    }
    assert {at + place for place, char in enumerate(again) if char.isalnum()} <= covered


def test_a_grown_up_of_the_same_first_name_is_no_recurrence(graded: Grade) -> None:
    text = "Well done Sam Oakes in Year 5! Thank you Mr Sam Ridley. Slatewell Primary School"
    spans = [text[one.span.start : one.span.end] for one in graded(text).spans]
    assert "Sam Oakes" in spans
    assert "Sam Ridley" not in spans


def test_a_handle_is_covered_whole(graded: Grade) -> None:
    text = "he is in year 9 at edith marlow, follow @lucca.09.x on insta"
    spans = [text[one.span.start : one.span.end] for one in graded(text).spans]
    assert "@lucca.09.x" in spans
