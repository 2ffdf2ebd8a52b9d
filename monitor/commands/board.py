"""`monitor board`: the termly report, without a post or a person in it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.figures import board as reporting
from monitor.figures import sheets
from monitor.notices import paper
from monitor.wiring import open_context


@click.command()
@with_settings
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day. [default: last Sunday]")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder."
)
def board(
    directory: Path | None, sample: bool, database: str | None, until: datetime | None, out: Path
) -> None:
    """Write the report of the thirteen weeks that end with a day, as HTML and PDF.

    Numbers under five are withheld, and others with them where these could be worked out. From
    the same figures come sheets for lessons, induction, parents and SMART reminders.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx:
        last = until.date() if until else reporting.newest_day(ctx.store, ctx.clock())
        made = reporting.report(ctx.store, settings, last)
    documents = {"board": reporting.document(made, settings)}
    documents |= {name: sheets.document(name, made, settings) for name in sheets.titles()}
    out.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (out / f"{name}.html").write_text(document, encoding="utf-8")
        click.echo(out / f"{name}.html")
        try:
            (out / f"{name}.pdf").write_bytes(paper.pdf(document))
        except paper.NoBrowser as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo(out / f"{name}.pdf")
