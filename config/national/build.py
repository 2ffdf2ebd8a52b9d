"""Pack the register and the names: python -m config.national.build FOLDER

FOLDER holds gias/schools.csv, gias/former_names.csv, names/first_names_ew.csv and
names/surnames_faker_en_gb.csv. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("urn", "name", "town", "locality", "postcode", "la", "phase", "website")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, rows: Iterable[Iterable[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (HERE / name).write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def main(folder: Path) -> None:
    former = defaultdict(list)
    for row in _read(folder / "gias" / "former_names.csv"):
        former[row["urn"]].append(row["former_name"].replace("|", " "))
    schools = sorted(_read(folder / "gias" / "schools.csv"), key=lambda row: int(row["urn"]))
    _write(
        "register.csv.gz",
        ([*(row[key] for key in COLUMNS), "|".join(former[row["urn"]])] for row in schools),
    )
    _write(
        "first_names.csv.gz",
        (
            [row["name"].lower(), row["births_2006_2020"], row["births_1996_2020"], row["share_f"]]
            for row in _read(folder / "names" / "first_names_ew.csv")
        ),
    )
    names = _read(folder / "names" / "surnames_faker_en_gb.csv")
    _write("surnames.csv.gz", ([row["surname"].lower()] for row in names))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
