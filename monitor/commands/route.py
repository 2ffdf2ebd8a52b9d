"""`monitor route --explain`: who would be told of a post now, who comes next, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from alerts import explain, outlook, words
from alerts.duty import Duty
from alerts.outlook import NO_STORY
from classifiers.pipeline import build
from classifiers.types import Assessment
from config.settings import Settings
from connectors.types import Mention
from monitor import silencing
from monitor.access import conflict
from monitor.commands.options import settings_of, with_settings
from monitor.schedule import LONDON
from monitor.store.database import database_file
from monitor.wiring import open_store, people_of, utc_now


@click.command()
@click.argument("text", required=False)
@with_settings
@click.option("--explain", "explains", is_flag=True, help="Also say why the post was judged so.")
@click.option(
    "--at",
    "moment",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="As if it came in at that time of the clock in Europe/London.  [default: now]",
)
def route(
    text: str | None, directory: Path | None, sample: bool, database: str | None,
    explains: bool, moment: datetime | None,
) -> None:  # fmt: skip
    """Who would be told now of a post saying TEXT (or what stands on standard input), when, by
    which ways, and who comes next where nobody answers.

    It heeds deputies and absences, quiet hours and holidays (rota.toml), whom the post names
    (people.toml), silences and the response clocks. Nothing is stored and nobody is told.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    now = moment.replace(tzinfo=LONDON).astimezone(UTC) if moment else utc_now()
    said = text or sys.stdin.read()
    mention = Mention(
        platform="route", external_id="1", url="", text=said, published_at=now, fetched_at=now
    )
    (assessment,) = build(settings.trust, settings.policy).assess([mention])
    if explains:
        for line in _judgement(assessment, settings):
            click.echo(line)
    click.echo(explain.head(assessment, settings.trust))
    duty = _duty(settings, said, now)
    for line in _silence(settings, mention, assessment, duty):
        click.echo(line)
    found = outlook.outlook(assessment, settings.trust, settings.policy, duty)
    for line in outlook.lines(found, now):
        click.echo(line)


def _duty(settings: Settings, text: str, now: datetime) -> Duty:
    """Who can be told then, less whom the post names."""
    people = people_of(settings)()
    duty = Duty(rota=settings.rota, now=now, channels=settings.channels, people=people)
    return conflict.barring(duty, settings.trust, conflict.named(people, text))


def _silence(
    settings: Settings, mention: Mention, assessment: Assessment, duty: Duty
) -> Iterator[str]:
    """What keeps it from being told at once; where there is no database yet, rota.toml alone."""
    about = (NO_STORY, mention, assessment, settings.policy, duty)
    file = database_file(settings.database.url)
    if file is not None and not file.exists():
        found = silencing.covering((), *about)
    else:
        with closing(open_store(settings)) as store, store.read() as tx:
            found = silencing.over(tx, *about)
    if found is not None:
        why = "A closure explains it" if found.scope.closure else "Silenced"
        yield (
            f"{why} until {words.moment(found.until)}, by {found.author}: {found.reason}."
            " Nobody is told at once. Without it:"
        )


def _judgement(assessment: Assessment, settings: Settings) -> Iterator[str]:
    schools = ", ".join(f"{link.school_id} ({link.certainty})" for link in assessment.schools)
    flags = ", ".join(
        f"{one.label} {words.percent(one.probability)}" for one in assessment.scores if one.flagged
    )
    yield f"schools: {schools or 'none'}"
    yield f"labels: {flags or assessment.not_judged or 'none'}"
    yield f"pupil identification: {assessment.pupil.level}"
    because = explain.because(assessment, settings.policy)
    yield f"severity: {assessment.severity}{f'. {because}' if because else ''}"
