"""`monitor backup`: a copy of the database that says when it expires."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from config.settings import Settings
from monitor import backups
from monitor.commands.options import settings_of, with_settings
from monitor.wiring import open_context, utc_now


@click.command()
@with_settings
@click.argument("place", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the keys of all that is encrypted in this file, apart from the copies.",
)
@click.option(
    "--restore",
    "copy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Make PLACE, a new database, of this copy.",
)
def backup(
    directory: Path | None,
    sample: bool,
    database: str | None,
    place: Path,
    keys: Path | None,
    copy: Path | None,
) -> None:
    """Copy the database into the folder PLACE while the service runs, and delete copies that
    expired. Run it each day from cron or a timer.

    The name of a copy says until when it may be kept: as long as `backups` under [retention] in
    policy.toml. With --keys the copies hold no key of what is sealed (evidence, authors, the
    protected part of reports, mails and screenshots, requests): what is erased is then erased in
    all of them the next day. That file is replaced each time; keep it on another disk, as without
    it none of that can be read in the copies. To use a copy again stop the service and make a
    database of it with --restore; what was forgotten since is forgotten again.
    Of a PostgreSQL the copy is such a file too; monitor db copy puts it into an empty one.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    try:
        _restore(copy, place, keys) if copy else _copy(settings, place, keys)
    except OSError as error:
        click.echo(f"{place} cannot be written ({error.strerror}): name another.", err=True)
        sys.exit(1)


def _copy(settings: Settings, folder: Path, keys: Path | None) -> None:
    kept = settings.policy.retention.backups
    with open_context(settings) as ctx:
        made = backups.make(ctx.store, folder, kept=kept, now=ctx.clock(), keys=keys)
        gone = list(backups.expire(folder, ctx.clock()))
    click.echo(made)
    if gone:
        click.echo(f"Deleted {len(gone)} that had expired.", err=True)


def _restore(copy: Path, database: Path, keys: Path | None) -> None:
    again = backups.restore(copy, database, keys=keys, now=utc_now())
    click.echo(database)
    click.echo(f"Forgotten again: {again}.", err=True)
    if keys is None:
        click.echo("Without --keys, what was forgotten since may have come back.", err=True)
