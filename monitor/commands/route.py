"""`monitor route --explain`: who would be told of a post, and why."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from alerts.explain import lines as why_told
from classifiers.pipeline import Classifier, build
from classifiers.types import Assessment
from connectors.types import Mention
from monitor.commands.options import settings_of, with_settings
from monitor.wiring import utc_now


@click.command()
@click.argument("text", required=False)
@with_settings
@click.option("--explain", is_flag=True, help="Also say why the post was judged as it was.")
def route(
    text: str | None, directory: Path | None, sample: bool, database: str | None, explain: bool
) -> None:
    """Who would be told of a post saying TEXT (or what stands on standard input).

    Nothing is stored and nobody is told.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    classifier = build(settings.trust, settings.policy)
    assessment = _assess(classifier, text or sys.stdin.read())
    if explain:
        for line in _judgement(assessment):
            click.echo(line)
    for line in why_told(assessment, settings.trust, settings.policy):
        click.echo(line)


def _assess(classifier: Classifier, text: str) -> Assessment:
    now = utc_now()
    mention = Mention(
        platform="route", external_id="1", url="", text=text, published_at=now, fetched_at=now
    )
    return classifier.assess([mention])[0]


def _judgement(assessment: Assessment) -> list[str]:
    schools = ", ".join(f"{link.school_id} ({link.certainty})" for link in assessment.schools)
    flags = ", ".join(assessment.flags) or assessment.not_judged or "none"
    return [
        f"schools: {schools or 'none'}",
        f"labels: {flags}",
        f"pupil identification: {assessment.pupil.level}",
        f"severity: {assessment.severity}",
    ]
