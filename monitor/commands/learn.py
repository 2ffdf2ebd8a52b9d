"""`monitor learn`: fit the weights of school evidence to what reviewers decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import click

from classifiers.learning.links import refit
from classifiers.matching import weights
from config.loading import LEARNT
from monitor import learning
from monitor.commands.options import settings_of, with_settings
from monitor.store import judged
from monitor.store.scope import EVERYTHING
from monitor.wiring import open_context, utc_now


@click.command()
@with_settings
@click.option("--days", type=click.IntRange(1, 3660), default=365, show_default=True)
@click.option("--write", is_flag=True, help="Write learnt.toml beside trust.toml.")
def learn(
    directory: Path | None, sample: bool, database: str | None, days: int, write: bool
) -> None:
    """Fit the weights of school evidence to what reviewers decided.

    "Not about us" says that a link was wrong, any other decision that it was right. Shows what
    would change and whether it helps on decisions that the fit has not seen. With --write the
    weights go into learnt.toml and count from the next start; delete the file to go back.
    """
    if sample and write:
        raise click.UsageError("The sample's settings are not to be written to; leave out --write.")
    settings = settings_of(directory, is_sample=sample, database=database)
    now = utc_now()
    with open_context(settings) as ctx, ctx.store.read() as tx:
        found = learning.verdicts(judged.since(tx, EVERYTHING, now - timedelta(days=days)))
    if short := learning.missing(found):
        click.echo(short)
        return
    start = weights.load()
    result = refit(found, start)
    for term, before, after in learning.changes(result, start.terms):
        click.echo(f"{term:32} {before:+6.2f} -> {after:+6.2f}")
    click.echo(
        f"{len(found)} links decided on; mean log loss on unseen ones "
        f"{result.before:.3f} -> {result.after:.3f} (lower is better)"
    )
    if result.after >= result.before:
        click.echo("That would be no better: the weights stay as they are.")
    elif write:
        path = settings.directory / LEARNT
        _replace(path, _document(result.terms, len(found), now))
        click.echo(f"Written to {path}: they count from the next start.")
    else:
        click.echo("Nothing written; add --write to use them from the next start.")


def _replace(path: Path, text: str) -> None:
    """The file whole or as it was: half of one would keep the service from starting."""
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _document(terms: Mapping[str, float], verdicts: int, now: datetime) -> str:
    lines = [
        f"# Written by `monitor learn` on {now:%Y-%m-%d} from {verdicts} decisions of reviewers.",
        "# Weights of evidence that a name means one of our schools, in log-odds. Delete the file",
        "# to go back to the shipped ones.",
        "[matching]",
    ]
    lines += [f"{json.dumps(term)} = {weight}" for term, weight in sorted(terms.items())]
    return "\n".join(lines) + "\n"
