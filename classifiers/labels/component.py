"""The spaCy component "harm_labels": doc.cats, doc._.label_scores, .gravity and .explanations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from classifiers.extensions import register
from classifiers.labels.model import LabelModel
from classifiers.labels.school_mask import with_the_school, without_schools
from classifiers.types import LABELS, Explanation, Label, LabelScore, Span

_REPUTATION: Label = "reputation"


class HarmLabels:
    """Scores each Doc's text and explains the labels at or over their thresholds."""

    def __init__(self, model: LabelModel, thresholds: Mapping[Label, float]) -> None:
        register()
        self._model = model
        self.thresholds = thresholds

    def __call__(self, doc: Doc) -> Doc:
        self._judge([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._judge(docs)
            yield from docs

    def _judge(self, docs: list[Doc]) -> None:
        texts = [without_schools(doc.text, _schools(doc)) for doc in docs]
        of_school = [with_the_school(doc.text, _schools(doc)) for doc in docs]
        rows, gravity = self._model.judged(texts)
        column = LABELS.index(_REPUTATION)
        rows[:, column] = self._model.probabilities(of_school)[:, column]
        for doc, text, told, row, grave in zip(docs, texts, of_school, rows, gravity, strict=True):
            doc._.gravity = float(grave)
            scores = tuple(
                LabelScore(label=label, probability=float(p), threshold=self.thresholds[label])
                for label, p in zip(LABELS, row, strict=True)
            )
            doc.cats = {score.label: score.probability for score in scores}
            doc._.label_scores = scores
            doc._.explanations = tuple(
                _whole(doc.text, reason)
                for score in scores
                if score.flagged
                for reason in self._model.explain(
                    told if score.label == _REPUTATION else text, [score.label]
                )
            )


def _whole(text: str, reason: Explanation) -> Explanation:
    """Not a part of a word: "the school" that stands in for a name may begin within one."""
    start, end = reason.span.start, reason.span.end
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return replace(reason, span=Span(start, end))


def _schools(doc: Doc) -> Iterator[Span]:
    """Where the matcher found a school, ours or not."""
    return (span for link in doc._.school_links for span in link.spans)


@Language.factory("harm_labels", default_config={"thresholds": None})
def _factory(nlp: Language, name: str, thresholds: dict[str, float] | None) -> HarmLabels:
    model = LabelModel.load()
    given = thresholds or {}
    return HarmLabels(model, {label: given.get(label, model.thresholds[label]) for label in LABELS})
