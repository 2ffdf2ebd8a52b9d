"""`monitor import FILE`: take a file into the review queue as if it had been collected."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor import bounces, tasks
from monitor.commands.options import settings_of, with_settings
from monitor.intake.files import IntakeError, read
from monitor.store import mentions
from monitor.wiring import open_context, utc_now

INTAKE_SOURCE = "intake"


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@with_settings
def import_(file: Path, directory: Path | None, sample: bool, database: str | None) -> None:
    """Take FILE into the review queue: posts (JSON Lines, as `monitor classify` reads them),
    an RSS, Atom or JSON feed, an mbox, an HTML page, or links as CSV with the columns link,
    platform, title, text and seen_at (link or text is enough). Reports in an mbox that mails of
    ours could not be delivered mark those as such.

    What people bring is always stored, whether or not it names a school. Taking the same
    file in twice changes nothing. Exits 1 when some records were refused.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    try:
        intake = read(file, now=utc_now())
    except IntakeError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    with open_context(settings) as ctx:
        with ctx.store.begin() as tx:
            stored = mentions.ingest(tx, INTAKE_SOURCE, intake.mentions, ctx.clock())
            noted = bounces.note(tx, intake.bounces, ctx.clock())
        while tasks.assess(ctx):
            pass
    for line in intake.refused:
        click.echo(f"{file.name}: {line}", err=True)
    click.echo(
        f"{stored.stored} new, {stored.known} known already, {len(intake.refused)} refused. "
        "They are in the review queue."
    )
    if intake.bounces:
        click.echo(
            f"{noted.bounced} of our mails came back: see Deliveries. {noted.strange} reports are "
            "about mails that were not ours, or known already."
        )
    sys.exit(1 if intake.refused else 0)
