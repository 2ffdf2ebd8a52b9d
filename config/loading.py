"""Read a configuration folder once, refuse it whole with every problem at once, or return it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import checks
from config.errors import ConfigError, Problem
from config.lines import line_of
from config.secrets import read_secrets
from config.settings import Settings

MAX_BYTES = 5 * 1024 * 1024
SHIPPED = Path(str(files("config")))
OPTIONAL = "settings.toml"

Tables = dict[str, Any]


class Document:
    """One TOML file: its tables and its text, for line numbers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = _text(path)
        try:
            self.tables: Tables = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise _unreadable(path, f"is not valid TOML: {error}.") from error


def load(directory: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a folder with trust.toml, sources.toml and policy.toml.

    None means the shipped folder. A folder may also hold settings.toml, which overlays
    defaults.toml key by key; a missing policy.toml means the shipped policy. Raises
    ConfigError with every problem found: nothing is half-started.
    """
    folder = SHIPPED if directory is None else directory
    if not folder.is_dir():
        raise _unreadable(folder, "is not a folder.")
    documents = _documents(folder)
    settings = _validated(folder, documents, os.environ if environ is None else environ)
    problems = checks.problems(settings)
    if problems:
        raise ConfigError([_placed(problem, documents) for problem in problems])
    return settings


def _documents(folder: Path) -> dict[str, Document]:
    policy = folder / "policy.toml"
    paths = {
        "trust.toml": folder / "trust.toml",
        "sources.toml": folder / "sources.toml",
        "policy.toml": policy if policy.exists() else SHIPPED / "policy.toml",
        "defaults.toml": SHIPPED / "defaults.toml",
    }
    if (folder / OPTIONAL).exists():
        paths[OPTIONAL] = folder / OPTIONAL
    return {name: Document(path) for name, path in paths.items()}


def _validated(
    folder: Path, documents: Mapping[str, Document], environ: Mapping[str, str]
) -> Settings:
    trust, sources = documents["trust.toml"].tables, documents["sources.toml"].tables
    tables = {
        "trust": {**trust.get("trust", {}), **_rest(trust, "trust")},
        "sources": sources.get("sources", ()),
        "policy": documents["policy.toml"].tables,
        **_overlaid(documents),
        "secrets": read_secrets(environ),
        "directory": folder,
        **_rest(sources, "sources"),
    }
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        raise ConfigError([_invalid(detail, documents) for detail in error.errors()]) from None


def _rest(tables: Tables, known: str) -> Tables:
    return {key: value for key, value in tables.items() if key != known}


def _overlaid(documents: Mapping[str, Document]) -> Tables:
    """defaults.toml with the operator's settings.toml laid over it, key by key."""
    merged = {key: dict(table) for key, table in documents["defaults.toml"].tables.items()}
    overlay = documents[OPTIONAL].tables if OPTIONAL in documents else {}
    for key, table in overlay.items():
        known = merged.get(key)
        merged[key] = {**known, **table} if known and isinstance(table, dict) else table
    return merged


def _invalid(detail: Any, documents: Mapping[str, Document]) -> Problem:
    """A validation error in the words of the file: never with the value, it may be secret."""
    location: tuple[str | int, ...] = detail["loc"]
    kind, message = detail["type"], str(detail["msg"])
    if kind == "extra_forbidden":
        message, mend = "is not a known key.", "Check its spelling against the shipped file."
    elif kind == "missing":
        message, mend = "is missing.", "Add it."
    else:
        message, mend = f"{message.removeprefix('Value error, ')}.", "Correct the value."
    return _placed(
        Problem(file=_file_of(location), key=_dotted(location), message=message, mend=mend),
        documents,
    )


def _file_of(location: tuple[str | int, ...]) -> str:
    head = location[0] if location else ""
    files_by_key = {"trust": "trust.toml", "sources": "sources.toml", "policy": "policy.toml"}
    return files_by_key.get(str(head), OPTIONAL)


def _dotted(location: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in location)


def _placed(problem: Problem, documents: Mapping[str, Document]) -> Problem:
    """The problem with its line, in the file where its key stands."""
    document = documents.get(problem.file)
    if document is None or problem.line is not None:
        return problem
    path = _path_in_file(problem)
    return Problem(
        file=str(document.path),
        line=line_of(document.text, path) or 1,
        key=_dotted(path),
        message=problem.message,
        mend=problem.mend,
    )


def _path_in_file(problem: Problem) -> tuple[str | int, ...]:
    parts: list[str | int] = [int(p) if p.isdigit() else p for p in problem.key.split(".")]
    in_trust = problem.file == "trust.toml"
    if in_trust and len(parts) > 1 and parts[1] in ("schools", "shared_aliases"):
        parts = parts[1:]
    if problem.file == "policy.toml":
        parts = parts[1:]
    return tuple(parts)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(path, f"is larger than {MAX_BYTES // 2**20} MB.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _unreadable(path, "is missing.") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "is not UTF-8 text.") from None
    except OSError as error:
        raise _unreadable(path, f"cannot be read ({error.strerror}).") from error


def _unreadable(path: Path, message: str) -> ConfigError:
    mend = "Copy the shipped folder config/ and change that."
    return ConfigError([Problem(file=str(path), message=message, mend=mend)])
