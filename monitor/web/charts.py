"""Charts that the server draws: their figures stand in words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


WIDTH, HEIGHT = 520, 210
"""Of a chart of columns, in units of its own."""
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 8, 24
"""Room for the axes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle; `kind` is the class of its look."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words or a line at a place of an axis."""

    at: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Stacked columns, each before a wider one of what it is held against."""

    boxes: tuple[Box, ...]
    ticks: tuple[Mark, ...]
    """Of the upright axis; their `at` is from the top."""
    names: tuple[Mark, ...]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        stacks: Sequence[Sequence[tuple[str, int]]],
        behind: Sequence[int],
    ) -> Self:
        """`stacks` has parts from the ground up, each with its kind."""
        tops = [sum(number for _, number in stack) for stack in stacks]
        most = ceiling(max([*tops, *behind, 1]))
        unit = (HEIGHT - TOP - BOTTOM) / most
        room = (WIDTH - LEFT - RIGHT) / len(names)
        boxes: list[Box] = []
        for at, stack in enumerate(stacks):
            x = LEFT + room * at
            boxes += _stacked([("behind", behind[at])], x + room * 0.1, room * 0.8, unit)
            boxes += _stacked(stack, x + room * 0.26, room * 0.48, unit)
        return cls(
            boxes=tuple(boxes),
            ticks=_ticks(most, unit),
            names=tuple(
                Mark(at=LEFT + room * (at + 0.5), words=name) for at, name in enumerate(names)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line over shares from 0 to 1, and an upright mark."""

    points: str
    mark: float
    ticks: tuple[Mark, ...]
    names: tuple[Mark, ...]

    @classmethod
    def of(cls, values: Sequence[tuple[float, int]], *, mark: float) -> Self:
        most = ceiling(max([number for _, number in values] + [1]))
        unit = (HEIGHT - TOP - BOTTOM) / most
        room = WIDTH - LEFT - RIGHT
        return cls(
            points=" ".join(
                f"{LEFT + room * share:.1f},{HEIGHT - BOTTOM - unit * number:.1f}"
                for share, number in values
            ),
            mark=LEFT + room * mark,
            ticks=_ticks(most, unit),
            names=tuple(
                Mark(at=LEFT + room * share, words=f"{share:.0%}")
                for share in (0.1, 0.3, 0.5, 0.7, 0.9)
            ),
        )


def _ticks(most: int, unit: float) -> tuple[Mark, ...]:
    ground = HEIGHT - BOTTOM
    return tuple(Mark(at=ground - unit * value, words=str(value)) for value in (0, most // 2, most))


def _stacked(
    stack: Sequence[tuple[str, int]], x: float, width: float, unit: float
) -> Iterable[Box]:
    ground = float(HEIGHT - BOTTOM)
    for kind, number in stack:
        if number:
            height = unit * number
            ground -= height
            yield Box(x=x, y=ground, width=width, height=height, kind=kind)


def ceiling(most: int) -> int:
    """The even number of one figure and noughts from which nothing sticks out: 2, 4, 10, 20, ..."""
    size = 1
    while most > 10 * size:
        size *= 10
    return next(step * size for step in (2, 4, 6, 10) if step * size >= most)


def shares(counts: Sequence[int], kinds: Sequence[str]) -> tuple[Box, ...]:
    """A bar of 100 by 10, cut into its parts; empty where there is nothing."""
    whole = sum(counts)
    boxes, x = [], 0.0
    for number, kind in zip(counts, kinds, strict=True):
        if number:
            width = 100 * number / whole
            boxes.append(Box(x=x, y=0, width=width, height=10, kind=kind))
            x += width
    return tuple(boxes)
