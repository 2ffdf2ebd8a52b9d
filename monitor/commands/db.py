"""`monitor db`: the database itself; moving an installation to another."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from config.settings import Settings
from monitor.commands.options import config_option, settings_of
from monitor.store import copying
from monitor.store.database import Store
from monitor.wiring import AlreadyRunning, open_store, sole_instance


@click.group()
def db() -> None:
    """The database of an installation."""


@db.command()
@config_option
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(directory: Path | None, source: str, target: str) -> None:
    """Move all that is remembered from one database to another, either way.

    FROM and TO are addresses, such as sqlite:///var/monitor.db or
    postgresql://NAME@HOST/DATABASE. Stop the service first. TO must be empty; it is filled in one
    transaction, so that it holds everything or nothing, and compared row for row afterwards.
    """
    settings = settings_of(directory, is_sample=False, database=source)
    try:
        with sole_instance(settings):
            _copy(settings, target)
    except AlreadyRunning as error:
        click.echo(f"A Trust Monitor serves {error}: stop it first.", err=True)
        sys.exit(2)


def _copy(settings: Settings, target: str) -> None:
    origin = open_store(settings)
    database = settings.database.model_copy(update={"url": target})
    there = open_store(settings.model_copy(update={"database": database}))
    try:
        with click.progressbar(
            length=copying.total(origin),
            label="Copying",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar:
            for copied in copying.copy(origin, there):
                bar.update(copied)
        if not _is_same(origin, there):
            sys.exit(1)
    finally:
        origin.close()
        there.close()
    click.echo(f'Write it into settings.toml under [database]: url = "{target}"', err=True)


def _is_same(origin: Store, there: Store) -> bool:
    """Show what each table holds here and there; False where they differ."""
    before, after = copying.contents(origin), copying.contents(there)
    for name in sorted(before):
        state = "same" if before[name] == after[name] else "DIFFERENT"
        if before[name].rows or after[name].rows:
            click.echo(f"{name:24} {before[name].rows:>10} {after[name].rows:>10}  {state}")
    rows = sum(one.rows for one in before.values())
    if before == after:
        click.echo(f"{rows} rows, each the same in both.", err=True)
    return before == after
