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

_FILLERS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "in", "is", "it",
    "its", "of", "on", "or", "so", "that", "the", "this", "to", "was", "were", "with",
})  # fmt: skip
"""Words that weigh something in company and tell a reader nothing: no stretch begins or ends
with one."""
_PRONOUNS = frozenset({
    "he", "her", "him", "his", "i", "me", "my", "our", "she", "their", "them", "they", "us", "we",
    "you", "your",
})  # fmt: skip


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
    strong = sorted((token for token in weights if weights[token] >= least), key=_start)
    found = _stretches(strong)
    stretches = [_trimmed(stretch) for stretch in found if _tells(stretch)] or found
    stretches.sort(key=lambda stretch: -sum(weights[token] for token in stretch))
    return [
        (
            Span(stretch[0].start, stretch[-1].end),
            round(sum(weights[token] for token in stretch), 4),
        )
        for stretch in stretches[:SPANS]
    ]


def _start(token: Token) -> int:
    return token.start


def _stretches(strong: list[Token]) -> list[list[Token]]:
    """Strong words in order, those that stand together in one list."""
    found: list[list[Token]] = []
    for token in strong:
        if found and token.start - found[-1][-1].end <= _GAP:
            found[-1].append(token)
        else:
            found.append([token])
    return found


def _tells(stretch: list[Token]) -> bool:
    return any(token.norm not in _FILLERS | _PRONOUNS for token in stretch)


def _trimmed(stretch: list[Token]) -> list[Token]:
    """From the first word that is no filler to the last."""
    kept = [at for at, token in enumerate(stretch) if token.norm not in _FILLERS]
    return stretch[kept[0] : kept[-1] + 1]
