"""Values out of a JSON document that somebody else wrote: of the right kind, bounded, or empty."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from connectors.errors import Malformed
from connectors.parse.items import MAX_TEXT

MAX_NAME = 200
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What JSON may hold and a database or a page may not."""

Record = dict[str, Any]


def document(body: bytes) -> Any:
    """The document, whatever control characters stand in its strings. Raises Malformed."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise Malformed("The answer is not JSON.") from None


def string(record: Record, key: str, longest: int = MAX_TEXT) -> str:
    """Empty when it is absent or no string."""
    value = record.get(key)
    return _UNWRITABLE.sub("", value)[:longest] if isinstance(value, str) else ""


def name(record: Record, key: str) -> str:
    """A number or a short string by which the publisher calls something; empty when neither."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:MAX_NAME]
    return string(record, key, MAX_NAME)


def record(value: Record, key: str) -> Record:
    """Empty when it is absent or no record."""
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def records(value: Record, key: str) -> list[Record]:
    """What of a list are records; empty when it is absent or no list."""
    inner = value.get(key)
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []


def instant(record: Record, key: str, *, per_second: int = 1) -> datetime | None:
    """A number of seconds since 1970, or of parts of one; None when it is none."""
    value = record.get(key)
    if not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def moment(written: str) -> datetime | None:
    """An ISO 8601 time in UTC, taken for it where it does not say; None when it is none."""
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
