"""Whose name stands in a text, of many trusts at once: the raw-text stage of a whole network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from classifiers.matching.automaton import Automaton
from classifiers.text import MAX_JUDGED, fold


class Crowd:
    """Immutable once built. What it finds is only possible: each trust's matcher judges it."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names` are the folded forms of each one's names, by whatever stands for it."""
        self._owners: dict[str, list[str]] = defaultdict(list)
        for owner, forms in names.items():
            for form in forms:
                self._owners[form].append(owner)
        self._search = Automaton(list(self._owners))

    @property
    def forms(self) -> int:
        return len(self._owners)

    def whose(self, text: str) -> frozenset[str]:
        """All whose name stands whole in the text."""
        folded = fold(text[:MAX_JUDGED])
        if not self._search.touches(folded):
            return frozenset()
        hits = self._search.hits(folded)
        return frozenset(owner for hit in hits for owner in self._owners[hit.form])
