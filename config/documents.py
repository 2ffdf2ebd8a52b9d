"""A configuration file as text, as values, and as the lines its keys stand on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from config.errors import ConfigError, Fault, KeyPath, Problem
from config.lines import toml_lines

MAX_BYTES = 1024 * 1024
"""Many times what a configuration needs."""


class Document:
    """One file that could be read. `values` is its top table."""

    def __init__(
        self,
        path: Path,
        text: str,
        values: Mapping[str, Any],
        lines: Callable[[str], Mapping[KeyPath, int]],
    ) -> None:
        self.path = path
        self.values = values
        self._text = text
        self._scan = lines

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        return self._scan(self._text)


def is_there(path: Path) -> bool:
    """True for whatever stands at the path, a link that leads nowhere included."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def read_toml(path: Path) -> Document:
    """Raises ConfigError with one problem."""
    text = read_text(path, max_bytes=MAX_BYTES)
    try:
        return Document(path, text, tomllib.loads(text), toml_lines)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_problem(path, text, str(error))]) from error
    except (RecursionError, ValueError):  # the latter: a number of thousands of digits
        mend = "Write it as the shipped file is"
        raise unusable(path, "is nested too deeply or holds a number too long", mend) from None


def _syntax_problem(path: Path, text: str, said: str) -> Problem:
    """`tomllib` says "what (at line 3, column 7)" or "what (at end of document)"."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", said)
    line = int(found[1]) if found else text.rstrip().count("\n") + 1
    what = said.split(" (at ")[0]
    return Problem(
        file=str(path),
        line=line,
        key="",
        message=f"this is not TOML: {_quietly(what)}",
        mend="Mend the line: text stands in quotes, lists in [ ], and each key once",
    )


def _quietly(what: str) -> str:
    """The parser's words without any piece of the file that it quotes."""
    return re.sub(r"\s*:?\s*(['\"]).*\1", "", what, flags=re.DOTALL).strip() or "it cannot be read"


def read_text(path: Path, *, max_bytes: int, encodings: Sequence[str] = ("utf-8-sig",)) -> str:
    """The whole of a regular file, with Unix line ends. Raises ConfigError with one problem."""
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            raise unusable(path, "is a folder", "Name a file")
        if not S_ISREG(mode):
            raise unusable(path, "is not a regular file", "Name a file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise unusable(path, "is not there", "Create it, or name the right folder") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a file name"
        raise unusable(
            path, f"cannot be read ({why})", "Let the service's own user read it"
        ) from error
    if len(content) > max_bytes:
        message = f"is larger than {max_bytes // 1024:,} KiB"
        raise unusable(path, message, "Name the right file, or shorten it")
    return _decoded(path, content, encodings).replace("\r\n", "\n")


def _decoded(path: Path, content: bytes, encodings: Sequence[str]) -> str:
    broken = content.find(b"\0")
    for encoding in encodings if broken < 0 else ():
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            broken = error.start
    problem = Problem(
        file=str(path),
        line=content.count(b"\n", 0, broken) + 1,
        key="",
        message="is not UTF-8 text",
        mend="Save the file again with the encoding UTF-8",
    )
    raise ConfigError([problem])


def unusable(path: Path, message: str, mend: str) -> ConfigError:
    """One problem of the whole file."""
    return ConfigError([Problem(file=str(path), line=0, key="", message=message, mend=mend)])


class Layers:
    """Files laid over each other, the first on top: tables join, any other value replaces."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = tuple(documents)
        values: Mapping[str, Any] = {}
        for document in reversed(self._documents):
            values = _joined(values, document.values)
        self.values = values

    def problem(self, fault: Fault) -> Problem:
        """The fault with the file and line of its key, or of the nearest table around it."""
        document, line = self._place(fault.path)
        return Problem(
            file=str(document.path),
            line=line,
            key=self._key(fault.path),
            message=fault.message,
            mend=fault.mend,
        )

    def _place(self, path: KeyPath) -> tuple[Document, int]:
        for length in range(len(path), 0, -1):
            for document in self._documents:
                if line := document.lines.get(path[:length]):
                    return document, line
        return self._documents[0], 0

    def _key(self, path: KeyPath) -> str:
        """schools[mere-green].aliases #2: entries by their id or name, others by number."""
        words: list[str] = []
        value: Any = self.values
        for part in path:
            value = _at(value, part)
            if isinstance(part, str):
                words.append(f".{part}")
            else:
                words.append(_entry(value, part))
        return "".join(words).removeprefix(".")


def _entry(value: object, number: int) -> str:
    if isinstance(value, Mapping):
        for key in ("id", "name"):
            if isinstance(label := value.get(key), str) and label.isprintable() and label:
                return f"[{label[:40]}]"
    return f" #{number + 1}"


def _at(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (LookupError, TypeError):
        return None


def _joined(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(under)
    for key, value in over.items():
        below = joined.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        joined[key] = _joined(below, value) if both else value  # type: ignore[arg-type]
    return joined
