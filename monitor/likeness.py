"""Stories that read like one, and what was decided on them: a memory for who decides next.

Words count by how seldom they are among the stories compared (inverse document frequency), and two
stories by the weight that they share (cosine). Only masked words are compared, so no name makes two
stories alike, and the words in common are told, so that one sees why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt

from classifiers.types import Label
from monitor.store import past, search
from monitor.store.database import Tx
from monitor.store.past import PastDecision
from monitor.store.scope import Scope
from monitor.store.views import Outcome

ALIKE = 0.2
"""Share of the weight in common from which two stories are called alike."""
SHOWN = 3
TOLD = 4
"""Words in common that are named."""
FEW = 8
"""Stories added to those compared, so that a word of a handful is not taken for a common one."""
SHORTEST = 4
"""Letters of a word that may tell something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A past story, its decision, and the words that it shares, the weightiest first."""

    decision: PastDecision
    likeness: float
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The stories most alike, and how all that are alike were decided, the most frequent first."""

    nearest: tuple[Alike, ...] = ()
    outcomes: tuple[tuple[Outcome, int], ...] = ()

    @property
    def total(self) -> int:
        return sum(number for _, number in self.outcomes)


def recall(
    tx: Tx,
    scope: Scope,
    mention_id: int,
    *,
    story_id: int | None,
    labels: Collection[Label],
    schools: Collection[str],
) -> Memory:
    """What is remembered of stories like the one of a mention."""
    decided = past.decided(tx, scope, story_id=story_id, labels=labels, schools=schools)
    return compare(search.shown_words(tx, mention_id), decided)


def compare(words: str, decided: Sequence[PastDecision]) -> Memory:
    own, others = _terms(words), [_terms(one.words) for one in decided]
    weights = _weights([own, *others])
    length = _length(own, weights)
    found = []
    for one, terms in zip(decided, others, strict=True):
        shared = own & terms
        sizes = length * _length(terms, weights) if len(shared) > 1 else 0.0
        likeness = _square(shared, weights) / sizes if sizes else 0.0
        if likeness >= ALIKE:
            common = _weightiest(shared, weights)
            found.append(Alike(decision=one, likeness=likeness, common=common))
    alike = sorted(found, key=lambda one: -one.likeness)
    outcomes = Counter(one.decision.outcome for one in alike)
    return Memory(nearest=tuple(alike[:SHOWN]), outcomes=tuple(outcomes.most_common()))


def _terms(words: str) -> frozenset[str]:
    return frozenset(word for word in words.split() if len(word) >= SHORTEST)


def _weights(texts: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Squared, as they are only used so."""
    frequencies = Counter(chain.from_iterable(texts))
    whole = len(texts) + FEW
    return {word: log(whole / number) ** 2 for word, number in frequencies.items()}


def _square(terms: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(map(weights.__getitem__, terms))


def _length(terms: Iterable[str], weights: Mapping[str, float]) -> float:
    return sqrt(_square(terms, weights))


def _weightiest(words: Collection[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-weights[word], word))[:TOLD])
