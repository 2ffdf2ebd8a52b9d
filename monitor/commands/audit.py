"""`monitor audit verify`: whether the record of who did what, and of each case, is whole."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.rights import anchors
from monitor.store import audit as audit_rows
from monitor.store import cases
from monitor.store.audit import Head
from monitor.store.database import Tx
from monitor.wiring import open_context

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@click.group()
def audit() -> None:
    """The record of who looked, decided and undid."""


def _heads(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> list[Head]:
    found = [_HEAD.fullmatch(one) for one in given]
    if not all(found):
        raise click.BadParameter("write it as it stands in the mail: NUMBER:DIGEST")
    return [Head(entry_id=int(one[1]), digest=one[2]) for one in found if one]


@audit.command()
@with_settings
@click.option(
    "--head",
    "mailed",
    metavar="NUMBER:DIGEST",
    multiple=True,
    callback=_heads,
    help="An end of the record as the weekly mail to the data protection officer told it.",
)
def verify(directory: Path | None, sample: bool, database: str | None, mailed: list[Head]) -> None:
    """Check that no entry of the record or of a case's timeline was changed, removed, moved,
    slipped in or cut off the end. Exits 1 otherwise.

    The end is known by the file of heads beside the database, which the running service writes
    each hour, and by any --head from the mails to the data protection officer.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    file = anchors.file_of(settings)
    try:
        heads = [*anchors.heads(file), *mailed]
    except anchors.Unreadable as error:
        click.echo(f"{file} was written in by somebody else: {error}", err=True)
        sys.exit(1)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        faults, last = list(_faults(tx, heads)), audit_rows.head(tx)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    number = last.entry_id if last else 0
    click.echo(
        f"The record and the timelines of cases are unbroken: {number} entries, and "
        f"{len(heads)} ends written down elsewhere agree."
    )


def _faults(tx: Tx, heads: Sequence[Head]) -> Iterator[str]:
    broken = audit_rows.verify(tx)
    if broken is not None:
        yield f"The record is broken at entry {broken}: it or one before it was changed."
    elif slip := cases.verify(tx):
        yield f"The timeline of case {slip.case_id} is broken at entry {slip.number}."
    if cut := audit_rows.contradicted(tx, heads):
        yield (
            f"The record no longer stands as it did: entry {cut.entry_id}, written down elsewhere, "
            "is missing or another. Entries were cut off the end or made anew."
        )
