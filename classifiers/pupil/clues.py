"""Clues that need no more than one expression; the table is clues.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from classifiers.pupil.patterns import Entry, read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal


@cache
def _table() -> tuple[tuple[Entry, re.Pattern[str] | None], ...]:
    found = []
    for entry in read("clues.toml", "clue"):
        refused = entry.keys.get("not_before")
        found.append((entry, re.compile(refused) if refused else None))
    return tuple(found)


def clues(post: Post) -> Iterator[Signal]:
    """Teams, ages, kin, roles, descriptions, single children, happenings, school life."""
    for entry, refused in _table():
        for match in entry.matches(post.lower):
            if refused is None or not refused.match(post.lower, match.end()):
                yield Signal(entry.keys["kind"], match.start(), match.end())


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
