"""Which words carry a label: exact shares of the score, never a guess after the fact."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.labels.tokens import Token
from classifiers.types import Span

SPANS = 3
_GAP = 2
"""Characters between two strong words that still make one span."""
_SHARE = 0.12
"""A word below this share of the strongest one is not shown."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to a score, and the tokens it came from."""

    name: str
    tokens: tuple[Token, ...]
    weight: float


def _by_token(contributions: list[Contribution]) -> dict[Token, float]:
    weights: dict[Token, float] = {}
    for part in contributions:
        for token in part.tokens:
            weights[token] = weights.get(token, 0.0) + part.weight / len(part.tokens)
    return weights


def spans(contributions: list[Contribution]) -> list[tuple[Span, float]]:
    """The strongest stretches of neighbouring words, at most three, heaviest first."""
    weights = {
        token: weight
        for token, weight in _by_token(contributions).items()
        if weight > 0 and any(char.isalnum() or char == ":" for char in token.norm)
    }
    if not weights:
        return []
    least = max(weights.values()) * _SHARE
    joined: list[tuple[int, int, float]] = []
    for token in sorted(weights, key=lambda token: token.start):
        if weights[token] < least:
            continue
        if joined and token.start - joined[-1][1] <= _GAP:
            start, _, weight = joined.pop()
            joined.append((start, token.end, weight + weights[token]))
        else:
            joined.append((token.start, token.end, weights[token]))
    joined.sort(key=lambda part: -part[2])
    return [(Span(start, end), round(weight, 4)) for start, end, weight in joined[:SPANS]]
