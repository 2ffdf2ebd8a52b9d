"""On which line a key stands, in TOML or JSON text that its own parser has accepted.

Neither `tomllib` nor `json` says it. The scan follows structure only and leaves every value to
those parsers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress

from config.errors import KeyPath

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")  # TOML lets a date and a time be parted
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)

_LOST = (RecursionError, ValueError)
"""Nested senselessly, or not what a parser accepts: the lines before that are found."""


def toml_lines(text: str) -> Mapping[KeyPath, int]:
    """Line (from 1) of every key, table and list item of valid TOML."""
    scan = _Scan(text)
    with suppress(*_LOST):
        scan.document()
    return scan.lines


def json_lines(text: str) -> Mapping[KeyPath, int]:
    """Line (from 1) of every key and list item of valid JSON."""
    scan = _Scan(text)
    with suppress(*_LOST):
        scan.value(())
    return scan.lines


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._tables: dict[KeyPath, int] = {}
        self.lines: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._peek():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)

    def value(self, path: KeyPath) -> None:
        first = self._peek()
        if first == "[":
            self._list(path)
        elif first == "{":
            self._table(path)
        else:
            self._take(_STRING if first in "\"'" else _SCALAR)

    def _header(self) -> KeyPath:
        line = self._line()
        doubled = self._text.startswith("[[", self._at)
        self._at += 1 + doubled
        *parents, last = self._keys()
        path: KeyPath = ()
        for key in parents:
            path = self._inside((*path, key))
            self.lines.setdefault(path, line)
        path = (*path, last)
        if doubled:
            self._tables[path] = self._tables.get(path, -1) + 1
            self.lines.setdefault(path, line)
            path = self._inside(path)
        self._peek()
        self._at += 1 + doubled
        self.lines.setdefault(path, line)
        return path

    def _inside(self, path: KeyPath) -> KeyPath:
        """The path, or that of its newest entry where it is a list of tables."""
        return (*path, self._tables[path]) if path in self._tables else path

    def _pair(self, table: KeyPath) -> None:
        line, path = self._line(), table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._peek()
        self._at += 1  # "=" or ":"
        self.value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek() == ".":
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        if self._peek() in "\"'":
            return self._take(_STRING)[1:-1]
        return self._take(_BARE_KEY)

    def _list(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while self._peek() != "]":
            self.lines[(*path, number)] = self._line()
            self.value((*path, number))
            number += 1
            self._skip_comma()
        self._at += 1

    def _table(self, path: KeyPath) -> None:
        self._at += 1
        while self._peek() != "}":
            self._pair(path)
            self._skip_comma()
        self._at += 1

    def _skip_comma(self) -> None:
        if self._peek() == ",":
            self._at += 1

    def _peek(self) -> str:
        """The next character after blanks and comments; "" at the end."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, form: re.Pattern[str]) -> str:
        match = form.match(self._text, self._at)
        if match is None:
            raise ValueError
        self._at = match.end()
        return match[0]

    def _line(self) -> int:
        return bisect_right(self._ends, self._at - 1) + 1
