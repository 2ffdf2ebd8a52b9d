"""Make the compact national lists from their sources; same sources, same bytes.

    python -m config.national.build --from DIR [--to DIR]

`--from` holds gias/schools.csv, gias/former_names.csv, names/first_names_ew.csv,
names/surnames_faker_en_gb.csv, names/surnames_faker_world.csv and
names/first_names_faker_world.csv in the forms that LICENCE.md describes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from config.national import (
    FIRST_NAMES,
    FOLDER,
    FORMER_NAMES_MARK,
    REGISTER,
    SURNAMES,
    WORLD_FIRST_NAMES,
    WORLD_SURNAMES,
)

SCHOOL_COLUMNS = ("urn", "name", "town", "locality", "postcode", "la", "phase", "website")
BIRTHS = ("births_2006_2020", "births_1996_2020")


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: " ".join(value.split()) for key, value in row.items()}


def register(
    schools: Iterable[dict[str, str]], former: Iterable[dict[str, str]]
) -> list[list[str]]:
    """One row a school in order of URN, its former names in the last column.

    A former name that is the school's own name of today is left out.
    """
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in former:
        name = " ".join(row["former_name"].replace(FORMER_NAMES_MARK, " ").split())
        names[row["urn"]][name] = None
    return [
        [
            *(school[column] for column in SCHOOL_COLUMNS),
            _former(school["name"], names[school["urn"]]),
        ]
        for school in sorted(schools, key=lambda school: school["urn"])
    ]


def _former(name: str, former: Iterable[str]) -> str:
    return FORMER_NAMES_MARK.join(
        one for one in former if one and one.casefold() != name.casefold()
    )


def first_names(rows: Iterable[dict[str, str]]) -> list[list[str]]:
    """Lower case, the most frequent of 25 years first."""
    ranked = sorted(rows, key=lambda row: (-int(row[BIRTHS[1]]), row["name"].lower()))
    return [[row["name"].lower(), *(row[key] for key in (*BIRTHS, "share_f"))] for row in ranked]


def surnames(rows: Iterable[dict[str, str]]) -> list[list[str]]:
    return [[name] for name in sorted({row["surname"].lower() for row in rows})]


def with_plain_spellings(rows: Iterable[dict[str, str]], column: str) -> list[list[str]]:
    """Names in lower case, each also without its accents."""
    given = [row[column].lower() for row in rows]
    return [[name] for name in sorted({*given, *map(_plain, given)})]


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ø", "o"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A gzip without name or time in it, so that the bytes depend on the rows alone."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


def build(source: Path, target: Path) -> None:
    """Write the five lists into `target`."""
    gias, names = source / "gias", source / "names"
    write(
        target / REGISTER,
        (*SCHOOL_COLUMNS, "former_names"),
        register(read(gias / "schools.csv"), read(gias / "former_names.csv")),
    )
    write(
        target / FIRST_NAMES,
        ("name", *BIRTHS, "share_female"),
        first_names(read(names / "first_names_ew.csv")),
    )
    write(target / SURNAMES, ("surname",), surnames(read(names / "surnames_faker_en_gb.csv")))
    write(
        target / WORLD_SURNAMES,
        ("surname",),
        with_plain_spellings(read(names / "surnames_faker_world.csv"), "surname"),
    )
    write(
        target / WORLD_FIRST_NAMES,
        ("name",),
        with_plain_spellings(read(names / "first_names_faker_world.csv"), "name"),
    )


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--to", dest="target", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    build(options.source, options.target)


if __name__ == "__main__":
    main(sys.argv[1:])
