"""The equality ledger: how often what names a group is flagged, and how often people overturn that.

For the board, which owns the duty not to discriminate (policy 1.2; Equality Act 2010, s. 149). Of
words in texts and of schools, never of people; small numbers are withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from classifiers.characteristics import CHARACTERISTICS
from monitor.figures.ledger import NONE_NAMED
from monitor.figures.suppression import small, suppressed

FEWEST = 50
"""Under so many nothing is said of a difference."""
Z = 2.58
"""Of a confidence of 99 %: eight rows are compared, and one in twenty would often mislead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """None stands for a number that is withheld."""

    name: str
    mentions: int | None
    flagged: int | None
    decided: int | None
    overturned: int | None
    note: str = ""

    @property
    def flag_rate(self) -> float | None:
        return _rate(self.flagged, self.mentions)

    @property
    def overturn_rate(self) -> float | None:
        return _rate(self.overturned, self.decided)


def by_words(counts: Mapping[str, int]) -> tuple[Row, ...]:
    """What names no group first, then each characteristic that is named at all. A text may name
    several, so that nothing follows from the rows together."""
    plain = _row(NONE_NAMED, counts)
    rows = [_compared(_row(one, counts), plain) for one in CHARACTERISTICS]
    return (plain, *(row for row in rows if row.mentions != 0))


def by_school(counts: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> tuple[Row, ...]:
    """Each school, numbers withheld so that none can be worked out from the others."""
    mentions, flagged, decided, overturned = (
        suppressed({names[place]: counts.get(place, {}).get(key, 0) for place in names}).rows
        for key in ("kind.any", "kind.harm", "equality.decided", "equality.overturned")
    )
    return tuple(
        Row(
            name=name, mentions=mentions[name], flagged=flagged[name], decided=decided[name],
            overturned=overturned[name],
        )
        for name in names.values()
    )  # fmt: skip


def _row(group: str, counts: Mapping[str, int]) -> Row:
    mentions, flagged, decided, overturned = (
        counts.get(f"equality.{group}.{field}", 0)
        for field in ("mentions", "flagged", "decided", "overturned")
    )
    return Row(
        name=group, mentions=small(mentions), flagged=_part(flagged, mentions),
        decided=small(decided), overturned=_part(overturned, decided),
    )  # fmt: skip


def _part(number: int, whole: int) -> int | None:
    """Withheld too where what is left of the whole is small."""
    return None if small(whole) is None or small(whole - number) is None else small(number)


def _compared(row: Row, plain: Row) -> Row:
    said = [
        *_difference(row.flagged, row.mentions, plain.flag_rate, "flagged"),
        *_difference(row.overturned, row.decided, plain.overturn_rate, "overturned"),
    ]
    return Row(
        name=row.name, mentions=row.mentions, flagged=row.flagged, decided=row.decided,
        overturned=row.overturned, note=" ".join(said),
    )  # fmt: skip


def _difference(number: int | None, whole: int | None, usual: float | None, what: str) -> list[str]:
    """In words where it is more than chance."""
    if number is None or whole is None or usual is None or whole < FEWEST:
        return []
    low, high = interval(number, whole)
    if low <= usual <= high:
        return []
    more = "more" if low > usual else "less"
    return [f"{what.capitalize()} {more} often than what names no group, beyond chance."]


def interval(number: int, whole: int) -> tuple[float, float]:
    """Wilson's interval of a share, at 99 %."""
    share, spread = number / whole, Z * Z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return middle - half, middle + half


def _rate(number: int | None, whole: int | None) -> float | None:
    return number / whole if number is not None and whole else None
