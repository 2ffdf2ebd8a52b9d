"""Whether flags were right, as people say, and how sure so few words of theirs can make us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from classifiers.types import LABELS, Label
from monitor.store.verdicts import Verdict

FEWEST = 10
"""Verdicts from which on a share is told: fewer say too little to be a percentage."""
_Z = 1.96
"""Of a normal distribution: 95 of 100 lie within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rightness:
    """Verdicts on one label: flags that were right or wrong, and what was not flagged and should
    have been."""

    label: Label
    right: int
    wrong: int
    missed: int

    @property
    def flags(self) -> int:
        """Flags that somebody has judged."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """Of the judged flags those that were right; None where they are too few to say."""
        return self.right / self.flags if self.flags >= FEWEST else None

    @property
    def likely(self) -> tuple[float, float]:
        """Between what the true share lies in 95 of 100 such cases."""
        return interval(self.right, self.flags)


def rightness(verdicts: Sequence[Verdict]) -> tuple[Rightness, ...]:
    """Of every label, in their order."""
    return tuple(_of_label(label, verdicts) for label in LABELS)


def _of_label(label: Label, verdicts: Sequence[Verdict]) -> Rightness:
    own = [one for one in verdicts if one.label == label]
    return Rightness(
        label=label,
        right=sum(one.was_flagged and one.holds for one in own),
        wrong=sum(one.was_flagged and not one.holds for one in own),
        missed=sum(one.holds and not one.was_flagged for one in own),
    )


def interval(right: int, of: int) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927), honest also of few; (0, 1) of none."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, _Z * _Z
    middle = share + square / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return max(min(low, share), 0.0), min(max(high, share), 1.0)
