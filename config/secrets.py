"""Secrets: from the environment or a folder, never from a file of the configuration.

`TRUST_MONITOR_SECRET_MAIL_PASSWORD` in the environment, or a file `mail_password` in the folder
`TRUST_MONITOR_SECRETS_DIR`, becomes the secret "mail_password". Where one process serves several
trusts, what is one trust's alone is there in a folder `trusts/ID`, and counts before the others'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_IRWXO, S_ISREG

from pydantic import SecretStr

from config.documents import read_text
from config.errors import ConfigError, Problem

PREFIX = "TRUST_MONITOR_SECRET_"
FOLDER = "TRUST_MONITOR_SECRETS_DIR"
TRUSTS = "trusts"
MAX_BYTES = 64 * 1024
PLACEHOLDERS = frozenset(
    ("changeme", "changethis", "change-me", "password", "secret", "example", "placeholder", "todo")
)


def read_secrets(environ: Mapping[str, str], trust: str = "") -> Mapping[str, SecretStr]:
    """By name in lower case, with those of the trust alone. Raises ConfigError with every
    problem."""
    problems: list[Problem] = []
    secrets = _taken(_all(environ, problems), problems)
    folder = Path(environ.get(FOLDER, ""), TRUSTS, trust)
    if environ.get(FOLDER) and trust and folder.is_dir():
        secrets |= _taken(_filed(folder, problems), problems)
    if problems:
        raise ConfigError(problems)
    return secrets


def _taken(found: Iterator[tuple[str, str, str]], problems: list[Problem]) -> dict[str, SecretStr]:
    secrets: dict[str, SecretStr] = {}
    for name, where, value in found:
        if name in secrets:
            mend = "Keep one of the two"
            problems.append(_problem(where, "is given in the environment and as a file", mend))
        elif fault := _unfit(value):
            problems.append(_problem(where, *fault))
        else:
            secrets[name] = SecretStr(value.strip())
    return secrets


def _all(environ: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, str, str]]:
    """Name, where it stands, value."""
    for key in sorted(environ):
        if key.startswith(PREFIX) and len(key) > len(PREFIX):
            yield key.removeprefix(PREFIX).lower(), f"environment {key}", environ[key]
    if folder := environ.get(FOLDER):
        yield from _filed(Path(folder), problems)


def _filed(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, str, str]]:
    try:
        shown = (path for path in folder.iterdir() if not path.name.startswith("."))
        files = sorted(path for path in shown if path.name != TRUSTS)
    except OSError as error:
        message = f"the secrets folder cannot be listed ({error.strerror})"
        problems.append(_problem(str(folder), message, f"Mend {FOLDER} or the folder's mode"))
        return
    for path in files:
        try:
            if _is_open_to_all(path):
                mend = f"Close it: chmod 600 {path.name}"
                problems.append(_problem(str(path), "may be read by everybody", mend))
            else:
                text = read_text(path, max_bytes=MAX_BYTES)
                yield re.sub(r"[^a-z0-9]+", "_", path.name.lower()), str(path), text
        except ConfigError as error:
            problems.extend(error.problems)


def _is_open_to_all(path: Path) -> bool:
    """Links are followed: what counts is the file itself."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # reading it says why
    return S_ISREG(mode) and bool(mode & S_IRWXO)


def _unfit(value: str) -> tuple[str, str] | None:
    plain = value.strip()
    if not plain:
        return "is empty", "Put the secret there, or remove it"
    if plain.casefold() in PLACEHOLDERS:
        return "is only a placeholder", "Put the real secret there"
    if "\n" in plain or "\0" in plain:
        return "has more than one line", "Put the secret alone on one line"
    return None


def _problem(where: str, message: str, mend: str) -> Problem:
    return Problem(file=where, line=0, key="", message=message, mend=mend)
