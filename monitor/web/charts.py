"""Charts that the server draws: their figures stand in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from alerts.words import count

BARS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a story's posts spread from the first to the last, in bars of equal spans of time."""

    bars: tuple[int, ...]
    words: str

    @classmethod
    def of(cls, posted: Sequence[datetime]) -> Self:
        """`posted` is sorted and holds two moments at least."""
        first, last = posted[0], posted[-1]
        whole = (last - first) or (last - first).resolution
        bars = [0] * BARS
        for moment in posted:
            bars[min(int((moment - first) / whole * BARS), BARS - 1)] += 1
        hours = round(whole.total_seconds() / 3600)
        span = "within an hour" if hours < 2 else f"over {count(hours, 'hour')}"
        if hours >= 48:
            span = f"over {count(round(hours / 24), 'day')}"
        return cls(bars=tuple(bars), words=f"{count(len(posted), 'post')} {span}")

    @property
    def heights(self) -> tuple[float, ...]:
        """Of a box 16 high."""
        most = max(self.bars)
        return tuple(max(16 * bar / most, 2) if bar else 1 for bar in self.bars)
