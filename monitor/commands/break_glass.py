"""`monitor break-glass`: the one administrator for when nobody can sign in."""

from __future__ import annotations

import getpass
import sys
from contextlib import closing
from pathlib import Path

import click

from monitor.access import break_glass as way_in
from monitor.commands.options import settings_of, with_settings
from monitor.wiring import open_store, utc_now

ROLES = ("pr", "executive", "it", "dpo")


@click.group(name="break-glass")
def break_glass() -> None:
    """The one administrator for when the provider of the sign-in is down.

    Without people.toml nobody needs it: the console then answers on this machine alone.
    """


@break_glass.command(name="set")
@with_settings
@click.option(
    "--role",
    "roles",
    type=click.Choice(ROLES),
    multiple=True,
    default=way_in.ROLES,
    show_default=True,
    help="What it may do; give it several times for several.",
)
def set_(
    directory: Path | None, sample: bool, database: str | None, roles: tuple[str, ...]
) -> None:
    """Make a new password and print it, this once. The one before no longer counts.

    Write it down, seal it, and lock it away where two people can reach it. Whoever uses it on
    the sign-in page is on record, and IT and the data protection officer are told by mail.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with closing(open_store(settings)) as store:
        password = way_in.set_up(store, tuple(dict.fromkeys(roles)), by=_me(), now=utc_now())
    click.echo(password)
    click.echo("Write it down and seal it: it is not shown again.", err=True)


@break_glass.command()
@with_settings
def remove(directory: Path | None, sample: bool, database: str | None) -> None:
    """Take the administrator away; a session of theirs ends at once."""
    settings = settings_of(directory, is_sample=sample, database=database)
    with closing(open_store(settings)) as store:
        removed = way_in.remove(store, by=_me(), now=utc_now())
    click.echo("Removed." if removed else "There was none.", err=True)
    sys.exit(0 if removed else 1)


@break_glass.command()
@with_settings
def show(directory: Path | None, sample: bool, database: str | None) -> None:
    """Say whether there is one, since when, and when it was last used. Exits 1 without one."""
    settings = settings_of(directory, is_sample=sample, database=database)
    with closing(open_store(settings)) as store:
        found = way_in.standing(store)
    if found is None:
        click.echo("There is none: monitor break-glass set makes one.")
        sys.exit(1)
    used = f"last used {found.used_at:%Y-%m-%d %H:%M} UTC" if found.used_at else "never used"
    click.echo(f"Set {found.set_at:%Y-%m-%d %H:%M} UTC, {used}; roles: {', '.join(found.roles)}.")


def _me() -> str:
    """Who is at the terminal: stands in the record."""
    return f"{getpass.getuser()} at the terminal"
