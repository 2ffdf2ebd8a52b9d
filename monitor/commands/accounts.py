"""`monitor accounts`: the register of official accounts; a table into it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from alerts import words
from monitor import accounts as register
from monitor.commands.options import settings_of, with_settings
from monitor.store import accounts
from monitor.wiring import open_context


@click.command("accounts")
@with_settings
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def show(directory: Path | None, sample: bool, database: str | None, file: Path | None) -> None:
    """Show the official accounts and what is to be done about each; with FILE, a CSV with the
    columns platform, handle, link, school, owner, it_admin, last_check and note, take them in.

    A password never stands in the register: a table with one is refused as a whole.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx:
        today = ctx.clock().astimezone(words.LONDON).date()
        refused: tuple[str, ...] = ()
        if file is not None:
            try:
                done = register.take_table(
                    ctx.store, file.read_bytes(), settings.trust, by=getpass.getuser(),
                    now=ctx.clock(),
                )  # fmt: skip
            except register.Refused as error:
                click.echo(str(error), err=True)
                sys.exit(2)
            refused = done.refused
            click.echo(f"{words.count(done.kept, 'account')} taken in.", err=True)
        with ctx.store.read() as tx:
            there = accounts.listing(tx)
    for one in there:
        place = one.facts.school_id or settings.trust.id
        said = " ".join(register.wants(one, today))
        click.echo("\t".join((words.platform(one.facts.platform), one.facts.handle, place, said)))
    for line in refused:
        click.echo(f"Not taken: {line}", err=True)
    sys.exit(1 if refused else 0)
