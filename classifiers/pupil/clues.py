"""Clues that need no more than one expression; the table is clues.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from classifiers.pupil.patterns import Entry, read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_BEHIND = 40
"""Characters before a match that `not_after` looks at."""


class _Clue(NamedTuple):
    """An entry of the table; `not_before` and `not_after` refuse a match by what stands beside."""

    entry: Entry
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None

    def is_refused(self, text: str, start: int, end: int) -> bool:
        if self.not_before and self.not_before.match(text, end):
            return True
        return bool(self.not_after and self.not_after.search(text[max(0, start - _BEHIND) : start]))


@cache
def _table() -> tuple[_Clue, ...]:
    def compiled(entry: Entry, key: str) -> re.Pattern[str] | None:
        return re.compile(entry.keys[key]) if key in entry.keys else None

    entries = read("clues.toml", "clue")
    return tuple(
        _Clue(entry, compiled(entry, "not_before"), compiled(entry, "not_after"))
        for entry in entries
    )


def clues(post: Post) -> Iterator[Signal]:
    """Teams, ages, kin, roles, descriptions, single children, happenings, school life."""
    for clue in _table():
        for match in clue.entry.matches(post.lower):
            if not clue.is_refused(post.lower, match.start(), match.end()):
                yield Signal(clue.entry.keys["kind"], match.start(), match.end())


_PLACED = frozenset({"YEAR", "FORM", "TEAM"})
_TOLD = frozenset({"INCIDENT", "SENSITIVE", "SCHOOL", "SCHOOL_LIFE", "AGE", "PHOTO"})
_SINGLED_BY = frozenset({"INCIDENT", "SENSITIVE"})


def singled_out(post: Post, found: list[Signal]) -> Iterator[Signal]:
    """A single child of a year, form, team or named school of whom something is told in its
    sentence or the next ("a year 9 boy was excluded") is described well enough to be known."""
    of_school = any(clue.kind == "SCHOOL" for clue in found)
    for child in found:
        if child.kind != "CHILD":
            continue
        first, last = post.sentence(child.start)
        last = post.sentence(min(last + 2, max(len(post.text) - 1, 0)))[1]
        kinds = {clue.kind for clue in found if first <= clue.start < last}
        placed = kinds & _PLACED
        if (placed and kinds & _TOLD) or (of_school and (kinds & _SINGLED_BY or "SCHOOL" in kinds)):
            yield Signal("DESCRIPTOR", child.start, child.end)
