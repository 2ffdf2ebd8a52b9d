"""`monitor thresholds`: what other thresholds would have done to the last month's mentions."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from classifiers.types import LABELS, Label
from monitor.commands.options import settings_of, with_settings
from monitor.figures import judgement
from monitor.figures.judgement import Effect
from monitor.store import judged
from monitor.store.scope import EVERYTHING
from monitor.wiring import open_context, utc_now


@click.command()
@with_settings
@click.option("--label", type=click.Choice(LABELS), help="One label with every threshold.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def thresholds(
    directory: Path | None,
    sample: bool,
    database: str | None,
    label: Label | None,
    days: int,
    as_json: bool,
) -> None:
    """What other thresholds would have done to the last month's mentions.

    Without --label every label at its threshold in use; with it the whole range. "useful" and
    "dismissed" are the decisions that people took. Thresholds are set in policy.toml.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        mentions = judged.since(tx, EVERYTHING, utc_now() - timedelta(days=days))
    policy = settings.policy
    if label:
        rows = [(label, effect) for effect in judgement.effects(mentions, label, policy)]
    else:
        rows = [(name, judgement.in_use(mentions, name, policy)) for name in LABELS]
    if not as_json:
        click.echo(f"{len(mentions)} mentions of the last {days} days, copies left out")
        click.echo("label       threshold  flagged  of 1,000  told at once  useful  dismissed")
    for name, effect in rows:
        line = json.dumps({"label": name, **asdict(effect)}) if as_json else _line(name, effect)
        click.echo(line)


def _line(label: Label, effect: Effect) -> str:
    return (
        f"{label:10}  {effect.threshold:8.2f}{'*' if effect.is_set else ' '}  {effect.flagged:7}"
        f"  {effect.per_thousand:8.0f}  {effect.alerted:12}  {effect.useful:6}"
        f"  {effect.dismissed:9}"
    )
