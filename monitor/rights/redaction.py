"""Other people taken out of what one person is given about themselves (UK GDPR, Article 15(4)).

A machine proposes: addresses, handles and telephone numbers, columns that hold somebody's name, and
names in running text. It misses some and takes out too much; so a person reads every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers import people

THIRD_PARTY = "[another person]"
PERSONAL = frozenset({
    "author_name", "author_handle", "actor", "by", "person", "holder", "author", "recipient",
    "decided_by", "undone_by", "taken_by", "placed_by", "lifted_by", "ended_by", "asked_by",
    "colleague", "said_by", "checked_by", "added_by", "closed_by", "acknowledged_by", "owner",
})  # fmt: skip
"""Columns whose whole value is somebody's name, handle or address."""
_CALLED: Mapping[str, str] = {
    "external_id": "Number there", "source_id": "Read at", "url": "Address",
    "text": "What was said", "state": "State here", "flags": "What our software took it for",
    "author_name": "Name of who wrote it", "author_handle": "Account of who wrote it",
    "published_at": "Published", "fetched_at": "Collected by us",
    "expires_at": "Forgotten at the latest",
}  # fmt: skip
"""Columns by what they mean to the person who asks; others by their own name."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@/])@[\w.]{2,}(@[\w.-]+)?")
_PHONE = re.compile(r"(?<!\d)(\+44\s?|0)\d[\d\s]{7,12}\d(?!\d)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is given to the person, and what was taken out of it."""

    text: str
    taken_out: tuple[str, ...]


def proposed(texts: Mapping[str, str], own: Sequence[str], ours: Sequence[str] = ()) -> Proposal:
    """A record's columns as text; `own` is by what the person is known, `ours` are names of the
    Trust and its schools, which may be those of persons. Whoever is found in one place is taken out
    wherever they stand in the record."""
    taken: dict[str, None] = {}
    others = [
        value for column, value in texts.items() if column in PERSONAL and not _is_own(value, own)
    ]
    taken.update(dict.fromkeys(others))
    for column, value in texts.items():
        if column not in PERSONAL:
            others += _without_others(value, own, ours, others)[1]
    lines = []
    for column, value in texts.items():
        if column in PERSONAL:
            said = THIRD_PARTY if value in taken else value
        else:
            said, found = _without_others(value, own, ours, others)
            taken.update(dict.fromkeys(found))
        lines.append(f"{_CALLED.get(column) or _plain(column)}: {said}")
    return Proposal(text="\n".join(lines), taken_out=tuple(taken))


def _without_others(
    text: str, own: Sequence[str], ours: Sequence[str], others: Sequence[str]
) -> tuple[str, list[str]]:
    spans = sorted(_found(text, own, ours, others))
    parts, taken, at = [], [], 0
    for start, end in spans:
        if start < at:
            continue
        parts += [text[at:start], THIRD_PARTY]
        taken.append(text[start:end])
        at = end
    return "".join((*parts, text[at:])), taken


def _found(
    text: str, own: Sequence[str], ours: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[int, int]]:
    exactly = {name.casefold().lstrip("@") for name in own}
    for pattern in (_MAIL, _HANDLE, _PHONE):
        for match in pattern.finditer(text):
            if match[0].casefold().lstrip("@") not in exactly:
                yield match.span()
    for other in others:
        bare = re.escape(other.lstrip("@"))
        if len(other) > 3:
            yield from (match.span() for match in re.finditer(rf"@?\b{bare}\b", text, re.I))
    kept = [span for name in ours for span in _places(name, text)]
    for name in people.named(text):
        inside = any(start <= name.start and name.end <= end for start, end in kept)
        if not inside and not _is_own(text[name.start : name.end], own):
            yield name.start, name.end


def _places(name: str, text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.I):
        yield match.span()


def _plain(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _is_own(value: str, own: Sequence[str]) -> bool:
    """By one of the names, whole or in part ("Ms Quillfeather" of "Perpetua Quillfeather")."""
    words = {word.casefold() for word in _WORD.findall(value)} - _TITLES
    return bool(words) and any(
        words <= {word.casefold() for word in _WORD.findall(name)} for name in own
    )


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof", "professor"})
