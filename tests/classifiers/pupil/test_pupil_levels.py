from collections.abc import Callable

import pytest

from classifiers.types import PUPIL_LEVELS, PupilGrade

Grade = Callable[[str], PupilGrade]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("direct", "Callum Reid in year 9 at Edith Marlow got jumped"),
        ("direct", "my son Ollie Fenn has been excluded from Edith Marlow School"),
        ("direct", "the letter shows his UPN: B801200005001"),
        ("direct", "Maisie in year 6, dob 14/03/2015"),
        ("direct", "if anyone wants Kai in year 8 his snap is kai_badman09"),
        ("indirect", "Zara in Year 5 swam a mile! Hazel Green Primary School"),
        ("indirect", "that ginger lad in 9B whose dad got arrested"),
        ("indirect", "Our head girl is off to Parliament. Edith Marlow School"),
        ("indirect", "My autistic daughter in year 4 at Hazel Green Primary has no TA"),
        ("indirect", "J.S. in year 10 at Linden Rise is selling vapes"),
        ("indirect", "the kid they call “Tank” in Y9 put a year 7 in hospital"),
        ("class", "9B at Edith Marlow are a nightmare"),
        ("class", "Mrs Patel's class at Hazel Green Primary made lanterns"),
        ("class", "Good luck to our Under 13s netball team #OttercombeHigh"),
        ("none", "Edith Marlow School open evening is on 2 October"),
        ("none", "Thanks to Jane Poole, headteacher at Hazel Green Primary"),
        ("none", "Former pupil Dean Harlow, class of 2009, gives a talk at Ottercombe High"),
        ("none", "our dog Alfie loves the school run"),
        ("none", "Year 6 of working here and still no parking space"),
        ("none", "My husband Dave is fuming about parking at Hazel Green"),
    ],
)
def test_each_grade_follows_the_definition(graded: Grade, level: str, text: str) -> None:
    assert graded(text).level == level


@pytest.mark.parametrize(
    "name",
    [
        "Aarav Deshmukh", "Zuzanna Wiśniewska", "Chidi Okonkwo", "Siân ap Rhys", "Xinyi Zhang",
        "Aoife O'Sullivan", "Mohammed Al-Hassan", "Poppy Hart-Ellison", "Blessing Eze",
        "Kofi Mensah-Boateng", "Ioana Popescu", "Jasleen Kaur", "Mei Lin Tan", "Lily Brown",
        "Nojus Kazlauskas", "Rhys Llewellyn", "Temperance Adeyemi", "Dylan McAllister",
        "Oscar Wetherby", "Tsz Yan Lau", "Wing Yan Cheung", "Da'Shawn Mills",
    ],
)  # fmt: skip
@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_names_of_all_origins_are_found_and_covered_whole(
    graded: Grade, name: str, change: Callable[[str], str]
) -> None:
    text = change(f"{name} in year 9 at Edith Marlow School 😂 was punched. Poor kid.")
    found = graded(text)
    assert found.level == "direct"
    covered = [span.span for span in found.spans if span.label == "PUPIL_FULL"]
    assert any(span.start == 0 and span.end == len(name) for span in covered)


def test_every_later_form_of_the_name_is_covered_too(graded: Grade) -> None:
    text = "Callum Reid in 9B hit my son. Callum's mum laughed. Typical Reid. callum again today"
    found = graded(text)
    covered = [text[one.span.start : one.span.end] for one in found.spans if "PUPIL" in one.label]
    assert covered == ["Callum Reid", "Callum", "Reid", "callum"]


@pytest.mark.parametrize(
    "text",
    [
        "Mr Hughes told Callum Reid in year 9 off at Edith Marlow",
        "Callum Reid in year 9 said Mrs Wilkes was rude. Edith Marlow School",
    ],
)
def test_a_teacher_beside_a_pupil_is_not_covered(graded: Grade, text: str) -> None:
    found = graded(text)
    covered = {text[one.span.start : one.span.end] for one in found.spans if "PUPIL" in one.label}
    assert covered == {"Callum Reid"}


def test_a_name_that_is_only_likely_a_pupils_is_hidden_beside_one_that_is(graded: Grade) -> None:
    text = "Callum Reid in year 9 hit somebody. Ask Zuzanna Nowak. Mrs Anne Wilkes saw it."
    hidden = {text[one.span.start : one.span.end] for one in graded(text).spans}
    assert {"Callum Reid", "Zuzanna Nowak"} <= hidden
    assert "Anne Wilkes" not in hidden


@pytest.mark.parametrize("more", [" Year 9.", " He is 12.", " Class 9B.", " She was bullied."])
@pytest.mark.parametrize(
    "text",
    [
        "Callum Reid in year 9 got jumped.",
        "My son is in Year 7 at Edith Marlow and is autistic.",
        "9B at Edith Marlow are a nightmare.",
        "Edith Marlow School open evening.",
    ],
)
def test_saying_more_of_a_pupil_never_lowers_the_grade(graded: Grade, text: str, more: str) -> None:
    before, after = graded(text).level, graded(text + more).level
    assert PUPIL_LEVELS.index(after) >= PUPIL_LEVELS.index(before)


def test_a_grade_gives_its_reasons_and_an_estimate_of_how_many_fit(graded: Grade) -> None:
    found = graded("Zara in Year 5 swam a mile! Hazel Green Primary School")
    names = [reason.name for reason in found.reasons]
    assert "a name with a year, form or team" in names
    assert "about 1 pupil fits" in names


def test_reasons_never_hold_a_name(graded: Grade) -> None:
    found = graded("Callum Reid in year 9 at Edith Marlow got jumped")
    assert not any("reid" in f"{reason}".lower() for reason in found.reasons)


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("direct", "Good luck to Mirembe Nakato and Lachlan Dewey, both 8H, at the finals!"),
        ("direct", "To the parents of Demi-Leigh Strutt. Control your child. She is in year 8."),
        (
            "direct",
            "Bins must move, says council chair Nadia Dlamini, 13, of Linden Rise School",
        ),
        (
            "direct",
            "Edith Marlow School 3-1. Two from Femi Oyelaran, one each for Dan Pugh and Al Reid",
        ),
        ("none", "Ex Edith Marlow lad Jermaine Boothe signs a two year deal with the town club"),
        ("none", "Siobhan Tansley Bakes: collect from 8 Weir Cottages, Kelmarsh Bridge KB2 4RT"),
        ("none", "Shout out to 9B's new maths teacher, finally someone who explains things"),
        ("none", "Please vote for Ferhat Aydin as parent governor of Edith Marlow School"),
        ("none", "ring a school called Oakenhall if you want a place. Or call Oakenhall later"),
        ("direct", "Squad: 1. Zak Ferriday 2. Kelechi Anozie 3. Bilal Chaudry, all Year 8"),
        ("direct", "1st R. Fairclough 2nd Ama Quansah (Y6 sprint, Slatewell)"),
        ("none", "Delighted to start a new position at Linden Rise Academy! Farzana Moghul"),
        ("indirect", "Some poor lad at Edith Marlow School got his head flushed on his first day"),
        ("indirect", "My Y3 can't hold a pen but they say he's coping. Hazel Green Primary"),
        ("indirect", "that new welsh kid in 9G sounds like my nan hahaha linden rise"),
    ],
)
def test_what_a_name_stands_beside_decides_whose_it_is(
    graded: Grade, level: str, text: str
) -> None:
    assert graded(text).level == level
