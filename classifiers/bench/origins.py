"""Whether a pupil is found whatever the name's origin and however it is typed (equality of care).

The same sentences with names of twelve origins, each written in five ways.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers.types import PUPIL_LEVELS, PupilGrade

Judge = Callable[[str], PupilGrade]
WAYS: Mapping[str, Callable[[str, str], str]] = {
    "as written": lambda frame, name: frame.format(name=name),
    "lower case": lambda frame, name: frame.format(name=name).lower(),
    "capitals": lambda frame, name: frame.format(name=name).upper(),
    "emoji beside": lambda frame, name: frame.format(name=f"\U0001f525{name}\U0001f525"),
    "two letters swapped": lambda frame, name: frame.format(name=_swapped(name)),
}


def origin_figures(path: Path, judge: Judge) -> dict[str, Any]:
    """Share of posts in which the pupil is found (direct or indirect), by way of writing and
    origin; `gap` is the best origin less the worst."""
    given = json.loads(path.read_text("utf-8"))
    figures: dict[str, Any] = {}
    for way, write in WAYS.items():
        found = {
            origin: _share_found(_posts(given["frames"], names, write), judge)
            for origin, names in given["names"].items()
        }
        figures[way] = {
            "all": sum(found.values()) / len(found),
            "gap": max(found.values()) - min(found.values()),
            **found,
        }
    return figures


def _posts(
    frames: Sequence[Mapping[str, str]],
    names: Sequence[tuple[str, str]],
    write: Callable[[str, str], str],
) -> Iterator[str]:
    for frame in frames:
        for given, family in names:
            name = given if frame["level"] == "indirect" else f"{given} {family}"
            yield write(frame["text"], name)


def _share_found(posts: Iterator[str], judge: Judge) -> float:
    least = PUPIL_LEVELS.index("indirect")
    found = [PUPIL_LEVELS.index(judge(post).level) >= least for post in posts]
    return sum(found) / len(found)


def _swapped(name: str) -> str:
    """A slip of the thumb in the middle of the last word."""
    at = len(name) - max(2, len(name.split()[-1]) // 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
