"""`monitor backup`: a copy of the database that says when it expires."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor import backups
from monitor.commands.options import settings_of, with_settings
from monitor.store.database import database_file
from monitor.wiring import open_context


@click.command()
@with_settings
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(directory: Path | None, sample: bool, database: str | None, folder: Path) -> None:
    """Copy the database into FOLDER while the service runs, and delete copies that expired.

    The name of a copy says until when it may be kept: as long as `backups` under [retention] in
    policy.toml. What the service has forgotten is in its copies until then, and no longer. Run it
    each day from cron or a timer; to put a copy back, stop the service and copy it over.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    if database_file(settings.database.url) is None:
        click.echo(
            "This database is a server's: back it up with its own tools, such as pg_dump, and let "
            "the copies expire as [retention] backups says.",
            err=True,
        )
        sys.exit(2)
    kept = settings.policy.retention.backups
    with open_context(settings) as ctx:
        try:
            made = backups.make(ctx.store, folder, kept=kept, now=ctx.clock())
            gone = list(backups.expire(folder, ctx.clock()))
        except OSError as error:
            click.echo(f"{folder} cannot be written ({error.strerror}): name another.", err=True)
            sys.exit(1)
    click.echo(made)
    if gone:
        click.echo(f"Deleted {len(gone)} that had expired.", err=True)
