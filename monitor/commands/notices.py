"""`monitor notices`: the documents that follow from the configuration, as HTML and PDF."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.notices import legal, paper
from monitor.wiring import utc_now


@click.command()
@with_settings
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the documents go; those of the same name are replaced.",
)
def notices(directory: Path | None, sample: bool, database: str | None, folder: Path) -> None:
    """Write "what we monitor", the privacy notice and a DPIA draft, as the service is set up.

    What only the Trust can know is marked as open in them. Exits 1 where no PDF could be made.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in legal.KINDS:
        document = legal.document(kind, settings, utc_now())
        (folder / f"{kind}.html").write_text(document, encoding="utf-8")
        click.echo(folder / f"{kind}.html")
        try:
            (folder / f"{kind}.pdf").write_bytes(paper.pdf(document))
        except paper.NoBrowser as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo(folder / f"{kind}.pdf")
