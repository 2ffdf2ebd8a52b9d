"""`monitor selfcheck`: staff check their own online presence, in the terminal (policy 6.15)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial

import click

from alerts.words import LONDON
from classifiers.pipeline import build
from config.settings import Source
from connectors import polling
from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, Query
from monitor import sample
from monitor.commands.options import DATA_DIRECTORY
from monitor.sample.personas import PERSONAS, STAFF, STAFF_DETAILS, STAFF_SCHOOL
from monitor.sample.world import World
from monitor.selfcheck import wording
from monitor.selfcheck.asking import Round
from monitor.selfcheck.checking import GROUPS, Checked, Item, assessing, check
from monitor.selfcheck.draft import drafted, schools_of
from monitor.selfcheck.providers import by_privacy, learns
from monitor.wiring import utc_now


@click.command()
@click.option("--sample", "is_sample", is_flag=True, help="Try it as an invented member of staff.")
def selfcheck(is_sample: bool) -> None:
    """Check your own online presence: your verified name only, shown to you only.

    Nothing is stored, logged or told to anybody: not the results, not even that you checked.
    One cannot sign in at the terminal yet, so the product cannot know whose name is yours, and it
    runs only for the sample's persona: monitor selfcheck --sample.
    """
    if not is_sample:
        click.echo(
            "A self-check searches only for the verified name of the person signed in, and "
            "there is no sign-in at the terminal yet.\nTry it as the sample's persona: "
            "monitor selfcheck --sample",
            err=True,
        )
        sys.exit(2)
    settings = sample.settings(os.environ, DATA_DIRECTORY)
    with World(settings, data_dir=DATA_DIRECTORY) as world:
        school = schools_of(world.settings.trust, [STAFF_SCHOOL])
        colleagues = [persona.viewer.name for persona in PERSONAS]
        draft = drafted(STAFF, school, STAFF_DETAILS, colleagues=colleagues)
        providers = by_privacy(world.settings.self_check)
        for provider in providers:
            click.echo(f"{provider.name}: {learns(provider)}", err=True)
        asked = Round(draft.person, providers, world.settings.self_check.searches_a_run)
        checked = check(
            asked,
            ask=partial(_ask, Fetcher(world.settings.fetch)),
            grant=lambda _, wanted: wanted,
            assess=assessing(build(world.settings.trust, world.settings.policy)),
            withheld=frozenset(),
            today=utc_now().astimezone(LONDON).date(),
        )
    click.echo(f"Public results for {STAFF} (you, in the sample). Nothing of this is kept.")
    for line in report(checked):
        click.echo(line)


async def _ask(fetcher: Fetcher, source: Source, query: Query) -> Batch:
    return await polling.poll(source, query, Cursor(), fetcher=fetcher, now=utc_now())


def report(checked: Checked) -> Iterator[str]:
    yield f"\nAsked: {', '.join(checked.read) or 'nothing could be asked'}."
    for name, reason, _ in checked.troubles:
        yield f"Not measured: {name}: {reason} (silence there says nothing)"
    if not checked.items:
        yield "\nNothing public with your name was found there."
    number = 0
    for group in GROUPS:
        found = checked.of(group)
        if found:
            title, meaning = wording.GROUPS[group]
            yield f"\n{title.upper()} ({len(found)}). {meaning}"
        for item in found:
            number += 1
            yield from _result(number, item)
    yield "\nWhom to tell"
    yield from (f"- {line}" for line in (wording.DO_NOT_ANSWER, *wording.TELL))


def _result(number: int, item: Item) -> Iterator[str]:
    day = item.published_at.strftime("%-d %B %Y") if item.published_at else "date unknown"
    yield f"\n{number}. {item.title}\n   {', '.join(item.where)}, {day}\n   {item.url}"
    yield f"   {wording.why(item.because, item.against)}"
    for finding in item.findings if item.group != "else" else ():
        advice = wording.ADVICE[finding.kind]
        yield f"   {advice.title} (policy {', '.join(advice.clauses)}): {advice.do[0]}"
