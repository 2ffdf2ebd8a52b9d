"""Which of our schools a text is about: raw-text search, then evidence (design: matching)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from classifiers.matching.aliases import Alias, Names, aliases
from classifiers.matching.automaton import Automaton, Hit, longest
from classifiers.matching.evidence import WEAK, Case
from classifiers.matching.forms import folded
from classifiers.matching.judge import Matched, matched
from classifiers.matching.misspellings import Misspellings
from classifiers.matching.reading import Reading, Source
from classifiers.matching.register import National, Register
from classifiers.matching.subjects import subjects
from classifiers.matching.vocabulary import SCHOOL_WORDS, TRUST_WORDS
from classifiers.matching.weights import Weights, load
from classifiers.text import MAX_JUDGED, Folded, fold, fold_tracked, replace_words
from classifiers.types import Reason, SchoolLink
from config.trust import Trust

_CLAUSE_END = re.compile(r"[,;:!?](?=\s)|\n")
_STEMS = "acad scho scoh shco scool prim priam pupi unif unfi teac tecah teahc colle lear trus gove"
_MENDABLE = SCHOOL_WORDS | TRUST_WORDS | frozenset(_STEMS.split())
"""Beginnings of words that open the search for misspelt names."""
OWN_PAGE = Reason(name="its own page", weight=0.0)
_SCHOOL_LIFE = Automaton(sorted(_MENDABLE))


class Matcher:
    """Immutable once built, in a few milliseconds; a change of terms builds another."""

    def __init__(
        self, trust: Trust, whole: National, names: Names, weights: Weights | None = None
    ) -> None:
        self._register = Register(whole, trust)
        self._subjects = subjects(trust)
        self._weights = weights or load()
        self._aliases = aliases(trust, self._register, names)
        self._given_names = names.first
        self._trust_places = self._subjects[0].near
        self._misspellings = Misspellings(
            form for form, owners in self._aliases.items() if _is_mendable(form, owners)
        )
        self._search = Automaton(list(self._aliases))

    @property
    def forms(self) -> int:
        """How many forms of names are searched, those of other schools included."""
        return len(self._aliases) + self._register.forms

    @property
    def own_forms(self) -> Collection[str]:
        """The folded forms of our own names: no text is ours in which none of them stands."""
        return self._aliases.keys()

    def touches(self, text: str) -> bool:
        """Whether some name of ours may stand in the text: the raw-text stage."""
        return self._search.touches(fold(text[:MAX_JUDGED]))

    def links(
        self,
        text: str,
        *,
        place_hints: Sequence[str] = (),
        source_school: str | None = None,
        official: bool = False,
    ) -> tuple[SchoolLink, ...]:
        """Every school, and the Trust, that the text is certainly or possibly about."""
        return self.match(
            text, place_hints=place_hints, source_school=source_school, official=official
        ).links

    def match(
        self,
        text: str,
        *,
        place_hints: Sequence[str] = (),
        source_school: str | None = None,
        official: bool = False,
    ) -> Matched:
        """The links, with every place where a name of ours stands, meant or not."""
        text = text[:MAX_JUDGED]
        source = Source(
            places=frozenset(map(folded, place_hints)), school=source_school, official=official
        )
        found = self._written(text, source)
        if found.links or not source.official:
            return found
        return Matched((self._spoken_by(source),), found.spans)

    def _spoken_by(self, source: Source) -> SchoolLink:
        """On an official page a school, or the Trust, speaks of itself and seldom says its name."""
        whose = source.school or self._subjects[0].id
        return SchoolLink(school_id=whose, certainty="certain", score=1.0, reasons=(OWN_PAGE,))

    def _written(self, text: str, source: Source) -> Matched:
        quick = fold(text)
        found = self._exact(text, source) if self._search.touches(quick) else Matched()
        if found.links or not (found.spans or _SCHOOL_LIFE.touches(quick)):
            return found
        mended = self._mended(text, source)
        return Matched(mended.links, found.spans + mended.spans)

    def _exact(self, text: str, source: Source) -> Matched:
        tracked = fold_tracked(text)
        hits = self._named(tracked.text)
        if not any(hit.form in self._aliases for hit in hits):
            return Matched()
        reading = self._reading(text, tracked, source, hits)
        return matched(self._cases(hits, reading), self._weights)

    def _named(self, folded: str) -> list[Hit]:
        """Where a name stands, ours or another's, none inside a longer one."""
        others = (hit for hit in self._register.hits(folded) if hit.form not in self._aliases)
        return longest([*self._search.hits(folded), *others])

    def _mended(self, text: str, source: Source) -> Matched:
        """Links by names that are one letter off, where no name of another school stands."""
        mended = self._misspellings.mended(fold(text).split())
        if mended is None:
            return Matched()
        tracked = fold_tracked(text)
        written = [hit for hit in self._named(tracked.text) if not self._owners(hit)]
        corrected = replace_words(tracked, mended)
        hits = [
            hit
            for hit in self._named(corrected.text)
            if not _is_inside(corrected, hit, tracked, written)
        ]
        reading = self._reading(text, corrected, source, hits)
        return matched(self._cases(hits, reading, misspelt=True), self._weights)

    def _reading(self, text: str, folded: Folded, source: Source, hits: Sequence[Hit]) -> Reading:
        names = [(hit.start, hit.end) for hit in hits if self._owners(hit)]
        return Reading(text, folded, source, self._register.places, names, self._given_names)

    def _cases(
        self, hits: Sequence[Hit], reading: Reading, *, misspelt: bool = False
    ) -> Iterator[Case]:
        for hit in hits:
            is_torn = _is_torn(reading, hit)
            for alias in self._owners(hit):
                if is_torn and alias.kind in WEAK:
                    continue
                slip = misspelt and not _is_written(reading, hit)
                if slip and not _is_mendable(alias.form, [alias]):
                    continue
                yield Case(
                    alias=alias,
                    hit=hit,
                    subject=self._subjects[alias.subject],
                    reading=reading,
                    register=self._register,
                    trust_places=self._trust_places,
                    misspelt=slip,
                )

    def _owners(self, hit: Hit) -> Sequence[Alias]:
        return self._aliases.get(hit.form, ())


def _is_torn(reading: Reading, hit: Hit) -> bool:
    """Across the end of a clause: "St Edith, Marlow on Thames" names no Edith Marlow."""
    start, end = reading.folded.original(hit.start, hit.end)
    return bool(_CLAUSE_END.search(reading.given, start, end))


def _is_mendable(form: str, owners: Sequence[Alias]) -> bool:
    """Only whole names of two words or more: short ones are one letter off too much."""
    return " " in form and any(alias.origin in ("name", "alias", "former") for alias in owners)


def _is_written(reading: Reading, hit: Hit) -> bool:
    """Whether the given text has this stretch as it is, nothing mended in it."""
    start, end = reading.folded.original(hit.start, hit.end)
    return fold(reading.given[start:end]).strip() == reading.folded.text[hit.start : hit.end]


def _is_inside(corrected: Folded, hit: Hit, tracked: Folded, written: Sequence[Hit]) -> bool:
    start, end = corrected.original(hit.start, hit.end)
    spans = (tracked.original(other.start, other.end) for other in written)
    return any(first <= start and end <= last for first, last in spans)
