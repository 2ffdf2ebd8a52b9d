"""What the shipped weights promise: sound probabilities, exact reasons, no crash on anything."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.labels import component as _registered
from classifiers.labels.model import WEIGHTS, LabelModel, WeightsDamagedError, read_card
from classifiers.types import LABELS

FACTORIES = (_registered,)
HOSTILE = (
    "", " ", "\n\n", "a" * 100_000, "stab " * 200_000, "\ud800\udfff broken", "\u200b" * 5000,
    "😂" * 3000, "https://example.org/x", "!" * 100_000, "#" + "A" * 50_000, "@" * 9999,
    "k\u200bi\u200bl\u200bl", "s.t.a.b", '"' * 10_000, "\x00\x01\x02", "ﷺ" * 500, "ａ" * 2000,
)  # fmt: skip


def test_the_weights_match_their_checksum_and_stay_small() -> None:
    packed = (WEIGHTS / "labels.npz").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == read_card()["sha256"]
    assert len(packed) < 10_000_000


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    shutil.copy(WEIGHTS / "labels.npz", tmp_path)
    card = dict(read_card()) | {"sha256": "0" * 64}
    (tmp_path / "model.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(WeightsDamagedError):
        LabelModel.load(tmp_path)


def test_every_text_gets_six_probabilities(model: LabelModel) -> None:
    found = model.probabilities(["Open evening at six", "I will stab you tomorrow"])
    assert found.shape == (2, len(LABELS))
    assert ((found >= 0) & (found <= 1)).all()


def test_the_same_text_gets_the_same_answer_alone_and_in_a_batch(model: LabelModel) -> None:
    texts = ["kys no one would miss you", "Cake sale on Friday", "the head lied to every parent"]
    together = LabelModel.load().probabilities(texts)
    alone = np.concatenate([model.probabilities([text]) for text in reversed(texts)])[::-1]
    assert np.array_equal(together, alone)


def test_no_texts_give_no_rows(model: LabelModel) -> None:
    assert model.probabilities([]).shape == (0, len(LABELS))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_judged_in_bounded_time(model: LabelModel, text: str) -> None:
    started = time.process_time()
    found = model.probabilities([text])
    for explanation in model.explain(text, LABELS):
        assert 0 <= explanation.span.start < explanation.span.end <= len(text)
    assert np.isfinite(found).all()
    assert time.process_time() - started < 5


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_gets_probabilities_and_spans_inside_it(model: LabelModel, text: str) -> None:
    assert np.isfinite(model.probabilities([text])).all()
    for explanation in model.explain(text, LABELS):
        assert 0 <= explanation.span.start < explanation.span.end <= len(text)


@pytest.mark.parametrize("label", LABELS)
def test_the_reasons_add_up_to_the_score(model: LabelModel, label: str) -> None:
    text = "Someone said he'll stab the head tonight, she's ugly and I want to die"
    column = LABELS.index(label)
    shares = sum(part.weight for part in model.contributions(text, LABELS[column]))
    bias = float(model.bias[column])
    assert shares + bias == pytest.approx(float(model.logits([text])[0][column]), abs=1e-3)


def test_at_most_three_spans_of_whole_words_explain_a_label(model: LabelModel) -> None:
    text = "I swear I'm gonna stab him tomorrow after school, watch, I'll kill the lot of them"
    found = model.explain(text, ["threat"])
    assert 1 <= len(found) <= 3
    for explanation in found:
        start, end = explanation.span.start, explanation.span.end
        assert start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
        assert end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    assert [part.weight for part in found] == sorted((part.weight for part in found), reverse=True)


def test_a_threat_in_a_long_page_is_not_diluted(model: LabelModel) -> None:
    page = "The fair was lovely and the sun shone on the stalls. " * 40
    threat = "I am going to stab that teacher with a knife tomorrow. "
    column = LABELS.index("threat")
    alone, inside, without = model.probabilities([threat, page + threat + page, page])[:, column]
    assert inside > without
    assert inside > alone / 3


@pytest.mark.parametrize(
    "disguised",
    [
        "k1ll yours3lf",
        "k\u200bill yourself",
        "kıll уоurself",
        "ＫＩＬＬ yourself",
        "kiiiill yourself",
    ],
)
def test_a_disguised_spelling_counts_like_the_plain_one(model: LabelModel, disguised: str) -> None:
    column = LABELS.index("self_harm")
    plain, hidden = model.probabilities(["kill yourself", disguised])[:, column]
    assert hidden > plain * 0.6


def test_the_component_sets_scores_and_explains_only_what_is_flagged() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("harm_labels")
    docs = list(nlp.pipe(["i want to kill myself", "Second-hand blazers on Saturday"]))
    assert [score.label for score in docs[0]._.label_scores] == list(LABELS)
    assert "self_harm" in {part.label for part in docs[0]._.explanations}
    assert docs[1]._.explanations == ()
    assert docs[0].cats["self_harm"] > docs[1].cats["self_harm"]


def test_a_reason_beside_a_schools_name_holds_whole_words_of_it() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("harm_labels")
    text = "The head of Lindmouth Harbour Academy lied to parents about the mould. A disgrace."
    reasons = [text[one.span.start : one.span.end] for one in nlp(text)._.explanations]
    assert "Academy lied" in reasons


def test_the_component_keeps_the_thresholds_it_is_given() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("harm_labels", config={"thresholds": dict.fromkeys(LABELS, 0.99)})
    doc = nlp("I like cake")
    assert not any(score.flagged for score in doc._.label_scores)


def test_a_reason_neither_begins_nor_ends_with_a_word_that_tells_nothing(
    model: LabelModel,
) -> None:
    text = "that heidie's a pure liar so she is, telt us wan thing an the council anither"
    said = [text[one.span.start : one.span.end] for one in model.explain(text, ["reputation"])]
    assert any("pure liar" in words for words in said)
    ends = {word for words in said for word in (words.split()[0], words.split()[-1])}
    assert not ends & {"is", "that", "the"}
