"""Which of our schools a text is about: raw-text search, then evidence (design: matching)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from classifiers.matching.aliases import Alias, Names, aliases
from classifiers.matching.automaton import Automaton, Hit
from classifiers.matching.evidence import Case
from classifiers.matching.forms import folded
from classifiers.matching.judge import links
from classifiers.matching.reading import Reading, Source
from classifiers.matching.register import build
from classifiers.matching.subjects import subjects
from classifiers.matching.weights import Weights, load
from classifiers.text import MAX_JUDGED, fold, fold_tracked
from classifiers.types import SchoolLink
from config.national import RegisterSchool
from config.settings import Trust


class Matcher:
    """Immutable once built; a change of terms builds another (a fraction of a second)."""

    def __init__(
        self,
        trust: Trust,
        register: Iterable[RegisterSchool],
        names: Names,
        weights: Weights | None = None,
    ) -> None:
        ours = {school.urn for school in trust.enabled_schools if school.urn}
        self._register = build(register, ours=ours, decoys=trust.decoys)
        self._subjects = subjects(trust)
        self._weights = weights or load()
        self._aliases = aliases(trust, self._register, names)
        self._trust_places = self._subjects[0].near
        self._gate = Automaton(list(self._aliases))
        others = [form for form in self._register.forms if form not in self._aliases]
        self._patterns = [*self._aliases, *others]
        self._search = Automaton(self._patterns)

    def touches(self, text: str) -> bool:
        """Whether some name of ours may stand in the text: the raw-text stage."""
        return self._gate.touches(fold(text[:MAX_JUDGED]))

    def links(
        self,
        text: str,
        *,
        place_hints: Sequence[str] = (),
        source_school: str | None = None,
        official: bool = False,
    ) -> tuple[SchoolLink, ...]:
        """Every school, and the Trust, that the text is certainly or possibly about."""
        text = text[:MAX_JUDGED]
        if not self._gate.touches(fold(text)):
            return ()
        tracked = fold_tracked(text)
        hits = self._search.longest(tracked.text)
        if not any(hit.pattern < len(self._aliases) for hit in hits):
            return ()
        source = Source(
            places=frozenset(map(folded, place_hints)), school=source_school, official=official
        )
        reading = Reading(text, tracked, source, self._register.places)
        return links(self._cases(hits, reading), self._weights)

    def _cases(self, hits: Sequence[Hit], reading: Reading) -> Iterator[Case]:
        for hit in hits:
            for alias in self._owners(hit):
                yield Case(
                    alias=alias,
                    hit=hit,
                    subject=self._subjects[alias.subject],
                    reading=reading,
                    register=self._register,
                    trust_places=self._trust_places,
                )

    def _owners(self, hit: Hit) -> Sequence[Alias]:
        return self._aliases.get(self._patterns[hit.pattern], ())
