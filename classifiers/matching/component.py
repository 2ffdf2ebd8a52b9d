"""The spaCy component "school_matcher": doc.spans["schools"] and doc._.school_links."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from classifiers.extensions import register
from classifiers.matching.judge import Matched
from classifiers.matching.matcher import Matcher
from classifiers.types import SchoolLink


class SchoolMatcher:
    """Links each Doc; the spans carry the school's id as `kb_id_`. Before `matcher` is set
    (spaCy configurations hold no objects) no school is known and no Doc is linked."""

    def __init__(self) -> None:
        register()
        self.matcher: Matcher | None = None

    def __call__(self, doc: Doc) -> Doc:
        found = Matched()
        if self.matcher is not None:
            found = self.matcher.match(
                doc.text,
                place_hints=doc._.place_hints,
                source_school=doc._.source_school,
                official=doc._.official,
            )
        doc._.school_links = found.links
        doc._.school_names = found.spans
        doc.spans["schools"] = SpanGroup(doc, name="schools", spans=list(_spans(doc, found.links)))
        return doc


def _spans(doc: Doc, found: tuple[SchoolLink, ...]) -> Iterator[Span]:
    for link in found:
        for at in link.spans:
            span = doc.char_span(
                at.start, at.end, label="SCHOOL", kb_id=link.school_id, alignment_mode="expand"
            )
            if span is not None:
                yield span


@Language.factory("school_matcher")
def _factory(nlp: Language, name: str) -> SchoolMatcher:
    return SchoolMatcher()
