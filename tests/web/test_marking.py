from hypothesis import given
from hypothesis import strategies as st

from alerts.mask import mask
from classifiers.types import (
    LABELS,
    Assessment,
    Explanation,
    LabelScore,
    PupilGrade,
    PupilSpan,
    Span,
)
from monitor.web.marking import Piece, excerpt, passage


@st.composite
def posts(draw: st.DrawFn) -> tuple[str, str, Assessment]:
    """Any text with any spans, some beyond its end."""
    title = draw(st.text(max_size=12).filter(lambda text: "\n" not in text))
    body = draw(st.text(max_size=60))
    text = f"{title}\n{body}" if title and draw(st.booleans()) else body
    places = st.integers(0, len(text) + 5)
    span = st.builds(lambda one, other: Span(min(one, other), max(one, other)), places, places)
    explanations = draw(
        st.lists(st.builds(Explanation, label=st.sampled_from(LABELS), span=span,
                           weight=st.just(1.0)), max_size=5)
    )  # fmt: skip
    names = draw(
        st.lists(st.builds(PupilSpan, span=span, label=st.just("PUPIL_FIRST")), max_size=2)
    )
    flagged = draw(st.sets(st.sampled_from(LABELS)))
    scores = tuple(
        LabelScore(label=label, probability=0.9 if label in flagged else 0.1, threshold=0.5)
        for label in LABELS
    )
    grade = PupilGrade(level="direct", spans=tuple(names))
    return text, title, Assessment(explanations=tuple(explanations), scores=scores, pupil=grade)


def words(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@given(posts())
def test_what_is_shown_is_exactly_the_masked_text(post: tuple[str, str, Assessment]) -> None:
    text, title, assessment = post
    shown = passage(text, title, assessment)
    parts = (words(shown.title), words(shown.body))
    assert mask(text, assessment) in ("\n".join(parts), "".join(parts))


@given(posts())
def test_what_is_revealed_is_exactly_the_text(post: tuple[str, str, Assessment]) -> None:
    text, title, assessment = post
    shown = passage(text, title, assessment, revealed=True)
    parts = (words(shown.title), words(shown.body))
    assert ("\n".join(parts) if title and text.startswith(f"{title}\n") else parts[1]) == text


@given(posts())
def test_only_flagged_labels_are_marked(post: tuple[str, str, Assessment]) -> None:
    text, title, assessment = post
    shown = passage(text, title, assessment)
    for piece in (*shown.title, *shown.body):
        assert set(piece.labels) <= set(assessment.flags)
        assert set(piece.ends) <= set(piece.labels)


@given(posts(), st.integers(10, 50))
def test_an_excerpt_is_short_and_part_of_the_text(
    post: tuple[str, str, Assessment], length: int
) -> None:
    text, title, assessment = post
    body = passage(text, title, assessment).body
    cut = words(excerpt(body, length))
    assert len(cut) <= length + len("…  …")
    assert cut.removeprefix("… ").removesuffix(" …") in words(body)


def test_an_excerpt_of_a_long_text_shows_the_first_reason() -> None:
    text = "Nothing to see here. " * 40 + "They hid the letter from us. " + "And so on. " * 40
    start = text.index("hid the letter")
    assessment = Assessment(
        explanations=(Explanation(label="reputation", span=Span(start, start + 14), weight=2.0),),
        scores=(LabelScore(label="reputation", probability=0.9, threshold=0.5),),
    )
    cut = excerpt(passage(text, "", assessment).body, 200)
    assert "hid the letter" in words(cut)
    assert words(cut).startswith("… ")
    assert words(cut).endswith(" …")


def test_a_reason_names_its_label_once_where_it_ends() -> None:
    text = "you are all rats"
    assessment = Assessment(
        explanations=(
            Explanation(label="bullying", span=Span(0, 16), weight=1.0),
            Explanation(label="threat", span=Span(8, 11), weight=1.0),
        ),
        scores=(
            LabelScore(label="bullying", probability=0.9, threshold=0.5),
            LabelScore(label="threat", probability=0.9, threshold=0.5),
        ),
    )
    pieces = passage(text, "", assessment).body
    assert [(piece.text, piece.labels, piece.ends) for piece in pieces] == [
        ("you are ", ("bullying",), ()),
        ("all", ("bullying", "threat"), ("threat",)),
        (" rats", ("bullying",), ("bullying",)),
    ]
