"""Many patterns searched in one pass over folded text (Aho-Corasick, linear time)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ahocorasick_rs


class Hit(NamedTuple):
    """A form of a name at [start, end) of the folded text, without the outer spaces."""

    form: str
    start: int
    end: int


class Automaton:
    """Whole-word search for folded patterns; a plural or possessive "s" may follow."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns
        spaced = [f" {pattern}" for pattern in patterns]
        self._search = (
            ahocorasick_rs.AhoCorasick(
                spaced,
                matchkind=ahocorasick_rs.MatchKind.Standard,
                store_patterns=False,
                implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            )
            if spaced
            else None
        )

    def touches(self, folded: str) -> bool:
        """Whether some pattern occurs, its end not checked: cheap, never misses."""
        return self._search is not None and bool(self._search.find_matches_as_indexes(folded))

    def hits(self, folded: str) -> list[Hit]:
        """Every whole-word hit, also inside another."""
        if self._search is None:
            return []
        found = self._search.find_matches_as_indexes(folded, overlapping=True)
        return [
            Hit(self._patterns[i], start + 1, end)
            for i, start, end in found
            if ends_word(folded, end)
        ]


def ends_word(folded: str, end: int) -> bool:
    """A word ends here, or after one more "s" (a folded possessive)."""
    return folded[end : end + 1] in (" ", "") or folded[end : end + 2] in ("s ", "s")


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """None inside or across a longer one, in reading order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)
