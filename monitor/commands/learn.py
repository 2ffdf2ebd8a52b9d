"""`monitor learn`: fit the weights of school evidence, and the labels' thresholds, to what
reviewers decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from classifiers.learning.links import Verdict, refit
from classifiers.matching import weights
from classifiers.types import Label
from config.documents import read_toml
from config.loading import LEARNT
from config.policy import Policy
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
    """Fit the judgement to what reviewers decided.

    The weights of school evidence: "not about us" says that a link was wrong, any other decision
    that it was right. The labels' thresholds: from the verdicts on labels. Shows what would
    change and whether it helps on decisions that the fit has not seen. With --write what helps
    goes into learnt.toml and counts from the next start; delete the file to go back. A threshold
    set in the folder's own policy.toml stands above a learnt one.
    """
    if sample and write:
        raise click.UsageError("The sample's settings are not to be written to; leave out --write.")
    settings = settings_of(directory, is_sample=sample, database=database)
    now = utc_now()
    start = now - timedelta(days=days)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        links = learning.verdicts(judged.since(tx, EVERYTHING, start))
        said = judged.labels_since(tx, EVERYTHING, start)
    terms = _links(links)
    moved = _thresholds(said, settings.policy)
    if not terms and not moved:
        return
    if not write:
        click.echo("Nothing written; add --write to use them from the next start.")
        return
    path = settings.directory / LEARNT
    _replace(path, _document(_kept(path), terms, moved, now))
    click.echo(f"Written to {path}: they count from the next start.")


def _links(found: list[Verdict]) -> Mapping[str, float]:
    """Weights that help; empty when there are none."""
    if short := learning.missing(found):
        click.echo(short)
        return {}
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
        return {}
    return result.terms


def _thresholds(said: Sequence[judged.JudgedLabel], policy: Policy) -> Mapping[Label, float]:
    """Thresholds that help; empty when there are none."""
    better: dict[Label, float] = {}
    tried = list(learning.thresholds(said, policy))
    for label, in_use, choice in tried:
        helps = choice.after > choice.before and choice.threshold != in_use
        click.echo(
            f"{label}: threshold {in_use:.2f} -> {choice.threshold:.2f}; F1 on "
            f"{choice.verdicts} unseen verdicts {choice.before:.3f} -> {choice.after:.3f}"
            + ("" if helps else ": no better, it stays")
        )
        if helps:
            better[label] = choice.threshold
    if not tried:
        click.echo("No label has enough verdicts to move its threshold.")
    return better


def _replace(path: Path, text: str) -> None:
    """The file whole or as it was: half of one would keep the service from starting."""
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _kept(path: Path) -> Mapping[str, Any]:
    """What was learnt before; the half that gets no better today stays."""
    return read_toml(path).values if path.is_file() else {}


def _document(
    kept: Mapping[str, Any],
    terms: Mapping[str, float],
    moved: Mapping[Label, float],
    now: datetime,
) -> str:
    before = {label: given["threshold"] for label, given in kept.get("labels", {}).items()}
    lines = [
        f"# Written by `monitor learn` on {now:%Y-%m-%d} from decisions of reviewers. Delete the",
        "# file to go back to what is shipped.",
        "# Weights of evidence that a name means one of our schools, in log-odds.",
        "[matching]",
    ]
    lines += [
        f"{json.dumps(term)} = {weight}"
        for term, weight in sorted((terms or kept.get("matching", {})).items())
    ]
    for label, threshold in sorted({**before, **moved}.items()):
        lines += [f"[labels.{label}]", f"threshold = {threshold}"]
    return "\n".join(lines) + "\n"
