"""A list of schools from one file, for judging posts without a whole configuration.

Three forms, told apart by what stands in the file: a trust.toml, JSON
(`{"trust": {...}, "schools": [...], "neighbours_not_in_trust": [...]}`), and a CSV in the form
of the national register, where the URN is the school's id. JSON and CSV come from elsewhere: what
they hold beyond our keys is passed over, and an alias that several schools bear counts as shared.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from config.checks import repeated
from config.documents import Document, Layers, read_text, unusable
from config.errors import ConfigError, Fault, Problem
from config.faults import faults, refuse
from config.lines import json_lines
from config.own_register import COLUMNS, ENCODINGS
from config.terms import words
from config.trust import School, Trust
from config.trust_file import read_trust

MAX_BYTES = 8 * 1024 * 1024
"""The whole national register is 3 MB."""
DECOYS = "neighbours_not_in_trust"
PHASES: frozenset[str] = frozenset(get_args(School.model_fields["phase"].annotation))


def read_schools(path: Path) -> Trust:
    """The schools of the file as a Trust. Raises ConfigError with every problem."""
    if path.suffix.lower() == ".toml":
        return read_trust(path)
    text = read_text(path, max_bytes=MAX_BYTES, encodings=ENCODINGS)
    start = text.lstrip()[:1]
    if not start:
        raise unusable(path, "is empty", "Name a file with schools in it")
    if start in "{[":
        return _from_json(path, read_text(path, max_bytes=MAX_BYTES))
    return _from_csv(path, text)


def _from_json(path: Path, text: str) -> Trust:
    values = _parsed(path, text)
    if isinstance(values, list):
        values = {"schools": values}
    layers = Layers([Document(path, text, values, json_lines)])
    refuse(layers, _form_faults(values))
    own = {**_unnamed(path), **_known(values.get("trust", {}), Trust)}
    own["schools"] = [_school(entry) for entry in values["schools"]]
    own["decoys"] = [*own.get("decoys", ()), *_decoys(values)]
    try:
        trust = Trust.model_validate(own)
    except ValidationError as error:
        found = [_in_file(fault) for fault in faults(error, Trust)]
        raise ConfigError(map(layers.problem, found)) from None  # the cause would hold values
    refuse(layers, _repeated_ids(trust))
    return _with_shared_aliases(trust)


def _parsed(path: Path, text: str) -> Any:
    try:
        values = json.loads(text.rstrip())
        json.dumps(values, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        mend = "Mend the line: text in double quotes, a comma between entries, none after the last"
        raise ConfigError(
            [_at(path, error.lineno, f"this is not JSON: {error.msg}", mend)]
        ) from None
    except RecursionError:
        raise unusable(path, "is nested too deeply", "Write it flat") from None
    except ValueError:  # half a surrogate pair, or a number of thousands of digits
        raise unusable(path, "holds a broken character or number", "Write it again") from None
    return values


def _form_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    table = "Write it in braces: { ... }"
    if not isinstance(values.get("trust", {}), Mapping):
        yield Fault(("trust",), "must be a table", table)
    schools = values.get("schools")
    if not isinstance(schools, list) or not schools:
        yield Fault(("schools",), "must be a list of schools", 'Write "schools": [{ ... }, ...]')
        return
    for at, entry in enumerate(schools):
        if not isinstance(entry, Mapping):
            yield Fault(("schools", at), "must be a table", table)
    if not isinstance(values.get(DECOYS, []), list):
        yield Fault((DECOYS,), "must be a list", 'Write it in brackets: ["...", "..."]')


def _known(values: Mapping[str, Any], model: type[School] | type[Trust]) -> dict[str, Any]:
    """What our model knows of the entry; an empty value is as good as none."""
    return {
        key: value
        for key, value in values.items()
        if key in model.model_fields
        and value is not None
        and key not in ("schools", "shared_aliases", "register_file")
    }


def _school(entry: Mapping[str, Any]) -> dict[str, Any]:
    school = _known(entry, School)
    for key in ("id", "urn"):
        if isinstance(number := school.get(key), int) and not isinstance(number, bool):
            school[key] = str(number)
    if school.get("urn"):
        school.setdefault("id", school["urn"])
    if school.get("phase") not in PHASES:
        school.pop("phase", None)
    return school


def _decoys(values: Mapping[str, Any]) -> list[Any]:
    return [
        entry.get("name") if isinstance(entry, Mapping) else entry
        for entry in values.get(DECOYS, ())
    ]


def _in_file(fault: Fault) -> Fault:
    """From the place in the model to the place in the JSON."""
    if fault.path[:1] == ("decoys",):
        return fault._replace(path=(DECOYS, *fault.path[1:]))
    inside = fault.path[:1] == ("schools",)
    return fault if inside else fault._replace(path=("trust", *fault.path))


def _repeated_ids(trust: Trust) -> Iterator[Fault]:
    ids = [trust.id, *(school.id for school in trust.schools)]
    for at in repeated(ids):
        yield Fault(("schools", at - 1, "id"), "is used twice", "Give each school its own id")


def _unnamed(path: Path) -> dict[str, Any]:
    """A Trust that the file does not name: a name that no post holds."""
    shown = "".join(char for char in path.name if char.isprintable())
    return {"id": "trust", "name": f"Schools listed in {shown}"}


def _with_shared_aliases(trust: Trust) -> Trust:
    bearers: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    aliases: dict[tuple[str, ...], str] = {}
    for school in trust.schools:
        for name in (school.name, *school.aliases):
            bearers[tuple(words(name))][school.id] = name
        aliases.update((tuple(words(alias)), alias) for alias in school.aliases)
    shared = [
        {"alias": alias, "schools": list(bearers[folded])}
        for folded, alias in aliases.items()
        if folded and len(bearers[folded]) > 1
    ]
    own = trust.model_dump()
    return Trust.model_validate({**own, "shared_aliases": shared})


def _from_csv(path: Path, text: str) -> Trust:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    schools: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    try:
        keys = _keys(path, next(rows))
        for row in rows:
            if any(cell.strip() for cell in row):
                problems += _read_row(path, rows.line_num, keys, row, schools)
    except csv.Error as error:
        mend = "Mend the quotes on that line, or save it again as CSV with commas"
        problems.append(_at(path, rows.line_num, f"this is not CSV: {error}", mend))
    if not schools and not problems:
        problems.append(_at(path, 1, "lists no school below its header", "Add a line a school"))
    if problems:
        raise ConfigError(problems)
    return Trust.model_validate({**_unnamed(path), "schools": list(schools.values())})


def _keys(path: Path, header: Iterable[str]) -> list[str]:
    """Our key of each column, "" for one that is passed over. Raises ConfigError."""
    keys = [COLUMNS.get(column.strip().lower(), "") for column in header]
    problems = [
        _at(path, 1, f'the header has no column "{key}"', "Export it with its header line")
        for key in ("urn", "name")
        if key not in keys
    ]
    if problems:
        raise ConfigError(problems)
    return keys


def _read_row(
    path: Path, line: int, keys: list[str], row: list[str], schools: dict[str, dict[str, str]]
) -> Iterator[Problem]:
    """Add the school of the row, or say why not."""
    cells = {key: " ".join(cell.split()) for key, cell in zip(keys, row, strict=False) if key}
    urn, name = cells.get("urn", ""), cells.get("name", "")
    if not urn.isascii() or not urn.isalnum() or len(urn) > 20:
        yield _at(path, line, "has no URN", "Write the URN in its column", key="urn")
    elif urn in schools:
        yield _at(path, line, "is the URN of an earlier line", "Remove one of the two", key="urn")
    elif not name or not name.isprintable():
        yield _at(path, line, "has no readable name", "Write it in its column", key="name")
    else:
        phase = cells.get("phase", "")
        schools[urn] = {**cells, "id": urn, "phase": phase if phase in PHASES else ""}


def _at(path: Path, line: int, message: str, mend: str, *, key: str = "") -> Problem:
    return Problem(file=str(path), line=line, key=key, message=message, mend=mend)
