"""The operator's own extract of the national register, in place of the shipped one.

The department's file of all establishments as it is downloaded (edubasealldata, about 60 MB), or a
CSV with our columns. It is read row by row. Closed schools are left out; former names, which the
department's file has not, are those of the shipped register.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TextIO

from config.documents import unusable
from config.errors import ConfigError, Problem
from config.national import RegisterSchool, register

MAX_BYTES = 128 * 1024 * 1024
MOST_SCHOOLS = 100_000
"""England has about 27,000 that are open."""
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
    "trust_code": "trust_code",
    "trusts (code)": "trust_code",
    "trust": "trust",
    "trusts (name)": "trust",
}
OURS = ("urn", "name", "town", "locality", "postcode", "la", "phase", "website")
OURS_OF_A_TRUST = (*OURS, "trust_code", "trust")
"""The columns of an extract that is written by us: no head's name, which the department's has."""
_PHASES: Mapping[str, str] = {
    "primary": "P",
    "middle deemed primary": "P",
    "secondary": "S",
    "middle deemed secondary": "S",
    "all-through": "PS",
    "16 plus": "6",
}
_BLOCK = 1024 * 1024
_LONGEST_LINE = 64 * 1024
_ZIP = b"PK\x03\x04"


def own_register(path: Path) -> tuple[RegisterSchool, ...]:
    """The schools of the extract that are open. Raises ConfigError with what is wrong."""
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        changed_at = 0  # reading says what is wrong
    return _read(path, changed_at)


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> tuple[RegisterSchool, ...]:
    return read_extract(path)


def read_extract(path: Path) -> tuple[RegisterSchool, ...]:
    """As `own_register`, each time anew."""
    former = {school.urn: school.former_names for school in register()}
    try:
        encoding = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            found = tuple(islice(_schools(csv.reader(_lines(file)), former), MOST_SCHOOLS + 1))
    except csv.Error:
        raise unusable(path, "is not CSV", "Download the extract again, as CSV") from None
    except FileNotFoundError:
        raise unusable(path, "is not there", "Create it, or name the right folder") from None
    except OSError as error:
        why = f"cannot be read ({error.strerror})"
        raise unusable(path, why, "Let the service's own user read it") from None
    if not found:
        mend = "Name the department's CSV of all establishments, or one with urn and name"
        raise unusable(path, "lists no open school", mend)
    if len(found) > MOST_SCHOOLS:
        raise unusable(path, f"lists more than {MOST_SCHOOLS:,} schools", "Name the right file")
    return found


def write_extract(path: Path, schools: tuple[RegisterSchool, ...]) -> None:
    """What of an extract is used, as a CSV of our columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(OURS_OF_A_TRUST)
        rows.writerows([getattr(one, key) for key in OURS_OF_A_TRUST] for one in schools)


def _encoding(path: Path) -> str:
    """That of the whole file, which is gone through once in pieces. Raises ConfigError, OSError."""
    if path.exists() and not path.is_file():
        raise unusable(path, "is not a regular file", "Name a file")
    decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
    size, encoding = 0, ENCODINGS[0]
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not size and block.startswith(_ZIP):
                raise unusable(path, "is a ZIP", "Unpack it and name the CSV inside")
            size += len(block)
            if size > MAX_BYTES:
                mend = "Name the right file, or shorten it"
                raise unusable(path, f"is larger than {MAX_BYTES // 1024:,} KiB", mend)
            if b"\0" in block:
                raise _no_text(path)
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding = ENCODINGS[1]
                decoder = codecs.getincrementaldecoder(encoding)("replace")
    return encoding


def _no_text(path: Path) -> ConfigError:
    mend = "Save the file again as CSV with the encoding UTF-8"
    return ConfigError([Problem(file=str(path), line=0, key="", message="is no text", mend=mend)])


def _lines(file: TextIO) -> Iterator[str]:
    """A line that does not end is not gathered. Raises csv.Error."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise csv.Error
        yield line


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
        given = {key: cells.get(key, "") for key in OURS_OF_A_TRUST}
        given["phase"] = _PHASES.get(phase.lower(), phase)
        yield RegisterSchool(**given, former_names=former.get(urn, ()))
