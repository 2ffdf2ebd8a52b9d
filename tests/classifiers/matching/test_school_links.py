import pytest

from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from config.national import first_names, surnames
from config.trust import School, Trust


def linked(matcher: Matcher, text: str) -> dict[str, str]:
    return {link.school_id: link.certainty for link in matcher.links(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The Edith Marlow School open evening",
        "#EdithMarlowSchool open evening",
        "edithmarlow.marl.sch.uk is down",
        "thanks @EdithMarlowSch",
        "EDITH MARLOW SCHOOL'S choir",
        "Edeth Marlow School is hiring",
        "Edith Marlow pupils sang at the town hall",
    ],
)
def test_a_name_a_tag_an_address_or_a_slip_of_the_pen_leads_to_the_school(
    matcher: Matcher, text: str
) -> None:
    assert linked(matcher, text) == {"edith-marlow": "certain"}


@pytest.mark.parametrize(
    "text",
    [
        "Edith Marlow, 87, passed away peacefully",
        "Dr Edith Marlow will chair the panel",
        "Edith Marlow Road is closed",
        "2 bed bungalow for sale in Hazel Green",
        "Hazel Green Cricket Club lost again",
        "Ottercombe High Street lights are on",
        "EMS have arrived with two fire engines",
        "Linden Rise care home has a vacancy",
    ],
)
def test_a_person_a_road_a_house_or_a_club_of_the_same_name_is_not_the_school(
    matcher: Matcher, text: str
) -> None:
    assert linked(matcher, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Ottercombe Church of England Primary School bake sale",
        "Ottercombe CE Primary has a new minibus",
        "Kings Fold Primary School fete",
        "St Chad's Catholic Primary School has won an award",
    ],
)
def test_a_longer_name_of_another_school_wins(matcher: Matcher, text: str) -> None:
    assert linked(matcher, text) == {}


def test_a_name_many_schools_share_is_only_possible_without_a_place(matcher: Matcher) -> None:
    assert linked(matcher, "St Chad's Primary have new dinners") == {
        "st-chads-wellmarsh": "possible"
    }
    assert linked(matcher, "St Chad's Primary in Wellmarsh have new dinners") == {
        "st-chads-wellmarsh": "certain"
    }
    assert linked(matcher, "St Chad's CofE Primary School, Lichfield, summer fair") == {}


def test_a_surname_is_not_taken_for_the_town_of_that_name(matcher: Matcher) -> None:
    found = linked(matcher, "St Chad's Primary: well done Oscar Wetherby, a star on the pitch")
    assert found == {"st-chads-wellmarsh": "possible"}
    assert linked(matcher, "St Chad's Primary: well done all, off to Wetherby we go") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Ottercombe High Tide times for the weekend",
        "Peter Ashdown, 54, from Redditch, a former primary head, grew the leek",
        "Upper Ottercombe High Moor walk, 7 miles",
    ],
)
def test_what_only_begins_like_a_school_is_none(matcher: Matcher, text: str) -> None:
    assert linked(matcher, text) == {}


def test_a_number_in_the_name_may_be_a_figure(matcher: Matcher) -> None:
    assert linked(matcher, "2 Streams Primary breakfast club") == {"two-streams-primary": "certain"}


def test_the_place_of_the_source_settles_a_shared_name(matcher: Matcher) -> None:
    text = "St Chad's teachers are the best"
    assert matcher.links(text)[0].certainty == "possible"
    assert matcher.links(text, place_hints=("Wellmarsh",))[0].certainty == "certain"


def test_an_alias_declared_as_shared_stays_possible_for_each(matcher: Matcher) -> None:
    expected = {"two-streams-primary": "possible", "two-streams-high": "possible"}
    assert linked(matcher, "Two Streams School in Harrowby Vale") == expected
    own_page = matcher.links("Two Streams School news", source_school="two-streams-high")
    assert {link.certainty for link in own_page} == {"possible"}


def test_a_post_may_be_about_the_trust_and_several_schools(matcher: Matcher) -> None:
    found = linked(matcher, "WVLT says Edith Marlow and Linden Rise will share a sixth form")
    assert set(found) == {"wvlt", "edith-marlow", "linden-rise"}


def test_every_link_names_its_reasons_and_its_place(matcher: Matcher) -> None:
    text = "Hazel Green Primary School, Wellmarsh, is lovely"
    (link,) = matcher.links(text)
    assert [text[span.start : span.end] for span in link.spans] == ["Hazel Green Primary School"]
    assert {"full name", "its place"} <= {reason.name for reason in link.reasons}


def test_a_school_that_is_not_enabled_never_appears(invented_trust: Trust) -> None:
    schools = tuple(
        school.model_copy(update={"enabled": school.id != "slatewell"})
        for school in invented_trust.schools
    )
    trust = invented_trust.model_copy(update={"schools": schools})
    matcher = Matcher(trust, england(), Names(first_names(), surnames()))
    assert matcher.links("Slatewell Primary School has a new fence") == ()


def test_two_of_ours_with_the_same_name_are_told_apart_by_place() -> None:
    trust = Trust(
        id="t",
        name="Thistle Learning Trust",
        schools=(
            School(id="a", name="Wren Tree Primary School", town="Ludlow"),
            School(id="b", name="Wren Tree Primary School", town="Selby"),
        ),
    )
    matcher = Matcher(trust, england(), Names(first_names(), surnames()))
    assert linked(matcher, "Wren Tree Primary School") == {"a": "possible", "b": "possible"}
    assert linked(matcher, "Wren Tree Primary School in Selby")["b"] == "certain"


def test_the_raw_text_stage_passes_whatever_the_evidence_would_link(matcher: Matcher) -> None:
    assert matcher.touches("saint  CHAD'S primary")
    assert not matcher.touches("nothing of ours here")


OF_ITSELF = "Our under-16 netballers are champions of the county: well done, Year 10."


@pytest.mark.parametrize(
    ("school", "whose"), [("edith-marlow", "edith-marlow"), (None, "wvlt")], ids=["school", "trust"]
)
def test_an_official_page_speaks_of_itself_though_it_says_no_name(
    matcher: Matcher, school: str | None, whose: str
) -> None:
    (link,) = matcher.links(OF_ITSELF, source_school=school, official=True)
    assert (link.school_id, link.certainty, link.spans) == (whose, "certain", ())
    assert matcher.links(OF_ITSELF, source_school=school) == ()
    (named,) = matcher.links("The Edith Marlow School won", official=True)
    assert named.school_id == "edith-marlow"
