"""The fifty invented people of the proof set, read from their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "proof"
FINDINGS = frozenset("NDVPO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One result as it was labelled by hand."""

    is_you: bool
    findings: frozenset[str]
    kind: str
    title: str
    snippet: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One person: what the self-check is told of them, and their results."""

    number: int
    name: str
    told: dict[str, str]
    results: tuple[Labelled, ...]

    def told_list(self, key: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.told.get(key, "").split(";") if part.strip())


def people() -> tuple[Known, ...]:
    return tuple(one for file in files() for one in _read(file.read_text(encoding="utf-8")))


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def _read(text: str) -> Iterator[Known]:
    for block in re.split(r"(?m)^# ", text)[1:]:
        head, life, *lines = block.strip().splitlines()
        assert life.startswith("life: ")
        number, name, *told = (part.strip() for part in head.split("|"))
        yield Known(
            number=int(number),
            name=name,
            told=dict(part.split("=", 1) for part in told),
            results=tuple(map(_labelled, lines)),
        )


def _labelled(line: str) -> Labelled:
    label, title, *middle, url = (part.strip() for part in line.split("|"))
    who, found, kind = label.split()
    assert who in ("you", "else")
    findings = frozenset() if found == "-" else frozenset(found)
    assert findings <= FINDINGS
    return Labelled(
        is_you=who == "you",
        findings=findings,
        kind=kind,
        title=title,
        snippet=" ".join(filter(None, middle)),
        url=url,
    )
