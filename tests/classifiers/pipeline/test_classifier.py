import json
from datetime import UTC, datetime

import pytest

from classifiers.pipeline import Classifier, Posting
from classifiers.text import MAX_JUDGED, assessed_text
from classifiers.types import LABELS
from connectors.types import Mention

NOW = datetime(2026, 11, 23, tzinfo=UTC)


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


def test_an_assessment_says_school_labels_pupil_and_version(classifier: Classifier) -> None:
    text = "Callum Reid in year 9 at Edith Marlow School won the cup"
    (found,) = classifier.assess([mention(text)])
    assert [link.school_id for link in found.schools] == ["edith-marlow"]
    assert [score.label for score in found.scores] == list(LABELS)
    assert found.pupil.level == "direct"
    assert found.not_judged is None
    assert found.model_version == classifier.model_version


def test_offsets_refer_to_title_and_text_together(classifier: Classifier) -> None:
    item = mention("Callum Reid in year 9 was hurt", title="Edith Marlow School")
    (found,) = classifier.assess([item])
    (span,) = found.schools[0].spans
    assert assessed_text(item)[span.start : span.end] == "Edith Marlow School"


def test_another_language_leaves_labels_empty_and_still_finds_the_school(
    classifier: Classifier,
) -> None:
    text = "Szkoła Edith Marlow School jest bardzo dobra i dzieci lubią tam chodzić"
    (found,) = classifier.assess([mention(text)])
    assert found.not_judged == "not in English"
    assert found.scores == ()
    assert found.flags == ()
    assert [link.school_id for link in found.schools] == ["edith-marlow"]


def test_many_are_judged_as_one_by_one_and_in_order(classifier: Classifier) -> None:
    texts = [f"Edith Marlow School notice {n}" if n % 3 else f"Nothing {n}" for n in range(150)]
    together = classifier.assess([mention(text) for text in texts])
    singly = [classifier.assess([mention(text)])[0] for text in texts[:10]]
    assert together[:10] == singly
    assert [bool(found.schools) for found in together] == [bool(n % 3) for n in range(150)]


def test_raw_text_matching_agrees_with_the_assessment(classifier: Classifier) -> None:
    items = [mention("Edith Marlow School fete"), mention("A fete"), mention("Dr Edith Marlow")]
    assert classifier.mentions_us(items) == [
        bool(found.schools) for found in classifier.assess(items)
    ]


@pytest.mark.parametrize("named", ["Edith Marlow School", "Coldharbour Vale Primary School"])
def test_what_is_said_of_a_named_school_counts_as_of_the_school(
    classifier: Classifier, named: str
) -> None:
    said = "{} is a shambles, say parents. They call {} a disgrace"
    texts = [said.format(school, school) for school in (named, "the school")]
    by_name, plain = classifier.assess([mention(text) for text in texts])
    assert "reputation" in by_name.flags
    assert by_name.scores[0] == plain.scores[0]
    reasons = {texts[0][reason.span.start : reason.span.end] for reason in by_name.explanations}
    assert any("shambles" in reason for reason in reasons)


def test_no_explanation_is_given_unless_asked_for(classifier: Classifier) -> None:
    item = mention("you are all disgusting idiots and I will smash your face in")
    (quiet,) = classifier.assess([item], explain=False)
    assert quiet.explanations == ()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00" * 500, "\ud800\udfff", "a" * 100_000, "A b " * 250_000, "9B " * 7_000,
        "the lad in year 9 " * 1_200, "@" * 20_000, "-" * 20_000, "'s" * 10_000,
        "\u202e\u0301" * 5_000, "👩‍👩‍👧‍👦" * 3_000,
    ],
)  # fmt: skip
def test_hostile_texts_are_judged_without_harm(classifier: Classifier, text: str) -> None:
    (found,) = classifier.assess_postings([Posting(text=text)])
    ends = [one.span.end for one in found.pupil.spans]
    assert max(ends, default=0) <= MAX_JUDGED


def test_what_stands_behind_the_limit_is_not_looked_at(classifier: Classifier) -> None:
    text = json.dumps(" " * MAX_JUDGED) + "Edith Marlow School"
    (found,) = classifier.assess_postings([Posting(text=text)])
    assert found.schools == ()
