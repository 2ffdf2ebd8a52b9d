"""The classifiers anybody can install with pip, for the side-by-side figures; an optional extra.

Each says of a text how surely it is harmful, in [0, 1], and flags at its own usual threshold.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Judge = Callable[[Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    name: str
    judge: Judge
    threshold: float = 0.5


def _alt_profanity_check() -> Judge:
    found = importlib.import_module("profanity_check")
    return lambda texts: [float(p) for p in found.predict_prob(list(texts))]


def _better_profanity() -> Judge:
    found = importlib.import_module("better_profanity").profanity
    found.load_censor_words()
    return lambda texts: [float(found.contains_profanity(text)) for text in texts]


def _vader() -> Judge:
    analyser = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda texts: [(1 - analyser.polarity_scores(text)["compound"]) / 2 for text in texts]


def _glin() -> Judge:
    found = importlib.import_module("glin_profanity").Filter()
    return lambda texts: [float(found.is_profane(text)) for text in texts]


_PEERS: dict[str, tuple[Callable[[], Judge], float]] = {
    "alt-profanity-check": (_alt_profanity_check, 0.5),
    "better-profanity": (_better_profanity, 0.5),
    "vaderSentiment": (_vader, 0.525),  # its authors' bound: compound <= -0.05
    "glin-profanity": (_glin, 0.5),
}


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that can be used here, and the names of those not installed."""
    present: list[Peer] = []
    absent: list[str] = []
    for name, (load, threshold) in _PEERS.items():
        try:
            present.append(Peer(name=name, judge=load(), threshold=threshold))
        except ImportError:
            absent.append(name)
    return present, absent
