"""One spaCy pipeline for all that the classifiers say: schools, labels, pupils.

It is loaded once for a process, however many trusts it serves (a few seconds); what differs between
them, their names and thresholds, is little. `Classifier.assess` is pure and may be called from any
thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.allegation import allegation, immediate
from classifiers.duplicates import Fingerprint, fingerprint
from classifiers.incident import incident
from classifiers.labels.component import HarmLabels
from classifiers.labels.model import read_card
from classifiers.language import not_judged
from classifiers.matching.aliases import Names
from classifiers.matching.component import SchoolMatcher
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from classifiers.matching.weights import learnt
from classifiers.parts import gravest, shifted
from classifiers.pupil.component import PupilIdentification
from classifiers.severity import severity
from classifiers.text import MAX_JUDGED, assessed_text
from classifiers.tokenise import Tokenizer, printable
from classifiers.types import Assessment
from config.national import first_names, surnames
from config.policy import Policy
from config.trust import Trust
from connectors.types import Mention

COMPONENTS = (SchoolMatcher, HarmLabels, PupilIdentification)
"""The pipeline in its order; importing them registers their factories."""

_BATCH = 64
_PUPIL_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A text to judge and what its source says of it."""

    text: str
    place_hints: tuple[str, ...] = ()
    source_school: str | None = None
    official: bool = False


class Judges:
    """The pipeline, which judges for one trust at a time."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._nlp.tokenizer = Tokenizer(self._nlp.vocab)
        self._schools: Any = self._nlp.add_pipe("school_matcher")
        self._labels: Any = self._nlp.add_pipe("harm_labels")
        self._nlp.add_pipe("pupil_identification")
        self._turn = Lock()  # a spaCy memory zone belongs to one thread at a time

    @contextmanager
    def serving(self, matcher: Matcher, policy: Policy) -> Iterator[Language]:
        with self._turn:
            self._schools.matcher = matcher
            self._labels.thresholds = {name: rule.threshold for name, rule in policy.labels.items()}
            yield self._nlp


_loading = Lock()
_load = cache(Judges)


def judges() -> Judges:
    """The one of this process; blocks until it is loaded."""
    with _loading:
        return _load()


class Classifier:
    """Judges texts for one Trust and one policy; made by `build`."""

    def __init__(self, matcher: Matcher, policy: Policy, version: str) -> None:
        self._matcher = matcher
        self._policy = policy
        self.model_version = version

    @property
    def own_forms(self) -> Collection[str]:
        """The folded forms of our names: no text is about us in which none of them stands."""
        return self._matcher.own_forms

    def mentions_us(self, mentions: Sequence[Mention]) -> list[bool]:
        """For each, whether a school or the Trust is at least possible; raw text, no spaCy."""
        return [self._is_about_us(posting_of(mention)) for mention in mentions]

    def _is_about_us(self, posting: Posting) -> bool:
        return bool(
            self._matcher.links(
                posting.text,
                place_hints=posting.place_hints,
                source_school=posting.source_school,
                official=posting.official,
            )
        )

    def assess(self, mentions: Sequence[Mention], *, explain: bool = True) -> list[Assessment]:
        """One assessment each, in order; offsets refer to `assessed_text(mention)`."""
        return self.assess_postings([posting_of(mention) for mention in mentions], explain=explain)

    def assess_postings(
        self, postings: Sequence[Posting], *, explain: bool = True
    ) -> list[Assessment]:
        """One assessment each, in order; of each text the first MAX_JUDGED characters."""
        judged: list[Assessment] = []
        with judges().serving(self._matcher, self._policy) as nlp:
            for at in range(0, len(postings), _BATCH):
                with nlp.memory_zone():
                    docs = nlp.pipe(_docs(nlp, postings[at : at + _BATCH]))
                    judged.extend(self._assessment(doc, explain=explain) for doc in docs)
        return judged

    def assess_by_parts(self, mention: Mention, second: int) -> Assessment:
        """As `assess`, of a text whose second part, by another hand, begins at that offset."""
        text = assessed_text(mention)
        offsets = ((0, second), (second, len(text)))
        said = posting_of(mention)
        postings = [said, *(replace(said, text=text[start:end]) for start, end in offsets)]
        whole, *parts = self.assess_postings(postings)
        moved = [shifted(part, start) for part, (start, _) in zip(parts, offsets, strict=True)]
        return self._graded(gravest(whole, moved))

    def _graded(self, assessment: Assessment) -> Assessment:
        return replace(assessment, severity=severity(self._policy.severity, assessment))

    def fingerprint(self, text: str) -> Fingerprint:
        """What near-duplicates of the text share."""
        return fingerprint(text)

    def _assessment(self, doc: Doc, *, explain: bool) -> Assessment:
        reason = not_judged(doc.text)
        found = Assessment(
            schools=doc._.school_links,
            scores=() if reason else tuple(doc._.label_scores),
            explanations=tuple(doc._.explanations) if explain and not reason else (),
            pupil=doc._.pupil,
            allegation="none" if reason else allegation(doc.text),
            immediate=not reason and immediate(doc.text),
            incident="none" if reason else incident(doc.text),
            gravity=1.0 if reason else doc._.gravity,
            not_judged=reason,
            model_version=self.model_version,
        )
        return self._graded(found)


def _docs(nlp: Language, postings: Iterable[Posting]) -> Iterator[Doc]:
    for posting in postings:
        doc = nlp.make_doc(printable(posting.text[:MAX_JUDGED]))
        doc._.place_hints = posting.place_hints
        doc._.source_school = posting.source_school
        doc._.official = posting.official
        yield doc


def posting_of(mention: Mention) -> Posting:
    return Posting(
        text=assessed_text(mention),
        place_hints=mention.place_hints,
        source_school=mention.source_school,
        official=mention.official,
    )


def build(trust: Trust, policy: Policy) -> Classifier:
    """The classifier for a Trust's enabled schools under a policy's thresholds, ready to judge."""
    judges()
    return screen(trust, policy)


def screen(trust: Trust, policy: Policy) -> Classifier:
    """The same, which loads the pipeline when it first judges: for who only asks `mentions_us`."""
    weights = learnt(policy.matching)
    names = Names(first_names(), surnames())
    matcher = Matcher(trust, england(trust.register_file), names, weights)
    version = f"{read_card()['version']}, schools {weights.version}, pupils {_PUPIL_VERSION}"
    return Classifier(matcher, policy, version)
