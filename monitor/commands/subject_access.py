"""`monitor subject-access`: all that is held about who asks, for the data protection officer."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

import click

from alerts.words import LONDON
from monitor.commands.options import settings_of, with_settings
from monitor.notices import legal, paper
from monitor.rights import subject_access as access
from monitor.store import requests
from monitor.wiring import open_context


@click.command(name="subject-access")
@with_settings
@click.option("--reference", required=True, help="Under which the request is filed.")
@click.option(
    "--name",
    "names",
    multiple=True,
    required=True,
    help="Name, handle or mail address that the person says is theirs; as often as needed.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder."
)
def subject_access(
    directory: Path | None,
    sample: bool,
    database: str | None,
    reference: str,
    names: tuple[str, ...],
    out: Path,
) -> None:
    """Search every table for a person who asked, and write what is held as JSON and PDF.

    The search is put on record with its reference, never with the name. Other people are taken
    out as far as a machine finds them, so this is a draft: read every page before it leaves the
    house. On the page "Requests" each record is read, edited or withheld.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    by = getpass.getuser()
    with open_context(settings) as ctx:
        now = ctx.clock()
        today = now.astimezone(LONDON).date()
        number = access.take(
            ctx.store, "access", reference=reference, names=names, received_on=today, by=by, now=now
        )
        with ctx.store.read() as tx:
            request = requests.find(tx, number)
        assert request is not None  # noqa: S101  it was written a line above
        try:
            given = access.exported(
                ctx.store, request, by=by, now=now, ours=access.names_of(settings.trust),
                is_draft=True,
            )  # fmt: skip
        except ValueError as error:
            raise click.UsageError(f"{error}: give at least three letters") from error
    out.mkdir(parents=True, exist_ok=True)
    held = json.dumps(given, ensure_ascii=False, indent=1)
    (out / "held.json").write_text(held, encoding="utf-8")
    click.echo(f"{len(given['records'])} records in {out}; request {number}, answer it in a month")
    try:
        (out / "held.pdf").write_bytes(paper.pdf(legal.held(given, settings, now)))
    except paper.NoBrowser as error:
        click.echo(str(error), err=True)
        sys.exit(1)
