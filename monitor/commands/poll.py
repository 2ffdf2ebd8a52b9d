"""`monitor poll [SOURCE]`: ask sources now, with progress."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from config.readiness import asked_sources, may_collect, missing_for_live
from connectors.types import NotMeasured, Partial
from monitor import tasks
from monitor.commands.options import settings_of, with_settings
from monitor.context import Context
from monitor.intake import mailbox
from monitor.wiring import open_context


@click.command()
@click.argument("source", required=False)
@with_settings
def poll(source: str | None, directory: Path | None, sample: bool, database: str | None) -> None:
    """Ask SOURCE now, or every enabled source, then assess what came.

    The sample's little internet is there only while `monitor run --sample` runs.
    Exits 1 when a source could not be read.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    if not may_collect(settings):
        for problem in missing_for_live(settings):
            click.echo(str(problem), err=True)
        click.echo("Nothing was asked: record the decision first (monitor doctor).", err=True)
        sys.exit(2)
    there = (*asked_sources(settings), *mailbox.as_sources(settings))
    wanted = [row.id for row in there if row.enabled and source in (None, row.id)]
    if not wanted:
        known = ", ".join(row.id for row in there) or "none"
        raise click.UsageError(f"no enabled source {source!r}; there are: {known}")
    with open_context(settings) as ctx:
        failures = sum(not _poll_one(ctx, source_id) for source_id in wanted)
        assessed = 0
        while done := tasks.assess(ctx):
            assessed += done
    click.echo(f"{len(wanted) - failures} of {len(wanted)} sources read, {assessed} assessed.")
    sys.exit(1 if failures else 0)


def _poll_one(ctx: Context, source_id: str) -> bool:
    """Ask one source and say how it went; False when it was not measured."""
    claimed = tasks.claim_source(ctx, source_id)
    if claimed is None:
        click.echo(f"{source_id}: is being read by the running service", err=True)
        return True
    polled = tasks.poll(ctx, claimed)
    if isinstance(polled.health, NotMeasured):
        click.echo(f"{source_id}: NOT MEASURED: {polled.health.reason}", err=True)
        return False
    note = f" (partly: {polled.health.reason})" if isinstance(polled.health, Partial) else ""
    click.echo(f"{source_id}: {polled.seen} seen, {polled.kept} of us, {polled.stored} new{note}")
    return True
