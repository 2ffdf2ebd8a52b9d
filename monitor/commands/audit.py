"""`monitor audit verify`: whether the record of who did what is unbroken."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.store import audit as audit_rows
from monitor.store import cases
from monitor.wiring import open_context


@click.group()
def audit() -> None:
    """The record of who looked, decided and undid."""


@audit.command()
@with_settings
def verify(directory: Path | None, sample: bool, database: str | None) -> None:
    """Check that no entry of the record or of a case's timeline was changed, removed, moved or
    slipped in. Exits 1 at the first that was."""
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        broken = audit_rows.verify(tx)
        slip = cases.verify(tx) if broken is None else None
    if broken is not None:
        click.echo(f"The record is broken at entry {broken}: it or one before it was changed.")
        sys.exit(1)
    if slip is not None:
        click.echo(f"The timeline of case {slip.case_id} is broken at entry {slip.number}.")
        sys.exit(1)
    click.echo("The record and the timelines of cases are unbroken.")
