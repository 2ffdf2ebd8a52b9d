"""Everything that is held about one person: each text of each row of each table is looked at.

Nothing is left to a list of places that somebody must remember to extend: the tables themselves
say which columns can hold words. The authors of mentions and the protected part of reports are
opened for it, and mails, each row in its turn, as a name may be but a part of what stands there;
what is evidence, and a screenshot, is found by the mention it is of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import JSON, Column, String, Table, select
from sqlmodel import SQLModel

from monitor.store import authors, mails, reports
from monitor.store.columns import UtcTime
from monitor.store.database import Tx

NOT_ASKED = frozenset({
    "subject_request", "alembic_version", "author_key", "mark_key", "report_key", "request_key",
    "brought_key", "evidence_key", "evidence_part",
})  # fmt: skip
"""The request itself holds the name by which one is looked for; keys, and what they seal as
evidence, hold no words."""
FEWEST_LETTERS = 3
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row that holds one of the names; `mention_id` where it is of a mention."""

    table: str
    key: str
    mention_id: int | None
    texts: dict[str, str]
    """By column: every text of the row, as it stands."""

    @property
    def record(self) -> str:
        return f"{self.table} {self.key}"


@dataclass(frozen=True, slots=True)
class _Seal:
    """How the sealed part of a table's rows is opened: the keys joined, and then read as texts by
    name."""

    columns: tuple[str, ...]
    with_keys: Callable[[Any], Any]
    texts: Callable[[Any], Iterable[tuple[str, str]]]


def _author(row: Any) -> Iterable[tuple[str, str]]:
    author = authors.of_row(row)
    return ("author_name", author.name or ""), ("author_handle", author.handle or "")


def _protected(row: Any) -> Iterable[tuple[str, str]]:
    """Nobody's where the box does not open: one that was tampered with keeps no other from being
    found."""
    try:
        return asdict(reports.opened(row)).items()
    except InvalidTag:
        return ()


def _mail(row: Any) -> Iterable[tuple[str, str]]:
    return (("raw", mails.opened(row).decode("utf-8", "replace")),)


_SEALED = {
    "mention": _Seal(("author", "identity"), authors.with_keys, _author),
    "report": _Seal(("protected",), reports.with_keys, _protected),
    "mail": _Seal(("raw",), mails.with_keys, _mail),
}
"""By table: what its opening needs beside its number."""


def search(tx: Tx, names: Sequence[str]) -> Iterator[Found]:
    """Rows in which one of the names stands as words of its own, whatever its case.

    Raises ValueError for a name too short to mean anybody.
    """
    if not names or any(len(name.strip()) < FEWEST_LETTERS for name in names):
        raise ValueError("a name is too short")
    wanted = [_pattern(name) for name in names]
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in NOT_ASKED:
            yield from _in_table(tx, table, wanted)


def _pattern(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in name.strip().lstrip("@").replace("’", "'").split()]
    name_of = r"\s+".join(words).replace("'", "['’]")
    return re.compile(rf"(?<!\w){name_of}(?!\w)", re.IGNORECASE)


def _in_table(tx: Tx, table: Table, wanted: Sequence[re.Pattern[str]]) -> Iterator[Found]:
    seal = _SEALED.get(table.name)
    readable = [one for one in table.c if _holds_words(one) or isinstance(one.type, UtcTime)]
    keys = list(table.primary_key.columns)
    extra = [one for one in table.c if one.name == "mention_id" and one not in keys]
    boxes = [table.c[name] for name in seal.columns] if seal else []
    query = select(*keys, *extra, *boxes, *(one for one in readable if one not in keys))
    rows = tx.execute(seal.with_keys(query) if seal else query)
    for row in rows.mappings().yield_per(_AT_ONCE):
        texts = {one.name: text for one in readable if (text := _text(row[one.name]))}
        if seal:
            texts |= {name: text for name, text in seal.texts(row) if text}
        if any(pattern.search(text) for pattern in wanted for text in texts.values()):
            key = " ".join(str(row[one.name]) for one in keys)
            mention_id = row["id"] if table.name == "mention" else row.get("mention_id")
            yield Found(table=table.name, key=key, mention_id=mention_id, texts=texts)


def _holds_words(column: Column[Any]) -> bool:
    """SQLModel wraps the type of a text in one of its own."""
    kind = getattr(column.type, "impl_instance", column.type)
    return isinstance(kind, String | JSON)


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return json.dumps(value, ensure_ascii=False)
