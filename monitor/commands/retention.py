"""`monitor retention`: show and forget what has been kept for its time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.rights import retention as keeping
from monitor.wiring import open_context


@click.command()
@with_settings
@click.option("--dry-run", is_flag=True, help="Only show what would be forgotten now.")
def retention(directory: Path | None, sample: bool, database: str | None, dry_run: bool) -> None:
    """Forget what has been kept for its time; the running service does so once a day.

    The periods stand under [retention] in policy.toml. Of a forgotten mention only a digest
    stays, by which the same post is known when a source shows it again. Opened cases are kept
    until a person ends them.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx:
        numbers = keeping.due(ctx)
        for kind, period in keeping.periods(settings.policy.retention).items():
            kept = f"kept {period.days:>4} days" if period else ""
            click.echo(f"{keeping.MEANING[kind]:38} {kept:14}   past it: {numbers[kind]}")
        proposed = "retention" in settings.policy.decision.missing
        click.echo("Proposals: nobody has confirmed them." if proposed else "Confirmed.")
        if dry_run:
            click.echo("Nothing was changed.")
            return
        forgotten: Counter[str] = Counter()
        for kind, number in keeping.forget(ctx):
            forgotten[kind] += number
    copies, names = forgotten.pop("copies", 0), forgotten.pop("authors", 0)
    click.echo(
        f"Forgotten: {forgotten.total()} mentions, {copies} copies of their stories, "
        f"{names} names of authors."
    )
