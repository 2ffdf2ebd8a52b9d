"""Sheets for lessons, induction, parents and SMART reminders, from the board's suppressed figures
(policy 9.9, 4.2, 1.6, 1.7, 10.1)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.settings import Settings
from monitor.figures import board
from monitor.figures.board import Report
from monitor.notices import paper

_FILE = Path(__file__).parents[1] / "notices" / "sheets.toml"


@cache
def _written() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def titles() -> Mapping[str, str]:
    """By id, in the order in which they are offered."""
    return {one["id"]: one["title"] for one in _written()["sheets"]}


def came_up(made: Report) -> tuple[str, ...]:
    """What to say of the kinds that came up, the most frequent first. No number: a class could
    guess whose it is."""
    numbers = {name: made.kinds[title] for name, title in board.KINDS.items()}
    numbers["kind.criticism"] = made.criticism
    seen = {name: number for name, number in numbers.items() if number}
    said = _written()["kinds"]
    return tuple(said[name] for name, _ in sorted(seen.items(), key=lambda one: -one[1]))


def document(sheet_id: str, made: Report, settings: Settings) -> str:
    """One sheet as HTML that stands alone. Raises KeyError."""
    sheet = {one["id"]: one for one in _written()["sheets"]}[sheet_id]
    return paper.html(
        "teaching.html", title=sheet["title"], sheet=sheet, came_up=came_up(made), report=made,
        trust=settings.trust, day=made.last,
    )  # fmt: skip
