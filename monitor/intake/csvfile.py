"""Links that people collect in a spreadsheet: CSV with the columns link, platform, title, text
and seen_at; a link or a text is enough."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from alerts.words import LONDON
from connectors.errors import Malformed
from connectors.parse.items import MAX_TEXT
from connectors.types import Mention

COLUMNS = ("link", "platform", "title", "text", "seen_at")
LONGEST_LINK = 2_000
DELIMITERS = ",;\t"


class MissingField(ValueError):
    """A record lacks a field or has one of another type."""


def is_table(body: bytes) -> bool:
    """Whether the first line names a column that is enough."""
    return bool({"link", "text"}.intersection(_head(_text(body))))


def rows(body: bytes) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Where a row stands, for people, and its columns; empty rows are left out. Raises
    Malformed."""
    text = _text(body)
    names = _head(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    next(reader, [])
    try:
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                stripped = (cell.strip() for cell in cells)
                yield f"row {number}", dict(zip(names, stripped, strict=False))
    except csv.Error:
        raise Malformed(f"after row {reader.line_num} it is no CSV that can be read.") from None


def mention(row: Mapping[str, str], now: datetime) -> Mention:
    """One row. Raises MissingField where it gives nothing that can be looked at."""
    link, text = row.get("link", ""), row.get("text", "").replace("\r\n", "\n")[:MAX_TEXT]
    address = _web_address(link)
    if link and not address:
        raise MissingField("the link begins with http:// or https://")
    if not address and not text:
        raise MissingField("neither link nor text")
    seen = _time(row.get("seen_at", ""))
    return Mention(
        platform=row.get("platform", "").lower() or "web",
        external_id=address or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        url=address,
        title=" ".join(row.get("title", "").split())[:500],
        text=text,
        published_at=min(seen or now, now),
        published_known=seen is not None,
        fetched_at=now,
        kind="report",
    )


def _web_address(link: str) -> str:
    """The link where it is one to a web page; else empty."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return link if is_web and len(link) <= LONGEST_LINK else ""


def _time(value: str) -> datetime | None:
    """A time without a zone is London's."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise MissingField("seen_at is a time such as 2026-11-23 16:20") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def _text(body: bytes) -> str:
    """UTF-8 as it should be, else what older spreadsheets write."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _head(text: str) -> list[str]:
    line = text.partition("\n")[0][:1000]
    return [name.strip(' "\r').lower() for name in line.split(_delimiter(text))]


def _delimiter(text: str) -> str:
    line = text.partition("\n")[0][:1000]
    return max(DELIMITERS, key=line.count)
