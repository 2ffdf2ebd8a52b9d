"""Secrets come from the environment or a directory of files, never from a settings file."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr

from config.errors import ConfigError, Problem

PREFIX = "TRUST_MONITOR_SECRET_"
DIRECTORY = "TRUST_MONITOR_SECRETS_DIR"
MAX_BYTES = 65_536


def read_secrets(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Secrets by lower-case name; the environment wins over the directory.

    Raises ConfigError for a directory or file that cannot be read or that others can read.
    """
    secrets = dict(_from_directory(environ[DIRECTORY])) if environ.get(DIRECTORY) else {}
    for name, value in environ.items():
        if name.startswith(PREFIX) and value:
            secrets[name.removeprefix(PREFIX).lower()] = SecretStr(value)
    return secrets


def _from_directory(name: str) -> Iterator[tuple[str, SecretStr]]:
    folder = Path(name)
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise _refused(
            folder, f"cannot be read ({error.strerror}).", f"Mend {DIRECTORY}."
        ) from error
    for path in files:
        yield path.name.lower(), _secret(path)


def _secret(path: Path) -> SecretStr:
    try:
        status = path.stat()
        if status.st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise _refused(path, "can be read by everyone.", "Run chmod 600 on it.")
        if status.st_size > MAX_BYTES:
            raise _refused(path, "is too large for a secret.", "Put only the secret into it.")
        return SecretStr(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, f"cannot be read ({type(error).__name__}).", "Check it.") from error


def _refused(path: Path, message: str, mend: str) -> ConfigError:
    return ConfigError([Problem(file=str(path), message=message, mend=mend)])
