"""The spaCy component "pupil_identification": doc.spans["pupil"] and doc._.pupil."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from classifiers.extensions import register
from classifiers.pupil.names import NameLists
from classifiers.pupil.recognise import grade
from classifiers.types import PupilGrade
from config.national import every_surname, first_names, world_first_names


class PupilIdentification:
    """Grades each Doc (policy 6.10); runs after "school_matcher", whose links it reads."""

    def __init__(self) -> None:
        register()
        self._lists = NameLists(first_names(), every_surname(), world_first_names())

    def __call__(self, doc: Doc) -> Doc:
        found = grade(doc.text, self._lists, doc._.school_links, doc._.school_names)
        doc._.pupil = found
        doc.spans["pupil"] = SpanGroup(doc, name="pupil", spans=list(_spans(doc, found)))
        return doc


def _spans(doc: Doc, found: PupilGrade) -> Iterator[Span]:
    for one in found.spans:
        span = doc.char_span(one.span.start, one.span.end, label=one.label, alignment_mode="expand")
        if span is not None:
            yield span


@Language.factory("pupil_identification")
def _factory(nlp: Language, name: str) -> PupilIdentification:
    return PupilIdentification()
