"""`monitor selfcheck`: staff check their own online presence, in the terminal (policy 6.15)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial

import click

from classifiers.pipeline import build
from config.settings import Source
from connectors import polling
from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, Query
from monitor import sample
from monitor.commands.options import DATA_DIRECTORY
from monitor.sample.personas import STAFF
from monitor.sample.world import World
from monitor.selfcheck import ADVICE, Found, SelfCheck, check
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
        sources = [source for source in world.settings.sources if source.self_check]
        checked = check(
            STAFF,
            sources,
            ask=partial(_ask, Fetcher(world.settings.fetch)),
            classifier=build(world.settings.trust, world.settings.policy),
        )
    click.echo(f"Public results for {STAFF.name} (you, in the sample). Nothing of this is kept.")
    for line in _report(checked):
        click.echo(line)


async def _ask(fetcher: Fetcher, source: Source, query: Query) -> Batch:
    return await polling.poll(source, query, Cursor(), fetcher=fetcher, now=utc_now())


def _report(checked: SelfCheck) -> Iterator[str]:
    yield f"\nAsked: {', '.join(checked.read) or 'nothing could be asked'}."
    for name, reason in checked.not_measured:
        yield f"Not measured: {name}: {reason} (silence there says nothing)"
    if not checked.found:
        yield "\nNothing public with your name was found there."
    for number, found in enumerate(checked.found, 1):
        yield from _result(number, found)
    yield "\nWhat to do with what you find"
    yield from (f"- {line}" for line in ADVICE)


def _result(number: int, found: Found) -> Iterator[str]:
    day = found.published_at.strftime("%-d %B %Y") if found.published_at else "date unknown"
    yield f"\n{number}. {found.title}\n   {found.where}, {day}\n   {found.url}"
    if found.because:
        yield f"   Probably you: it names {', '.join(found.because)}."
    else:
        yield "   Perhaps a namesake: nothing but the name points to you."
    if found.flags:
        yield f"   Worth reading first: may be {', '.join(found.flags).replace('_', ' ')}."
