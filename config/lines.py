"""Where a key stands in a TOML text, since the parser does not say."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_-]+|"[^"]*")(?:\s*\.\s*[A-Za-z0-9_-]+)*\s*=""")


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) of the deepest part of `path` that stands in `text`.

    Array tables count from 0: ("schools", 2, "name") is the name in the third [[schools]].
    """
    positions = _positions(text)
    for length in range(len(path), 0, -1):
        if line := positions.get(path[:length]):
            return line
    return None


def _positions(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(part.strip().strip('"') for part in header[2].split("."))
            table = _table(names, counts, is_array=header[1] == "[[")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].strip('"')), number)
    return found


def _table(names: tuple[str, ...], counts: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a table header, with the index of each array table it stands in."""
    path: Path = ()
    for depth, name in enumerate(names):
        path = (*path, name)
        if is_array and depth == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
