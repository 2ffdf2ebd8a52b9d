"""Files that people bring: posts, a feed, a mailbox, a saved page. Always stored.

Every file is hostile until checked: its size is bounded, feeds and pages are parsed in the
killable child, and one unreadable record never stops the others.
"""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.errors import ConnectorError
from connectors.feeds import mention
from connectors.parse.bounce import is_report, parse_bounce
from connectors.parse.child import parse
from connectors.parse.feed import parse_feed
from connectors.parse.items import MAX_TEXT, Bounce
from connectors.parse.jsonfeed import parse_jsonfeed
from connectors.parse.mail import parse_mail
from connectors.parse.page import parse_page
from connectors.types import Author, Mention
from monitor.intake import csvfile
from monitor.intake.csvfile import MissingField
from monitor.intake.mailbox import mention as mail_mention

MAX_BYTES = 50 * 1024 * 1024
FILE = "file"
"""Stands for the site where a file does not say where its items come from."""


class IntakeError(Exception):
    """The file cannot be taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a file held: its mentions, and one line for each record that was refused."""

    mentions: tuple[Mention, ...]
    refused: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    """Reports of mail servers about mails of ours; they are no mentions."""


def read(path: Path, *, now: datetime) -> Intake:
    """Mentions of a file: JSON Lines of posts, RSS, Atom, JSON Feed, mbox, HTML or CSV of links.

    The form is told from the content, not from the name. Raises IntakeError when the file
    cannot be read, is too large or is none of these.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise IntakeError(f"{path.name}: larger than {MAX_BYTES // 2**20} MB; split it.")
        body = path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path.name}: cannot be read ({error.strerror}).") from error
    try:
        return _reader(body)(body, now)
    except ConnectorError as error:
        raise IntakeError(f"{path.name}: {error}") from error


def _reader(body: bytes) -> Callable[[bytes, datetime], Intake]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    lowered = start.lower()
    if body.startswith(b"From "):
        return _mbox
    if lowered.startswith(b"{"):
        return _jsonfeed if b"jsonfeed.org/version" in lowered else _posts
    if lowered.startswith(b"<") and any(mark in lowered for mark in (b"<rss", b"<feed", b"<rdf")):
        return _feed
    if lowered.startswith(b"<") and (b"<html" in lowered or b"<!doctype html" in lowered):
        return _page
    if csvfile.is_table(body):
        return _table
    raise IntakeError(
        "not a form that can be taken in: JSON Lines of posts, RSS, Atom, JSON Feed, mbox or HTML, "
        "or CSV with a column “link” or “text”."
    )


def _feed(body: bytes, now: datetime) -> Intake:
    items = parse(parse_feed, body, "", "").items
    return Intake(
        mentions=tuple(mention(item, site=FILE, now=now, kind="article") for item in items)
    )


def _jsonfeed(body: bytes, now: datetime) -> Intake:
    items = parse(parse_jsonfeed, body, "", "").items
    return Intake(mentions=tuple(mention(item, site=FILE, now=now, kind="post") for item in items))


def _page(body: bytes, now: datetime) -> Intake:
    return Intake(mentions=(mention(parse(parse_page, body), site=FILE, now=now, kind="page"),))


def _posts(body: bytes, now: datetime) -> Intake:
    return _gather(_post_lines(body), lambda line: _post(line, now))


def _table(body: bytes, now: datetime) -> Intake:
    return _gather(csvfile.rows(body), lambda row: csvfile.mention(row, now))


def _mbox(body: bytes, now: datetime) -> Intake:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "mbox"
        copy.write_bytes(body)
        box = mailbox.mbox(copy, create=False)
        try:
            raw = [(f"mail {n}", box.get_bytes(key)) for n, key in enumerate(box.keys(), 1)]
            reports = [record for record in raw if is_report(record[1])]
            mails = (record for record in raw if not is_report(record[1]))
            intake = _gather(mails, lambda mail: mail_mention(parse(parse_mail, mail), now))
            return _with_bounces(intake, reports)
        finally:
            box.close()


def _with_bounces(intake: Intake, reports: list[tuple[str, bytes]]) -> Intake:
    bounces: list[Bounce] = []
    refused = list(intake.refused)
    for label, report in reports:
        try:
            bounces += parse(parse_bounce, report)
        except ConnectorError as error:
            refused.append(f"{label}: {error}")
    return replace(intake, bounces=tuple(bounces), refused=tuple(refused))


def _gather(records: Iterator[tuple[str, Any]], convert: Callable[[Any], Mention]) -> Intake:
    kept: list[Mention] = []
    refused: list[str] = []
    for label, record in records:
        try:
            kept.append(convert(record))
        except (ConnectorError, ValueError, TypeError, LookupError) as error:
            refused.append(f"{label}: {type(error).__name__}: {_short(error)}")
    return Intake(mentions=tuple(kept), refused=tuple(refused))


def _short(error: Exception) -> str:
    """What is wrong, never the text it is wrong in."""
    return error.args[0] if isinstance(error, MissingField) else "not valid"


def _post_lines(body: bytes) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            yield f"line {number}", line


def _post(line: bytes, now: datetime) -> Mention:
    """One line in the form that `monitor classify` reads."""
    record = json.loads(line)
    if not isinstance(record, dict):
        raise MissingField("a record is an object with id and text")
    for key in ("id", "text"):
        if not isinstance(record.get(key), str):
            raise MissingField(f'"{key}" must be a string')
    published = _time(record.get("published_at"))
    return Mention(
        platform=str(record.get("platform") or "import"),
        external_id=record["id"],
        url=str(record.get("url") or ""),
        text=record["text"][:MAX_TEXT],
        published_at=published or now,
        fetched_at=now,
        published_known=published is not None,
        author=Author(name=record.get("author_name")),
        place_hints=tuple(str(place) for place in record.get("place_hints") or ()),
        kind="report",
    )


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
