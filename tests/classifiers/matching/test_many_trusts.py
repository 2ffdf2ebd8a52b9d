"""Many trusts in one process: what they share, and what stays apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from classifiers.matching.crowd import Crowd
from classifiers.pipeline import Classifier, Posting, build, screen
from config.loading import load
from config.trust import School, Trust

POLICY = load(environ={}).policy
HILL, MEAD = (
    Trust(
        id=trust,
        name=f"{trust.title()} Learning Trust",
        schools=(
            School(id="first", name=name, town=town),
            School(id="wren", name="Wren Tree Primary School", town=town),
        ),
    )
    for trust, name, town in (
        ("hill", "Slatewell Hill School", "Ludlow"),
        ("mead", "Tansy Mead School", "Selby"),
    )
)


def schools(classifier: Classifier, text: str) -> list[tuple[str, str]]:
    (judged,) = classifier.assess_postings([Posting(text=text)])
    return [(link.school_id, link.certainty) for link in judged.schools]


def test_each_is_judged_by_its_own_names_and_thresholds_also_at_the_same_time() -> None:
    strict = {
        name: rule.model_copy(update={"threshold": 0.999}) for name, rule in POLICY.labels.items()
    }
    hill = build(HILL, POLICY)
    mead = screen(MEAD, POLICY.model_copy(update={"labels": strict}))
    text = "Tansy Mead School is a disgrace, the head lied to us"
    with ThreadPoolExecutor(4) as pool:
        ours = [pool.submit(schools, one, text) for one in (hill, mead) * 20]
        assert [one.result() for one in ours] == [[], [("first", "certain")]] * 20
    both = [one.assess_postings([Posting(text=text)])[0] for one in (hill, mead)]
    assert [bool(one.flags) for one in both] == [True, False]


def test_a_name_that_both_have_is_of_whom_the_place_says() -> None:
    text = "Wren Tree Primary School in Selby is shut"
    assert schools(build(MEAD, POLICY), text) == [("wren", "certain")]
    assert schools(build(HILL, POLICY), text) != [("wren", "certain")]


def test_a_crowd_tells_everyone_whose_name_stands_whole_in_a_text() -> None:
    crowd = Crowd({one.id: screen(one, POLICY).own_forms for one in (HILL, MEAD)})
    assert crowd.whose("Off to #TansyMeadSchool for the fair") == {"mead"}
    assert crowd.whose("wren tree primary school’s fair") == {"hill", "mead"}
    assert crowd.whose("Slatewell Hillside Schoolhouse is a pub") == frozenset()
    assert crowd.whose("") == frozenset()
    assert Crowd({}).whose("Tansy Mead School") == frozenset()
