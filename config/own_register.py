"""The operator's own extract of the national register, in place of the shipped one.

The department's file of all establishments as it is downloaded (edubasealldata, about 60 MB), or a
CSV with our columns. Closed schools are left out; former names, which the department's file has
not, are those of the shipped register.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from config.documents import read_text, unusable
from config.national import RegisterSchool, register

MAX_BYTES = 128 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "cp1252")
"""The department's own extracts are not UTF-8."""
COLUMNS: Mapping[str, str] = {
    "urn": "urn",
    "name": "name",
    "establishmentname": "name",
    "town": "town",
    "locality": "locality",
    "postcode": "postcode",
    "la": "la",
    "la (name)": "la",
    "phase": "phase",
    "website": "website",
    "schoolwebsite": "website",
}
"""Header of a column in lower case, ours or the department's -> our key."""
_COLUMNS: Mapping[str, str] = {
    **COLUMNS,
    "establishmentstatus (name)": "status",
    "phaseofeducation (name)": "phase",
}
_PHASES: Mapping[str, str] = {
    "primary": "P",
    "middle deemed primary": "P",
    "secondary": "S",
    "middle deemed secondary": "S",
    "all-through": "PS",
    "16 plus": "6",
}


def own_register(path: Path) -> tuple[RegisterSchool, ...]:
    """The schools of the extract that are open. Raises ConfigError with what is wrong."""
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        changed_at = 0  # reading says what is wrong
    return _read(path, changed_at)


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> tuple[RegisterSchool, ...]:
    text = read_text(path, max_bytes=MAX_BYTES, encodings=ENCODINGS)
    former = {school.urn: school.former_names for school in register()}
    try:
        found = tuple(_schools(csv.reader(io.StringIO(text, newline="")), former))
    except csv.Error:
        raise unusable(path, "is not CSV", "Download the extract again, as CSV") from None
    if not found:
        mend = "Name the department's CSV of all establishments, or one with urn and name"
        raise unusable(path, "lists no open school", mend)
    return found


def _schools(
    rows: Iterator[list[str]], former: Mapping[str, tuple[str, ...]]
) -> Iterator[RegisterSchool]:
    keys = [_COLUMNS.get(column.strip().lower(), "") for column in next(rows, [])]
    for row in rows:
        cells = {key: " ".join(cell.split()) for key, cell in zip(keys, row, strict=False) if key}
        urn, name = cells.get("urn", ""), cells.get("name", "")
        if not urn or not name or cells.get("status", "").lower() == "closed":
            continue
        phase = cells.get("phase", "")
        yield RegisterSchool(
            urn,
            name,
            cells.get("town", ""),
            cells.get("locality", ""),
            cells.get("postcode", ""),
            cells.get("la", ""),
            _PHASES.get(phase.lower(), phase),
            cells.get("website", ""),
            former.get(urn, ()),
        )
