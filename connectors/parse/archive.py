"""Answers of the Internet Archive: copies of a page (Wayback CDX server), and a job that makes one
(Save Page Now 2)."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import Feed, Item

MOST = 500
STAMP = "%Y%m%d%H%M%S"


def parse_captures(body: bytes, content_type: str, url: str) -> Feed:
    """Rows of time, address and status below a row of their names; nothing at all where it has no
    copy. `id` is the time as the archive writes it, `text` the status. Raises Malformed."""
    rows = values.document(body) if body.strip() else []
    if not isinstance(rows, list) or not all(isinstance(one, list) for one in rows):
        raise Malformed("The answer is no list of copies.")
    if rows and rows[0][:2] != ["timestamp", "original"]:
        raise Malformed("The answer is no list of copies.")
    found = (_copy(*map(str, row[:3])) for row in rows[1:MOST] if len(row) >= 3)
    return Feed(items=tuple(one for one in found if one.published_at))


def parse_job(body: bytes, content_type: str, url: str) -> Feed:
    """One item: the job's number as its `position`, and once it is done the copy. `partial` is the
    archive's reason where it could not make one. Raises Malformed."""
    job = values.document(body)
    if not isinstance(job, dict):
        raise Malformed("The answer is no job.")
    reason = values.string(job, "status_ext", 200) or values.string(job, "message", 200)
    if job.get("status") == "error":
        return Feed(items=(), partial=reason or "without a reason")
    number = values.string(job, "job_id", values.MAX_NAME)
    if not number:
        raise Malformed(reason or "The answer is no job.")
    done = job.get("status") == "success"
    stamp = values.string(job, "timestamp", 14) if done else ""
    copy = _copy(stamp, values.string(job, "original_url", 2048), "")
    return Feed(
        items=(Item(position=number, id=copy.id, url=copy.url, published_at=copy.published_at),)
    )


def _copy(stamp: str, original: str, status: str) -> Item:
    try:
        at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        at = None
    return Item(id=stamp, url=original[:2048], text=status[:3], published_at=at)
