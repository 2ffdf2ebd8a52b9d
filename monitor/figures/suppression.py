"""Small numbers are withheld, and nobody can work them out from the others.

A count under five may be a person somebody knows. Where just one count of a table is withheld, the
total gives it away: then the next smallest is withheld as well, until what is withheld adds up to
five at least; where nothing is left to withhold, the total goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 5
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """None stands for a number that is withheld, for whichever reason."""

    rows: Mapping[str, int | None]
    total: int | None


def suppressed(counts: Mapping[str, int]) -> Table:
    """The counts as they may be published, with their total where it tells nothing. No count is
    negative; a zero is shown, as it is about nobody."""
    hidden = {name for name, number in counts.items() if 0 < number < FEWEST}
    rest = sorted((number, name) for name, number in counts.items() if number >= FEWEST)
    while hidden and _tells(counts, hidden) and rest:
        hidden.add(rest.pop(0)[1])
    total = sum(counts.values())
    is_told = (0 < total < FEWEST) or (bool(hidden) and _tells(counts, hidden))
    rows = {name: None if name in hidden else number for name, number in counts.items()}
    return Table(rows=rows, total=None if is_told else total)


def _tells(counts: Mapping[str, int], hidden: set[str]) -> bool:
    """One alone follows from the total, and a few that add up to little are as good as told."""
    return len(hidden) < 2 or sum(counts[name] for name in hidden) < FEWEST


def small(number: int) -> int | None:
    """A number that stands by itself."""
    return None if 0 < number < FEWEST else number
