"""`monitor audit verify`: whether the record of who did what is unbroken."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.store import audit as audit_rows
from monitor.wiring import open_context


@click.group()
def audit() -> None:
    """The record of who looked, decided and undid."""


@audit.command()
@with_settings
def verify(directory: Path | None, sample: bool, database: str | None) -> None:
    """Check that no entry was changed, removed or moved. Exits 1 at the first that was."""
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        broken = audit_rows.verify(tx)
    if broken is not None:
        click.echo(f"The record is broken at entry {broken}: it or one before it was changed.")
        sys.exit(1)
    click.echo("The record is unbroken.")
