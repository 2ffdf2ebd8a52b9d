"""All tables of the store, in one place for what concerns each of them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData
from sqlmodel import SQLModel

WORDS = "mention_words"
"""The full-text index: each database's own kind of table, unknown to the metadata."""
SHARED = frozenset({"host_turn"})
"""Of the whole installation, whichever trust: nothing in them is about anybody."""


@cache
def metadata() -> MetaData:
    """Every table module read, so that none is forgotten."""
    for path in sorted(Path(__file__).parent.glob("*tables.py")):
        import_module(f"{__package__}.{path.stem}")
    return SQLModel.metadata


def table_names() -> frozenset[str]:
    return frozenset(metadata().tables) | {WORDS}
