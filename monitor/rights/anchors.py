"""The end of the record, written down outside the database on a schedule.

Whoever can write the database can cut entries off its end, or make the whole chain anew, and no
entry would show it. So once an hour the last entry's number and digest go into a file beside it,
and once a week into a mail to the data protection officer: what has left cannot be changed.
`monitor audit verify` asks the file, and any head that somebody types in from such a mail.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

from alerts import words
from alerts.channels import MAIL
from config.readiness import may_collect
from config.settings import Settings
from monitor.context import Context
from monitor.rights import subject_access
from monitor.store import audit, deliveries
from monitor.store.audit import Head
from monitor.store.database import database_file
from monitor.store.views import OutboxItem, ServiceNote

SERVER_FILE = Path("var/audit.heads")
"""Where a server keeps the database, there is no file to stand beside."""
_LINE = re.compile(r"(?P<at>\S+) (?P<entry>\d{1,18}) (?P<digest>[0-9a-f]{64})")


class Unreadable(Exception):
    """A line of the file is none of ours: somebody has written in it."""


def file_of(settings: Settings) -> Path:
    database = database_file(settings.database.url)
    return database.with_suffix(".heads") if database else SERVER_FILE


def keep(ctx: Context) -> int:
    """Write the end of the record down and, once a week, mail it; 1 when it was new."""
    _order_mail(ctx)
    with ctx.store.read() as tx:
        head = audit.head(tx)
    path = file_of(ctx.settings)
    known = heads(path)[-1:]
    if head is None or (known and known[0].digest == head.digest):
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{ctx.clock().isoformat(timespec='seconds')} {head.entry_id} {head.digest}\n"
    with path.open("a", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return 1


def heads(path: Path) -> list[Head]:
    """What was written down, the oldest first; nothing where there is no file yet.

    Raises Unreadable. A last line without an end is a write cut short, and no line yet.
    """
    if not path.exists():
        return []
    whole = path.read_text(encoding="ascii", errors="replace").rpartition("\n")[0]
    return [_head(line) for line in whole.splitlines()]


def facts(ctx: Context) -> tuple[str, ...]:
    """What the weekly mail says; the head is taken when it leaves. With it goes which requests of
    persons are due, as both are for the data protection officer."""
    with ctx.store.read() as tx:
        head, is_broken = audit.head(tx), audit.verify(tx) is not None
        due = subject_access.clocks(tx, ctx.clock().astimezone(words.LONDON).date())
    if head is None:
        return ("Nothing is on record yet.",)
    state = "is broken: run monitor audit verify" if is_broken else "is unbroken so far"
    check = f"monitor audit verify --head {head.entry_id}:{head.digest}"
    return (f"The record has {head.entry_id} entries and {state}.", check, *due)


def _order_mail(ctx: Context) -> None:
    """Once a week of the calendar, whatever runs late or twice."""
    recipient = ctx.settings.trust.contacts.dpo
    if not recipient or not may_collect(ctx.settings):
        return
    year, week, _ = ctx.clock().astimezone(words.LONDON).isocalendar()
    item = OutboxItem(
        key=f"record_head:{year}-{week:02}",
        channel=MAIL,
        recipient=recipient,
        service=ServiceNote(kind="record_head"),
    )
    with ctx.store.begin() as tx:
        deliveries.enqueue(tx, item, now=ctx.clock())


def _head(line: str) -> Head:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unreadable(line[:40])
    try:
        at = datetime.fromisoformat(found["at"])
    except ValueError:
        raise Unreadable(line[:40]) from None
    return Head(entry_id=int(found["entry"]), digest=found["digest"], at=at)
