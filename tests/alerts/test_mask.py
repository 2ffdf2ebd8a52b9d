"""Masking: what names a pupil leaves no trace, and what carries a flag is still found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.mask import (
    ALSO_WORDS,
    BLOTTED,
    NAMES,
    Piece,
    excerpt,
    initials,
    mask,
    masked_with_spans,
    names,
    tells,
)
from classifiers.types import (
    Assessment,
    Explanation,
    Label,
    PupilGrade,
    PupilSpan,
    PupilSpanLabel,
    SchoolLink,
    Span,
)

Judged = Callable[..., Assessment]
Spotted = Callable[..., PupilGrade]
Carrying = Callable[[str, Label, str], Explanation]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("Jayden Smith hit him.", [("Jayden Smith", "PUPIL_FULL")], "J.S. hit him."),
        ("It was Jayden.", [("Jayden", "PUPIL_FIRST")], "It was J."),
        ("Jayden's mum", [("Jayden", "PUPIL_FIRST")], "J.'s mum"),
        ("Jayden Smith. jayden again, JAYDEN too", [("Jayden Smith", "PUPIL_FULL")],
         "J.S. J. again, J. too"),
        ("jayden smith and Smith", [("jayden smith", "PUPIL_FULL")], "J.S. and S."),
        ("Jayden  Smith, Jayden\nSmith, JaydenSmith", [("Jayden  Smith", "PUPIL_FULL")],
         "J.S., J.S., J.S."),
        ("_Jayden_ and *Jayden* and Jayden07", [("Jayden", "PUPIL_FIRST")],
         "_J._ and *J.* and J.07"),
        ("two Jaydens and a Jaydenson", [("Jayden", "PUPIL_FIRST")], "two J.s and a Jaydenson"),
        ("O'Neill-Shah, Oona", [("O'Neill-Shah", "PUPIL_SURNAME")], "O.S., Oona"),
        ("Jez aka Jezza", [("Jezza", "PUPIL_NICK")], "Jez aka J."),
        ("J.S. in 9B", [("J.S.", "PUPIL_INITIALS"), ("9B", "FORM")], "J.S. in 9B"),
        ("Élodie and élodie", [("Élodie", "PUPIL_FIRST")], "É. and É."),
        ("I will say Will did it, WILL", [("Will", "PUPIL_FIRST")], "I will say W. did it, W."),
        ("i said will did it and will will", [("will", "PUPIL_FIRST")],
         "i said W. did it and W. W."),
        ("Jayden: ask @jaydensmith9 or #JusticeForJayden", [("Jayden", "PUPIL_FIRST")],
         "J.: ask @[…] or #[…]"),
        ("@jayd_s knows, @JAYD_S", [("@jayd_s", "PUPIL_HANDLE")], "[handle] knows, [handle]"),
        ("Jay\u200bden and Jayden and J\u00adayden", [("Jay\u200bden", "PUPIL_FIRST")],
         "J. and J. and J."),
        ("O'Neill, O’Neill and ONeill", [("O'Neill", "PUPIL_SURNAME")], "O., O. and O."),
        ("UPN A801200001234 for", [("A801200001234", "UPN")], "UPN [pupil number] for"),
        ("born 3/4/2012", [("3/4/2012", "DOB")], "born [date of birth]"),
        ("at 4 Mill Lane, 4 mill lane", [("4 Mill Lane", "ADDRESS")], "at [address], [address]"),
        ("write to a.b@x.example or +44 7700 900123", [],
         "write to [e-mail address] or [phone number]"),
        ("ring 07700 900123, 0121 496 0000, not 2026-11-23", [],
         "ring [phone number], [phone number], not 2026-11-23"),
        ("called him a paki and a f4ggot, Pakistan won", [],
         "called him a p[…] and a f[…], Pakistan won"),
        ("see https://x.example/jayden-smith or https://x.example/ok",
         [], "see https://x.example/jayden-smith or https://x.example/ok"),
    ],
)  # fmt: skip
def test_a_text_is_masked_as_people_expect(
    text: str,
    found: list[tuple[str, PupilSpanLabel]],
    expected: str,
    judged: Judged,
    spotted: Spotted,
) -> None:
    assert mask(text, judged(pupil=spotted(text, *found))) == expected


def test_an_address_that_spells_the_name_is_masked(judged: Judged, spotted: Spotted) -> None:
    text = "Jayden Smith: https://x.example/news/jayden-smith and https://x.example/fine"
    pupil = spotted(text, ("Jayden Smith", "PUPIL_FULL"))
    assert mask(text, judged(pupil=pupil)) == "J.S.: [link] and https://x.example/fine"


def test_a_school_named_after_a_person_keeps_its_name(judged: Judged, spotted: Spotted) -> None:
    text = "Arthur at Arthur Ferncliffe School, poor Arthur"
    start = text.index("Arthur Ferncliffe")
    link = SchoolLink(
        school_id="ferncliffe",
        certainty="certain",
        score=0.9,
        spans=(Span(start, start + len("Arthur Ferncliffe School")),),
    )
    assessment = judged(pupil=spotted(text, ("Arthur", "PUPIL_FIRST")), schools=(link,))
    assert mask(text, assessment) == "A. at Arthur Ferncliffe School, poor A."


def test_overlapping_spans_are_masked_together(judged: Judged) -> None:
    text = "Jayden Smith Jones of 4 Mill Lane"
    spans = (
        PupilSpan(span=Span(0, 12), label="PUPIL_FULL"),
        PupilSpan(span=Span(7, 18), label="PUPIL_SURNAME"),
        PupilSpan(span=Span(0, 6), label="PUPIL_FIRST"),
        PupilSpan(span=Span(22, 33), label="ADDRESS"),
        PupilSpan(span=Span(24, 28), label="PUPIL_SURNAME"),
    )
    pupil = PupilGrade(level="direct", spans=spans)
    assert mask(text, judged(pupil=pupil)) == "J.S.J. of [address]"


@pytest.mark.parametrize("span", [Span(-3, 4), Span(5, 5), Span(9, 2), Span(40, 60)])
def test_a_span_that_is_nowhere_changes_nothing(span: Span, judged: Judged) -> None:
    pupil = PupilGrade(level="direct", spans=(PupilSpan(span=span, label="PUPIL_FULL"),))
    assert mask("A text of no interest", judged(pupil=pupil)) == "A text of no interest"


def test_a_text_cut_short_is_masked_to_its_end(judged: Judged, spotted: Spotted) -> None:
    whole = "They say that Jayden Smith did it"
    assessment = judged(pupil=spotted(whole, ("Jayden Smith", "PUPIL_FULL")))
    assert mask(whole[:23], assessment) == "They say that J.S."


def test_a_reason_is_found_again_in_the_masked_text(
    judged: Judged, spotted: Spotted, carrying: Carrying
) -> None:
    text = "Jayden Smith said he will bring a knife, Jayden did"
    assessment = judged(pupil=spotted(text, ("Jayden Smith", "PUPIL_FULL")))
    masked = masked_with_spans(text, assessment)
    span = masked.moved(carrying(text, "threat", "bring a knife").span)
    assert masked.text[span.start : span.end] == "bring a knife"
    inside = masked.moved(Span(2, 9))
    assert masked.text[inside.start : inside.end] == "J.S."


WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéø'", min_size=3, max_size=9).filter(
    lambda word: word[0] != "'" and word[-1] != "'" and "''" not in word
)
NAME = st.lists(WORD, min_size=1, max_size=3).map(lambda parts: " ".join(parts).title())
FILLER = st.text(alphabet=" .,!?\n#@_-abcXYZ🙂é[]0123456789", max_size=30)
AS_WRITTEN: list[Callable[[str], str]] = [str, str.lower, str.upper, str.title]


@settings(max_examples=400)
@given(
    name=NAME,
    fillers=st.lists(FILLER, min_size=2, max_size=5),
    writings=st.lists(st.sampled_from(AS_WRITTEN), min_size=4, max_size=4),
    label=st.sampled_from(sorted(NAMES)),
    noise=st.lists(
        st.tuples(st.integers(-5, 90), st.integers(-5, 90), st.sampled_from(sorted(BLOTTED))),
        max_size=3,
    ),
)
def test_a_masked_text_never_holds_a_masked_name(
    name: str,
    fillers: list[str],
    writings: list[Callable[[str], str]],
    label: PupilSpanLabel,
    noise: list[tuple[int, int, PupilSpanLabel]],
) -> None:
    text = f"{name} "
    for filler, write in zip(fillers, writings, strict=False):
        text += f" {filler} {write(name)} "
    spans = [PupilSpan(span=Span(0, len(name)), label=label)]
    spans += [PupilSpan(span=Span(a, b), label=kind) for a, b, kind in noise]
    assessment = Assessment(pupil=PupilGrade(level="direct", spans=tuple(spans)))
    masked = masked_with_spans(text, assessment)
    for word in (name, *name.split()):
        if word.casefold() not in ALSO_WORDS:
            whole = rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])"
            assert not re.search(whole, masked.text, re.IGNORECASE), (word, masked.text)
    assert mask(text, assessment) == masked.text


@settings(max_examples=300)
@given(
    text=st.text(max_size=80),
    spans=st.lists(
        st.tuples(
            st.integers(-5, 90), st.integers(-5, 90), st.sampled_from(sorted(NAMES | set(BLOTTED)))
        ),
        max_size=6,
    ),
    asked=st.tuples(st.integers(-5, 100), st.integers(-5, 100)),
)
def test_any_spans_over_any_text_give_a_text_and_places_within_it(
    text: str, spans: list[tuple[int, int, PupilSpanLabel]], asked: tuple[int, int]
) -> None:
    grade = PupilGrade(
        level="direct",
        spans=tuple(PupilSpan(span=Span(a, b), label=label) for a, b, label in spans),
    )
    masked = masked_with_spans(text, Assessment(pupil=grade))
    moved = masked.moved(Span(*asked))
    assert 0 <= moved.start <= moved.end <= len(masked.text)
    whole = masked.moved(Span(0, len(text)))
    assert (whole.start, whole.end) == (0, len(masked.text))


def test_a_mark_stands_where_a_name_has_no_letter() -> None:
    assert initials("🙂") == "[…]"


def test_names_are_listed_with_their_words(judged: Judged, spotted: Spotted) -> None:
    text = "Jayden Smith"
    assessment = judged(pupil=spotted(text, ("Jayden Smith", "PUPIL_FULL")))
    assert names(text, assessment) == {"Jayden Smith", "Jayden", "Smith"}
    assert tells("https://x.example/JAYDEN", text, assessment)
    assert not tells("https://x.example/jay", text, assessment)


def test_an_excerpt_holds_the_words_that_carry_the_flag(
    judged: Judged, carrying: Carrying, spotted: Spotted
) -> None:
    text = (
        "Nothing here at all. " * 40
        + "Jayden Smith will bring a knife tonight. "
        + "So what. " * 40
    )
    assessment = judged(
        "threat",
        explanations=(
            carrying(text, "threat", "bring a knife"),
            carrying(text, "hate", "Nothing here"),
        ),
        pupil=spotted(text, ("Jayden Smith", "PUPIL_FULL")),
    )
    pieces = excerpt(text, assessment, length=120)
    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.carries] == ["bring a knife"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "J.S. will bring a knife tonight." in shown
    assert len(shown) < 140


def test_an_excerpt_is_one_line_without_links_or_hidden_characters(judged: Judged) -> None:
    text = "One\r\ntwo\u202egnp\x00 see https://evil.example/x and www.evil.example\ud800"
    shown = "".join(piece.text for piece in excerpt(text, judged()))
    assert shown.strip() == "One two gnp see [link] and [link]"


def test_an_excerpt_of_the_end_has_no_mark_after_it(judged: Judged, carrying: Carrying) -> None:
    text = "So what. " * 40 + "he has a knife"
    assessment = judged("threat", explanations=(carrying(text, "threat", "knife"),))
    assert excerpt(text, assessment, length=60)[-1] == Piece(text="knife", carries=True)


@settings(max_examples=200)
@given(
    text=st.text(alphabet="ab cd\n.é🙂", max_size=300),
    marks=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=5),
    length=st.integers(20, 120),
)
def test_an_excerpt_is_never_much_longer_than_asked(
    text: str, marks: list[tuple[int, int]], length: int
) -> None:
    spans = tuple(
        Explanation(label="threat", span=Span(min(mark), max(mark)), weight=1.0) for mark in marks
    )
    assessment = replace(Assessment(), explanations=spans)
    assert sum(len(piece.text) for piece in excerpt(text, assessment, length=length)) <= length + 4
