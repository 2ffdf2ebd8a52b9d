"""What is wrong with the configuration, all of it at once, with the mend.

Messages never hold a secret, a mail address or a search term: file, line and key say where.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) from the top of a file down to a value."""


class Fault(NamedTuple):
    """A problem before it is known in which file and line its key stands."""

    path: KeyPath
    message: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend. `line` is 0 where the whole file (or the environment) is meant."""

    file: str
    line: int
    key: str
    message: str
    mend: str

    def __str__(self) -> str:
        """One line: file:line: key: message. mend."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [where, self.key, f"{self.message}. {self.mend}"]
        line = ": ".join(part for part in parts if part)
        return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


SHOWN = 50
"""Problems that are printed; the rest of a file that is wrong throughout is only counted."""


class ConfigError(Exception):
    """The configuration cannot be used; nothing was started."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.key))
        )
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"... and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(lines))
