"""Bars that every mail program shows: cells of a table, no picture and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 34
"""Pixels of the tallest bar."""
BASE = 2
"""Pixels of a bar that stands for nothing, so that one sees that it was counted."""


@dataclass(frozen=True, slots=True)
class Bar:
    above: int
    """Pixels left free over it."""
    height: int
    is_last: bool

    @property
    def tone(self) -> str:
        return "now" if self.is_last else "then"


def bars(values: Sequence[int]) -> tuple[Bar, ...]:
    """One bar a value, the largest at full height; a value above none is always to be seen."""
    most = max(values, default=0)
    heights = [
        BASE + (max(round(value / most * (HEIGHT - BASE)), 2) if value else 0) for value in values
    ]
    return tuple(
        Bar(HEIGHT - height, height, at == len(heights) - 1) for at, height in enumerate(heights)
    )
